import type { DatabaseSync } from 'node:sqlite';
import { makeBookRepository } from '../repositories/book.ts';
import { makeMemberRepository } from '../repositories/member.ts';
import { makeReviewRepository } from '../repositories/review.ts';

export type Repositories = ReturnType<typeof makeRepositories>;

/** All repositories. */
export function makeRepositories(database: DatabaseSync) {
  return {
    members: makeMemberRepository(database),
    books: makeBookRepository(database),
    reviews: makeReviewRepository(database),
  };
}
