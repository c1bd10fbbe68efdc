import type { DatabaseSync } from 'node:sqlite';
import { makeTable } from '../database/table.ts';
import type { Review } from '../schemas/review.ts';

/** Reads and writes of the table reviews. */
export function makeReviewRepository(database: DatabaseSync) {
  return makeTable<Review>(database, {
    name: 'reviews',
    label: 'Review',
    columns: {
      id: { name: 'id' },
      stars: { name: 'stars' },
      memberId: { name: 'member_id' },
      bookId: { name: 'book_id' },
      createdAt: { name: 'created_at' },
      updatedAt: { name: 'updated_at' },
    },
  });
}
