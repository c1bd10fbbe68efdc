import type { DatabaseSync } from 'node:sqlite';
import { makeTodoRepository } from '../repositories/todo.ts';

export type Repositories = ReturnType<typeof makeRepositories>;

/** All repositories. */
export function makeRepositories(database: DatabaseSync) {
  return {
    todos: makeTodoRepository(database),
  };
}
