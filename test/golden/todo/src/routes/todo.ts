import type { Context } from '../context.ts';
import { notFound } from '../errors.ts';
import type { App } from '../http/app-type.ts';
import { errorResponses } from '../http/error-handling.ts';
import { NoContent } from '../http/no-content.ts';
import { IdParams } from '../http/params.ts';
import { Todo, TodoBody, TodoPage, TodoPatch, TodoQuery } from '../schemas/todo.ts';

/** Todos: the requests under /todos. */
export function todoRoutes(app: App, { repositories }: Context): void {
  app.get(
    '/todos',
    {
      schema: {
        operationId: 'listTodos',
        tags: ['Todos'],
        summary: 'List Todos',
        querystring: TodoQuery,
        response: { 200: TodoPage, ...errorResponses(400) },
      },
    },
    async (request) => {
      const { limit, offset, sort, order, q, ...where } = request.query;
      return repositories.todos.page({ limit, offset, sort, order, where, search: q });
    },
  );

  app.post(
    '/todos',
    {
      schema: {
        operationId: 'createTodo',
        tags: ['Todos'],
        summary: 'Create Todo',
        body: TodoBody,
        response: { 201: Todo, ...errorResponses(400) },
      },
    },
    async (request, reply) => {
      const created = repositories.todos.insert(request.body);
      return reply.code(201).header('location', `/todos/${created.id}`).send(created);
    },
  );

  app.get(
    '/todos/:id',
    {
      schema: {
        operationId: 'getTodo',
        tags: ['Todos'],
        summary: 'Read Todo',
        params: IdParams,
        response: { 200: Todo, ...errorResponses(400, 404) },
      },
    },
    async (request) => {
      const found = repositories.todos.find(request.params.id);
      if (!found) throw notFound('Todo');
      return found;
    },
  );

  app.put(
    '/todos/:id',
    {
      schema: {
        operationId: 'replaceTodo',
        tags: ['Todos'],
        summary: 'Replace Todo',
        params: IdParams,
        body: TodoBody,
        response: { 200: Todo, ...errorResponses(400, 404) },
      },
    },
    async (request) => {
      const changed = repositories.todos.update(request.params.id, request.body);
      if (!changed) throw notFound('Todo');
      return changed;
    },
  );

  app.patch(
    '/todos/:id',
    {
      schema: {
        operationId: 'updateTodo',
        tags: ['Todos'],
        summary: 'Change Todo',
        params: IdParams,
        body: TodoPatch,
        response: { 200: Todo, ...errorResponses(400, 404) },
      },
    },
    async (request) => {
      const changed = repositories.todos.update(request.params.id, request.body);
      if (!changed) throw notFound('Todo');
      return changed;
    },
  );

  app.delete(
    '/todos/:id',
    {
      schema: {
        operationId: 'deleteTodo',
        tags: ['Todos'],
        summary: 'Delete Todo',
        params: IdParams,
        response: { 204: NoContent, ...errorResponses(400, 404) },
      },
    },
    async (request, reply) => {
      const removed = repositories.todos.remove(request.params.id);
      if (!removed) throw notFound('Todo');
      return reply.code(204).send();
    },
  );
}
