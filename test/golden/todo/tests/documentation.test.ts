import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startServer } from './support/server.ts';

const operations = [
  ['GET /health', 'checkHealth'],
  ['GET /ready', 'checkReady'],
  ['GET /todos', 'listTodos'],
  ['POST /todos', 'createTodo'],
  ['GET /todos/{id}', 'getTodo'],
  ['PUT /todos/{id}', 'replaceTodo'],
  ['PATCH /todos/{id}', 'updateTodo'],
  ['DELETE /todos/{id}', 'deleteTodo'],
];

describe('the documentation', () => {
  it('describes every operation, and no other', async () => {
    await using server = await startServer();
    const response = await server.app.inject('/docs/json');
    assert.equal(response.statusCode, 200);
    const document = response.json();
    assert.match(document.openapi, /^3\.1\./);
    const described = Object.entries<Record<string, { operationId: string }>>(
      document.paths,
    ).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { operationId }]) => [
        `${method.toUpperCase()} ${path}`,
        operationId,
      ]),
    );
    assert.deepEqual(described.toSorted(), operations.toSorted());
  });

  it('has a page to try it', async () => {
    await using server = await startServer();
    const response = await server.app.inject('/docs');
    assert.equal(response.statusCode, 200);
    assert.match(String(response.headers['content-type']), /text\/html/);
  });
});
