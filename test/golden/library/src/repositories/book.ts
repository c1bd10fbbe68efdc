import type { DatabaseSync } from 'node:sqlite';
import { makeTable } from '../database/table.ts';
import type { Book } from '../schemas/book.ts';

/** Reads and writes of the table books. */
export function makeBookRepository(database: DatabaseSync) {
  return makeTable<Book>(database, {
    name: 'books',
    label: 'Book',
    columns: {
      id: { name: 'id' },
      title: { name: 'title', isSearchable: true },
      isbn: { name: 'isbn', isSearchable: true },
      createdAt: { name: 'created_at' },
      updatedAt: { name: 'updated_at' },
    },
  });
}
