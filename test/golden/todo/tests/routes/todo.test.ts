import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { insertTodoRow, todoBody } from '../support/fixtures.ts';
import { startServer } from '../support/server.ts';

describe('GET /todos', () => {
  it('returns pages in creation order', async () => {
    await using server = await startServer();
    const rows = [insertTodoRow(server), insertTodoRow(server), insertTodoRow(server)];
    const first = await server.send('GET', '/todos?limit=2');
    assert.equal(first.statusCode, 200);
    assert.deepEqual(first.json(), {
      data: rows.slice(0, 2),
      pagination: { total: rows.length, limit: 2, offset: 0 },
    });
    const second = await server.send('GET', '/todos?limit=2&offset=2');
    assert.deepEqual(second.json().data, rows.slice(2, 4));
  });

  it('sorts by title, both ways', async () => {
    await using server = await startServer();
    const high = insertTodoRow(server, { title: 'b' });
    const low = insertTodoRow(server, { title: 'a' });
    const up = await server.send('GET', '/todos?sort=title');
    assert.deepEqual(up.json().data, [low, high]);
    const down = await server.send('GET', '/todos?sort=title&order=desc');
    assert.deepEqual(down.json().data, [high, low]);
  });

  it('finds by title', async () => {
    await using server = await startServer();
    const wanted = insertTodoRow(server, { title: 'a' });
    insertTodoRow(server, { title: 'b' });
    const response = await server.send(
      'GET',
      `/todos?title=${encodeURIComponent(String(wanted.title))}`,
    );
    assert.equal(response.statusCode, 200);
    assert.deepEqual(response.json().data, [wanted]);
  });

  it('finds by done', async () => {
    await using server = await startServer();
    const wanted = insertTodoRow(server, { done: true });
    insertTodoRow(server, { done: false });
    const response = await server.send(
      'GET',
      `/todos?done=${encodeURIComponent(String(wanted.done))}`,
    );
    assert.equal(response.statusCode, 200);
    assert.deepEqual(response.json().data, [wanted]);
  });

  it('finds text, taken literally', async () => {
    await using server = await startServer();
    const wanted = insertTodoRow(server, { title: '100% Zebra_x' });
    insertTodoRow(server, { title: '1000 Zebraax' });
    const response = await server.send('GET', `/todos?q=${encodeURIComponent('0% zebra_')}`);
    assert.equal(response.statusCode, 200);
    assert.deepEqual(response.json().data, [wanted]);
    const byId = await server.send('GET', `/todos?q=${wanted.id}`);
    assert.deepEqual(byId.json().data, []);
  });

  it('rejects an invalid page or order', async () => {
    await using server = await startServer();
    for (const query of [
      'limit=0',
      'limit=101',
      'offset=-1',
      'sort=nothing',
      'order=up',
      'unknown=1',
    ]) {
      const response = await server.send('GET', `/todos?${query}`);
      assert.equal(response.statusCode, 400, query);
      assert.equal(response.json().error.details[0].in, 'query');
    }
  });
});

describe('POST /todos', () => {
  it('creates a row and says where it is', async () => {
    await using server = await startServer();
    const body = todoBody(server);
    const response = await server.send('POST', '/todos', body);
    assert.equal(response.statusCode, 201);
    const created = response.json();
    assert.equal(response.headers.location, `/todos/${created.id}`);
    assert.deepEqual(created, {
      ...body,
      id: created.id,
      createdAt: created.createdAt,
      updatedAt: created.createdAt,
    });
    assert.deepEqual({ ...server.repositories.todos.find(created.id) }, created);
  });

  it('needs every required property', async () => {
    await using server = await startServer();
    const body = todoBody(server);
    for (const property of ['title']) {
      const response = await server.send('POST', '/todos', { ...body, [property]: undefined });
      assert.equal(response.statusCode, 400, property);
      assert.equal(response.json().error.details[0].path, property);
    }
  });

  it('fills in what may be left out', async () => {
    await using server = await startServer();
    const body = { ...todoBody(server), done: undefined };
    const response = await server.send('POST', '/todos', body);
    assert.equal(response.statusCode, 201);
    const { done: doneAnswered } = response.json();
    assert.deepEqual({ done: doneAnswered }, { done: false });
  });

  it('rejects invalid values and unknown properties', async () => {
    await using server = await startServer();
    const body = todoBody(server);
    const wrong = { title: 42, done: 'perhaps', unknownProperty: 1 };
    for (const [property, value] of Object.entries(wrong)) {
      const response = await server.send('POST', '/todos', { ...body, [property]: value });
      assert.equal(response.statusCode, 400, property);
      assert.equal(response.json().error.details[0].path, property);
    }
  });

  it('rejects values outside their bounds', async () => {
    await using server = await startServer();
    const body = todoBody(server);
    const outside = [
      ['title', 'x'.repeat(201)],
      ['title', ''],
      ['title', '  '],
    ] as const;
    for (const [property, value] of outside) {
      const response = await server.send('POST', '/todos', { ...body, [property]: value });
      assert.equal(response.statusCode, 400, `${property}: ${value}`);
      assert.equal(response.json().error.details[0].path, property);
    }
  });
});

