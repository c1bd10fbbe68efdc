import type { DatabaseSync } from 'node:sqlite';
import { makeRepositories } from './repositories.ts';
import { inTransaction } from './transaction.ts';

type Table<Values> = {
  find(id: string): unknown;
  insert(values: Values, id: string): unknown;
};

/** Inserts the missing rows and returns how many. */
export function insertSeeds(database: DatabaseSync): number {
  const repositories = makeRepositories(database);

  let inserted = 0;

  function add<Values>(table: Table<Values>, id: string, values: NoInfer<Values>): boolean {
    if (table.find(id)) return false;
    table.insert(values, id);
    inserted += 1;
    return true;
  }

  inTransaction(database, () => {
    // Books
    add(repositories.books, '7637eed3-6b5a-41da-9ef7-da7a06bf19a8', {
      title: 'Kindred',
      isbn: null,
    });
  });
  return inserted;
}
