import type { Repositories } from '../../src/database/repositories.ts';
import type { Todo, TodoBody } from '../../src/schemas/todo.ts';

/** What the rows go into. */
type Target = { repositories: Repositories; nextNumber: (key: keyof Repositories) => number };

/** A valid body: Todo. */
export function todoBody(_target: Target, given: Partial<TodoBody> = {}): TodoBody {
  return { title: 'Buy oat milk', done: false, ...given };
}

export const insertTodoRow = (target: Target, given: Partial<TodoBody> = {}): Todo =>
  target.repositories.todos.insert(todoBody(target, { done: false, ...given }));