describe('GET /todos/:id', () => {
  it('returns the row', async () => {
    await using server = await startServer();
    const row = insertTodoRow(server);
    const response = await server.send('GET', `/todos/${row.id}`);
    assert.equal(response.statusCode, 200);
    assert.deepEqual(response.json(), row);
  });

  it('returns 404 if the row does not exist', async () => {
    await using server = await startServer();
    const response = await server.send('GET', '/todos/00000000-0000-4000-8000-000000000000');
    assert.equal(response.statusCode, 404);
    assert.equal(response.json().error.code, 'not_found');
  });

  it('rejects an invalid id', async () => {
    await using server = await startServer();
    const response = await server.send('GET', '/todos/1');
    assert.equal(response.statusCode, 400);
    assert.equal(response.json().error.details[0].in, 'path');
  });
});

describe('PUT /todos/:id', () => {
  it('replaces the whole row', async () => {
    await using server = await startServer();
    const row = insertTodoRow(server);
    const body = todoBody(server, { title: 'Call the dentist', done: true });
    const response = await server.send('PUT', `/todos/${row.id}`, body);
    assert.equal(response.statusCode, 200);
    const { updatedAt, ...replaced } = response.json();
    const { updatedAt: before, ...kept } = row;
    assert.deepEqual(replaced, { ...kept, ...body });
    assert.ok(updatedAt >= before);
    assert.deepEqual({ ...server.repositories.todos.find(row.id) }, response.json());
  });

  it('needs every required property', async () => {
    await using server = await startServer();
    const row = insertTodoRow(server);
    const body = { ...todoBody(server), title: undefined };
    const response = await server.send('PUT', `/todos/${row.id}`, body);
    assert.equal(response.statusCode, 400);
    assert.equal(response.json().error.details[0].path, 'title');
  });

  it('returns 404 if the row does not exist', async () => {
    await using server = await startServer();
    const response = await server.send(
      'PUT',
      '/todos/00000000-0000-4000-8000-000000000000',
      todoBody(server),
    );
    assert.equal(response.statusCode, 404);
    assert.equal(response.json().error.code, 'not_found');
  });
});

describe('PATCH /todos/:id', () => {
  it('changes only what it is given', async () => {
    await using server = await startServer();
    const row = insertTodoRow(server);
    const body = { title: 'Call the dentist' };
    const response = await server.send('PATCH', `/todos/${row.id}`, body);
    assert.equal(response.statusCode, 200);
    const { updatedAt, ...changed } = response.json();
    const { updatedAt: before, ...kept } = row;
    assert.deepEqual(changed, { ...kept, ...body });
    assert.ok(updatedAt >= before);
    assert.deepEqual({ ...server.repositories.todos.find(row.id) }, response.json());
  });

  it('rejects an empty change', async () => {
    await using server = await startServer();
    const row = insertTodoRow(server);
    const response = await server.send('PATCH', `/todos/${row.id}`, {});
    assert.equal(response.statusCode, 400);
  });

  it('rejects invalid values and unknown properties', async () => {
    await using server = await startServer();
    const row = insertTodoRow(server);
    const body = todoBody(server);
    const wrong = { title: 42, done: 'perhaps', unknownProperty: 1 };
    for (const [property, value] of Object.entries(wrong)) {
      const response = await server.send('PATCH', `/todos/${row.id}`, {
        ...body,
        [property]: value,
      });
      assert.equal(response.statusCode, 400, property);
      assert.equal(response.json().error.details[0].path, property);
    }
  });

  it('refuses a blank title', async () => {
    await using server = await startServer();
    const row = insertTodoRow(server);
    for (const blank of ['', ' ']) {
      const response = await server.send('PATCH', `/todos/${row.id}`, { title: blank });
      assert.equal(response.statusCode, 400);
      assert.equal(response.json().error.details[0].path, 'title');
    }
  });

  it('returns 404 if the row does not exist', async () => {
    await using server = await startServer();
    const response = await server.send('PATCH', '/todos/00000000-0000-4000-8000-000000000000', {
      title: 'Call the dentist',
    });
    assert.equal(response.statusCode, 404);
    assert.equal(response.json().error.code, 'not_found');
  });
});

describe('DELETE /todos/:id', () => {
  it('deletes the row, once', async () => {
    await using server = await startServer();
    const row = insertTodoRow(server);
    const response = await server.send('DELETE', `/todos/${row.id}`);
    assert.equal(response.statusCode, 204);
    assert.equal(server.repositories.todos.find(row.id), undefined);
    const again = await server.send('DELETE', `/todos/${row.id}`);
    assert.equal(again.statusCode, 404);
  });

  it('returns 404 if the row does not exist', async () => {
    await using server = await startServer();
    const response = await server.send('DELETE', '/todos/00000000-0000-4000-8000-000000000000');
    assert.equal(response.statusCode, 404);
    assert.equal(response.json().error.code, 'not_found');
  });
});
