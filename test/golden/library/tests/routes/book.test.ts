import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bookBody, insertBookRow, insertReviewRow } from '../support/fixtures.ts';
import { startServer } from '../support/server.ts';

describe('GET /books', () => {
  it('returns pages in creation order', async () => {
    await using server = await startServer();
    const rows = [insertBookRow(server), insertBookRow(server), insertBookRow(server)];
    const first = await server.send('GET', '/books?limit=2');
    assert.equal(first.statusCode, 200);
    assert.deepEqual(first.json(), {
      data: rows.slice(0, 2),
      pagination: { total: rows.length, limit: 2, offset: 0 },
    });
    const second = await server.send('GET', '/books?limit=2&offset=2');
    assert.deepEqual(second.json().data, rows.slice(2, 4));
  });

  it('sorts by title, both ways', async () => {
    await using server = await startServer();
    const high = insertBookRow(server, { title: 'b' });
    const low = insertBookRow(server, { title: 'a' });
    const up = await server.send('GET', '/books?sort=title');
    assert.deepEqual(up.json().data, [low, high]);
    const down = await server.send('GET', '/books?sort=title&order=desc');
    assert.deepEqual(down.json().data, [high, low]);
  });

  it('finds by title', async () => {
    await using server = await startServer();
    const wanted = insertBookRow(server, { title: 'a' });
    insertBookRow(server, { title: 'b' });
    const response = await server.send(
      'GET',
      `/books?title=${encodeURIComponent(String(wanted.title))}`,
    );
    assert.equal(response.statusCode, 200);
    assert.deepEqual(response.json().data, [wanted]);
  });

  it('finds text, taken literally', async () => {
    await using server = await startServer();
    const wanted = insertBookRow(server, { title: '100% Zebra_x' });
    insertBookRow(server, { title: '1000 Zebraax' });
    const response = await server.send('GET', `/books?q=${encodeURIComponent('0% zebra_')}`);
    assert.equal(response.statusCode, 200);
    assert.deepEqual(response.json().data, [wanted]);
    const byId = await server.send('GET', `/books?q=${wanted.id}`);
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
      const response = await server.send('GET', `/books?${query}`);
      assert.equal(response.statusCode, 400, query);
      assert.equal(response.json().error.details[0].in, 'query');
    }
  });
});

describe('POST /books', () => {
  it('creates a row and says where it is', async () => {
    await using server = await startServer();
    const body = bookBody(server);
    const response = await server.send('POST', '/books', body);
    assert.equal(response.statusCode, 201);
    const created = response.json();
    assert.equal(response.headers.location, `/books/${created.id}`);
    assert.deepEqual(created, {
      ...body,
      id: created.id,
      createdAt: created.createdAt,
      updatedAt: created.createdAt,
    });
    assert.deepEqual({ ...server.repositories.books.find(created.id) }, created);
  });

  it('needs every required property', async () => {
    await using server = await startServer();
    const body = bookBody(server);
    for (const property of ['title']) {
      const response = await server.send('POST', '/books', { ...body, [property]: undefined });
      assert.equal(response.statusCode, 400, property);
      assert.equal(response.json().error.details[0].path, property);
    }
  });

  it('fills in what may be left out', async () => {
    await using server = await startServer();
    const body = { ...bookBody(server), isbn: undefined };
    const response = await server.send('POST', '/books', body);
    assert.equal(response.statusCode, 201);
    const { isbn: isbnAnswered } = response.json();
    assert.deepEqual({ isbn: isbnAnswered }, { isbn: null });
  });

  it('rejects invalid values and unknown properties', async () => {
    await using server = await startServer();
    const body = bookBody(server);
    const wrong = { title: 42, isbn: 42, unknownProperty: 1 };
    for (const [property, value] of Object.entries(wrong)) {
      const response = await server.send('POST', '/books', { ...body, [property]: value });
      assert.equal(response.statusCode, 400, property);
      assert.equal(response.json().error.details[0].path, property);
    }
  });

  it('rejects values outside their bounds', async () => {
    await using server = await startServer();
    const body = bookBody(server);
    const outside = [
      ['title', ''],
      ['title', '  '],
      ['isbn', 'x'.repeat(14)],
    ] as const;
    for (const [property, value] of outside) {
      const response = await server.send('POST', '/books', { ...body, [property]: value });
      assert.equal(response.statusCode, 400, `${property}: ${value}`);
      assert.equal(response.json().error.details[0].path, property);
    }
  });

  it('refuses a isbn that is taken', async () => {
    await using server = await startServer();
    const { isbn: taken } = insertBookRow(server, { isbn: '9780441478125' });
    const response = await server.send('POST', '/books', { ...bookBody(server), isbn: taken });
    assert.equal(response.statusCode, 409);
    assert.equal(response.json().error.details[0].path, 'isbn');
  });

  it('returns 401 without a token', async () => {
    await using server = await startServer();
    const response = await server.send('POST', '/books', bookBody(server), null);
    assert.equal(response.statusCode, 401);
    assert.equal(response.headers['www-authenticate'], 'Bearer');
  });
});

describe('GET /books/:id', () => {
  it('returns the row', async () => {
    await using server = await startServer();
    const row = insertBookRow(server);
    const response = await server.send('GET', `/books/${row.id}`);
    assert.equal(response.statusCode, 200);
    assert.deepEqual(response.json(), row);
  });

  it('returns 404 if the row does not exist', async () => {
    await using server = await startServer();
    const response = await server.send('GET', '/books/00000000-0000-4000-8000-000000000000');
    assert.equal(response.statusCode, 404);
    assert.equal(response.json().error.code, 'not_found');
  });

  it('rejects an invalid id', async () => {
    await using server = await startServer();
    const response = await server.send('GET', '/books/1');
    assert.equal(response.statusCode, 400);
    assert.equal(response.json().error.details[0].in, 'path');
  });
});

