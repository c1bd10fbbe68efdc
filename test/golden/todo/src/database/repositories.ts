import type { DatabaseSync } from 'node:sqlite';
import { makeTodoRepository } from '../repositories/todo.ts';

export type Repositories = ReturnType<typeof makeRepositories>;

/** Everything that the routes can read and write. */
export function makeRepositories(database: DatabaseSync) {
  return {
    todos: makeTodoRepository(database),
  };
}
