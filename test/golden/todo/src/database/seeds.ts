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
    // Todos
    add(repositories.todos, 'e01a6afa-8444-45e5-b47a-079379136d6c', {
      title: 'Buy oat milk',
      done: false,
    });
    add(repositories.todos, '18784c94-a97d-4050-9b96-798fc56f1780', {
      title: 'Call the dentist',
      done: true,
    });
    add(repositories.todos, 'e992aea8-5495-461c-a507-a9d8eaa867c3', {
      title: 'Water the plants',
      done: false,
    });
  });
  return inserted;
}