describe('PUT /books/:id', () => {
  it('replaces the whole row', async () => {
    await using server = await startServer();
    const row = insertBookRow(server);
    const body = bookBody(server, { title: 'Dune' });
    const response = await server.send('PUT', `/books/${row.id}`, body);
    assert.equal(response.statusCode, 200);
    const { updatedAt, ...replaced } = response.json();
    const { updatedAt: before, ...kept } = row;
    assert.deepEqual(replaced, { ...kept, ...body });
    assert.ok(updatedAt >= before);
    assert.deepEqual({ ...server.repositories.books.find(row.id) }, response.json());
  });

  it('needs every required property', async () => {
    await using server = await startServer();
    const row = insertBookRow(server);
    const body = { ...bookBody(server), title: undefined };
    const response = await server.send('PUT', `/books/${row.id}`, body);
    assert.equal(response.statusCode, 400);
    assert.equal(response.json().error.details[0].path, 'title');
  });

  it('returns 404 if the row does not exist', async () => {
    await using server = await startServer();
    const response = await server.send(
      'PUT',
      '/books/00000000-0000-4000-8000-000000000000',
      bookBody(server),
    );
    assert.equal(response.statusCode, 404);
    assert.equal(response.json().error.code, 'not_found');
  });

  it('returns 401 without a token', async () => {
    await using server = await startServer();
    const response = await server.send(
      'PUT',
      '/books/00000000-0000-4000-8000-000000000000',
      bookBody(server),
      null,
    );
    assert.equal(response.statusCode, 401);
    assert.equal(response.headers['www-authenticate'], 'Bearer');
  });
});

describe('PATCH /books/:id', () => {
  it('changes only what it is given', async () => {
    await using server = await startServer();
    const row = insertBookRow(server);
    const body = { title: 'Dune' };
    const response = await server.send('PATCH', `/books/${row.id}`, body);
    assert.equal(response.statusCode, 200);
    const { updatedAt, ...changed } = response.json();
    const { updatedAt: before, ...kept } = row;
    assert.deepEqual(changed, { ...kept, ...body });
    assert.ok(updatedAt >= before);
    assert.deepEqual({ ...server.repositories.books.find(row.id) }, response.json());
  });

  it('rejects an empty change', async () => {
    await using server = await startServer();
    const row = insertBookRow(server);
    const response = await server.send('PATCH', `/books/${row.id}`, {});
    assert.equal(response.statusCode, 400);
  });

  it('rejects invalid values and unknown properties', async () => {
    await using server = await startServer();
    const row = insertBookRow(server);
    const body = bookBody(server);
    const wrong = { title: 42, isbn: 42, unknownProperty: 1 };
    for (const [property, value] of Object.entries(wrong)) {
      const response = await server.send('PATCH', `/books/${row.id}`, {
        ...body,
        [property]: value,
      });
      assert.equal(response.statusCode, 400, property);
      assert.equal(response.json().error.details[0].path, property);
    }
  });

  it('refuses a blank title', async () => {
    await using server = await startServer();
    const row = insertBookRow(server);
    for (const blank of ['', ' ']) {
      const response = await server.send('PATCH', `/books/${row.id}`, { title: blank });
      assert.equal(response.statusCode, 400);
      assert.equal(response.json().error.details[0].path, 'title');
    }
  });

  it('returns 404 if the row does not exist', async () => {
    await using server = await startServer();
    const response = await server.send('PATCH', '/books/00000000-0000-4000-8000-000000000000', {
      title: 'Dune',
    });
    assert.equal(response.statusCode, 404);
    assert.equal(response.json().error.code, 'not_found');
  });

  it('returns 401 without a token', async () => {
    await using server = await startServer();
    const response = await server.send(
      'PATCH',
      '/books/00000000-0000-4000-8000-000000000000',
      { title: 'Dune' },
      null,
    );
    assert.equal(response.statusCode, 401);
    assert.equal(response.headers['www-authenticate'], 'Bearer');
  });
});

describe('DELETE /books/:id', () => {
  it('deletes the row, once', async () => {
    await using server = await startServer();
    const row = insertBookRow(server);
    const response = await server.send('DELETE', `/books/${row.id}`);
    assert.equal(response.statusCode, 204);
    assert.equal(server.repositories.books.find(row.id), undefined);
    const again = await server.send('DELETE', `/books/${row.id}`);
    assert.equal(again.statusCode, 404);
  });

  it('returns 404 if the row does not exist', async () => {
    await using server = await startServer();
    const response = await server.send('DELETE', '/books/00000000-0000-4000-8000-000000000000');
    assert.equal(response.statusCode, 404);
    assert.equal(response.json().error.code, 'not_found');
  });

  it('deletes its reviews (bookId) too', async () => {
    await using server = await startServer();
    const row = insertBookRow(server);
    const other = insertReviewRow(server, { bookId: row.id });
    const response = await server.send('DELETE', `/books/${row.id}`);
    assert.equal(response.statusCode, 204);
    assert.equal(server.repositories.reviews.find(other.id), undefined);
  });

  it('returns 401 without a token', async () => {
    await using server = await startServer();
    const response = await server.send(
      'DELETE',
      '/books/00000000-0000-4000-8000-000000000000',
      undefined,
      null,
    );
    assert.equal(response.statusCode, 401);
    assert.equal(response.headers['www-authenticate'], 'Bearer');
  });
});
