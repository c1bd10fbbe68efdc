import type { DatabaseSync } from 'node:sqlite';
import { makeTable } from '../database/table.ts';
import type { Todo } from '../schemas/todo.ts';

/** Reads and writes of the table todos. */
export function makeTodoRepository(database: DatabaseSync) {
  return makeTable<Todo>(database, {
    name: 'todos',
    label: 'Todo',
    columns: {
      id: { name: 'id' },
      title: { name: 'title', isSearchable: true },
      done: { name: 'done', isBoolean: true },
      createdAt: { name: 'created_at' },
      updatedAt: { name: 'updated_at' },
    },
  });
}
