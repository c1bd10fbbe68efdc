import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { insertReviewRow, reviewBody } from '../support/fixtures.ts';
import { startServer } from '../support/server.ts';

describe('GET /reviews', () => {
  it('returns pages in creation order', async () => {
    await using server = await startServer();
    const rows = [
      insertReviewRow(server, { memberId: server.me.id }),
      insertReviewRow(server, { memberId: server.me.id }),
      insertReviewRow(server, { memberId: server.me.id }),
    ];
    const first = await server.send('GET', '/reviews?limit=2');
    assert.equal(first.statusCode, 200);
    assert.deepEqual(first.json(), {
      data: rows.slice(0, 2),
      pagination: { total: rows.length, limit: 2, offset: 0 },
    });
    const second = await server.send('GET', '/reviews?limit=2&offset=2');
    assert.deepEqual(second.json().data, rows.slice(2, 4));
  });

  it('sorts by stars, both ways', async () => {
    await using server = await startServer();
    const high = insertReviewRow(server, { memberId: server.me.id, stars: 2 });
    const low = insertReviewRow(server, { memberId: server.me.id, stars: 1 });
    const up = await server.send('GET', '/reviews?sort=stars');
    assert.deepEqual(up.json().data, [low, high]);
    const down = await server.send('GET', '/reviews?sort=stars&order=desc');
    assert.deepEqual(down.json().data, [high, low]);
  });

  it('finds by stars', async () => {
    await using server = await startServer();
    const wanted = insertReviewRow(server, { memberId: server.me.id, stars: 1 });
    insertReviewRow(server, { memberId: server.me.id, stars: 2 });
    const response = await server.send(
      'GET',
      `/reviews?stars=${encodeURIComponent(String(wanted.stars))}`,
    );
    assert.equal(response.statusCode, 200);
    assert.deepEqual(response.json().data, [wanted]);
  });

  it('finds by memberId', async () => {
    await using server = await startServer();
    const wanted = insertReviewRow(server, { memberId: server.me.id });
    insertReviewRow(server, { memberId: server.signUp().account.id });
    const response = await server.send(
      'GET',
      `/reviews?memberId=${encodeURIComponent(server.me.id)}`,
    );
    assert.equal(response.statusCode, 200);
    assert.deepEqual(response.json().data, [wanted]);
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
      const response = await server.send('GET', `/reviews?${query}`);
      assert.equal(response.statusCode, 400, query);
      assert.equal(response.json().error.details[0].in, 'query');
    }
  });
});

describe('POST /reviews', () => {
  it('creates a row and says where it is', async () => {
    await using server = await startServer();
    const body = reviewBody(server);
    const response = await server.send('POST', '/reviews', body);
    assert.equal(response.statusCode, 201);
    const created = response.json();
    assert.equal(response.headers.location, `/reviews/${created.id}`);
    assert.deepEqual(created, {
      ...body,
      memberId: server.me.id,
      id: created.id,
      createdAt: created.createdAt,
      updatedAt: created.createdAt,
    });
    assert.deepEqual({ ...server.repositories.reviews.find(created.id) }, created);
  });

  it('needs every required property', async () => {
    await using server = await startServer();
    const body = reviewBody(server);
    for (const property of ['stars', 'bookId']) {
      const response = await server.send('POST', '/reviews', { ...body, [property]: undefined });
      assert.equal(response.statusCode, 400, property);
      assert.equal(response.json().error.details[0].path, property);
    }
  });

  it('rejects invalid values and unknown properties', async () => {
    await using server = await startServer();
    const body = reviewBody(server);
    const wrong = { stars: 'many', bookId: 'not an id', unknownProperty: 1 };
    for (const [property, value] of Object.entries(wrong)) {
      const response = await server.send('POST', '/reviews', { ...body, [property]: value });
      assert.equal(response.statusCode, 400, property);
      assert.equal(response.json().error.details[0].path, property);
    }
  });

  it('rejects values outside their bounds', async () => {
    await using server = await startServer();
    const body = reviewBody(server);
    const outside = [
      ['stars', 1.5],
      ['stars', 0],
      ['stars', 6],
    ] as const;
    for (const [property, value] of outside) {
      const response = await server.send('POST', '/reviews', { ...body, [property]: value });
      assert.equal(response.statusCode, 400, `${property}: ${value}`);
      assert.equal(response.json().error.details[0].path, property);
    }
  });

  it('refuses a bookId that does not exist', async () => {
    await using server = await startServer();
    const body = { ...reviewBody(server), bookId: '00000000-0000-4000-8000-000000000000' };
    const response = await server.send('POST', '/reviews', body);
    assert.equal(response.statusCode, 422);
    assert.equal(response.json().error.details[0].path, 'bookId');
  });

  it('sets the owner from the token only', async () => {
    await using server = await startServer();
    const body = { ...reviewBody(server), memberId: server.signUp().account.id };
    const response = await server.send('POST', '/reviews', body);
    assert.equal(response.statusCode, 400);
    assert.equal(response.json().error.details[0].path, 'memberId');
  });

  it('returns 401 without a token', async () => {
    await using server = await startServer();
    const response = await server.send('POST', '/reviews', reviewBody(server), null);
    assert.equal(response.statusCode, 401);
    assert.equal(response.headers['www-authenticate'], 'Bearer');
  });
});

describe('GET /reviews/:id', () => {
  it('returns the row', async () => {
    await using server = await startServer();
    const row = insertReviewRow(server, { memberId: server.me.id });
    const response = await server.send('GET', `/reviews/${row.id}`);
    assert.equal(response.statusCode, 200);
    assert.deepEqual(response.json(), row);
  });

  it('returns 404 if the row does not exist', async () => {
    await using server = await startServer();
    const response = await server.send('GET', '/reviews/00000000-0000-4000-8000-000000000000');
    assert.equal(response.statusCode, 404);
    assert.equal(response.json().error.code, 'not_found');
  });

  it('rejects an invalid id', async () => {
    await using server = await startServer();
    const response = await server.send('GET', '/reviews/1');
    assert.equal(response.statusCode, 400);
    assert.equal(response.json().error.details[0].in, 'path');
  });
});

describe('PUT /reviews/:id', () => {
  it('replaces the whole row', async () => {
    await using server = await startServer();
    const row = insertReviewRow(server, { memberId: server.me.id });
    const body = reviewBody(server, { stars: 5 });
    const response = await server.send('PUT', `/reviews/${row.id}`, body);
    assert.equal(response.statusCode, 200);
    const { updatedAt, ...replaced } = response.json();
    const { updatedAt: before, ...kept } = row;
    assert.deepEqual(replaced, { ...kept, ...body });
    assert.ok(updatedAt >= before);
    assert.deepEqual({ ...server.repositories.reviews.find(row.id) }, response.json());
  });

  it('needs every required property', async () => {
    await using server = await startServer();
    const row = insertReviewRow(server, { memberId: server.me.id });
    const body = { ...reviewBody(server), stars: undefined };
    const response = await server.send('PUT', `/reviews/${row.id}`, body);
    assert.equal(response.statusCode, 400);
    assert.equal(response.json().error.details[0].path, 'stars');
  });

  it('returns 404 if the row does not exist', async () => {
    await using server = await startServer();
    const response = await server.send(
      'PUT',
      '/reviews/00000000-0000-4000-8000-000000000000',
      reviewBody(server),
    );
    assert.equal(response.statusCode, 404);
    assert.equal(response.json().error.code, 'not_found');
  });

  it('allows only the owner', async () => {
    await using server = await startServer();
    const row = insertReviewRow(server, { memberId: server.me.id });
    const stranger = server.signUp();
    const body = reviewBody({ ...server, me: stranger.account });
    const response = await server.send('PUT', `/reviews/${row.id}`, body, stranger);
    assert.equal(response.statusCode, 403);
    assert.deepEqual({ ...server.repositories.reviews.find(row.id) }, { ...row });
  });

  it('returns 401 without a token', async () => {
    await using server = await startServer();
    const response = await server.send(
      'PUT',
      '/reviews/00000000-0000-4000-8000-000000000000',
      reviewBody(server),
      null,
    );
    assert.equal(response.statusCode, 401);
    assert.equal(response.headers['www-authenticate'], 'Bearer');
  });
});

describe('PATCH /reviews/:id', () => {
  it('changes only what it is given', async () => {
    await using server = await startServer();
    const row = insertReviewRow(server, { memberId: server.me.id });
    const body = { stars: 5 };
    const response = await server.send('PATCH', `/reviews/${row.id}`, body);
    assert.equal(response.statusCode, 200);
    const { updatedAt, ...changed } = response.json();
    const { updatedAt: before, ...kept } = row;
    assert.deepEqual(changed, { ...kept, ...body });
    assert.ok(updatedAt >= before);
    assert.deepEqual({ ...server.repositories.reviews.find(row.id) }, response.json());
  });

  it('rejects an empty change', async () => {
    await using server = await startServer();
    const row = insertReviewRow(server, { memberId: server.me.id });
    const response = await server.send('PATCH', `/reviews/${row.id}`, {});
    assert.equal(response.statusCode, 400);
  });

  it('rejects invalid values and unknown properties', async () => {
    await using server = await startServer();
    const row = insertReviewRow(server, { memberId: server.me.id });
    const body = reviewBody(server);
    const wrong = { stars: 'many', bookId: 'not an id', unknownProperty: 1 };
    for (const [property, value] of Object.entries(wrong)) {
      const response = await server.send('PATCH', `/reviews/${row.id}`, {
        ...body,
        [property]: value,
      });
      assert.equal(response.statusCode, 400, property);
      assert.equal(response.json().error.details[0].path, property);
    }
  });

  it('refuses a bookId that does not exist', async () => {
    await using server = await startServer();
    const row = insertReviewRow(server, { memberId: server.me.id });
    const response = await server.send('PATCH', `/reviews/${row.id}`, {
      bookId: '00000000-0000-4000-8000-000000000000',
    });
    assert.equal(response.statusCode, 422);
    assert.equal(response.json().error.details[0].path, 'bookId');
  });

  it('returns 404 if the row does not exist', async () => {
    await using server = await startServer();
    const response = await server.send('PATCH', '/reviews/00000000-0000-4000-8000-000000000000', {
      stars: 5,
    });
    assert.equal(response.statusCode, 404);
    assert.equal(response.json().error.code, 'not_found');
  });

  it('allows only the owner', async () => {
    await using server = await startServer();
    const row = insertReviewRow(server, { memberId: server.me.id });
    const stranger = server.signUp();
    const body = { stars: 5 };
    const response = await server.send('PATCH', `/reviews/${row.id}`, body, stranger);
    assert.equal(response.statusCode, 403);
    assert.deepEqual({ ...server.repositories.reviews.find(row.id) }, { ...row });
  });

  it('returns 401 without a token', async () => {
    await using server = await startServer();
    const response = await server.send(
      'PATCH',
      '/reviews/00000000-0000-4000-8000-000000000000',
      { stars: 5 },
      null,
    );
    assert.equal(response.statusCode, 401);
    assert.equal(response.headers['www-authenticate'], 'Bearer');
  });
});

describe('DELETE /reviews/:id', () => {
  it('deletes the row, once', async () => {
    await using server = await startServer();
    const row = insertReviewRow(server, { memberId: server.me.id });
    const response = await server.send('DELETE', `/reviews/${row.id}`);
    assert.equal(response.statusCode, 204);
    assert.equal(server.repositories.reviews.find(row.id), undefined);
    const again = await server.send('DELETE', `/reviews/${row.id}`);
    assert.equal(again.statusCode, 404);
  });

  it('returns 404 if the row does not exist', async () => {
    await using server = await startServer();
    const response = await server.send('DELETE', '/reviews/00000000-0000-4000-8000-000000000000');
    assert.equal(response.statusCode, 404);
    assert.equal(response.json().error.code, 'not_found');
  });

  it('allows only the owner', async () => {
    await using server = await startServer();
    const row = insertReviewRow(server, { memberId: server.me.id });
    const stranger = server.signUp();
    const response = await server.send('DELETE', `/reviews/${row.id}`, undefined, stranger);
    assert.equal(response.statusCode, 403);
    assert.deepEqual({ ...server.repositories.reviews.find(row.id) }, { ...row });
  });

  it('returns 401 without a token', async () => {
    await using server = await startServer();
    const response = await server.send(
      'DELETE',
      '/reviews/00000000-0000-4000-8000-000000000000',
      undefined,
      null,
    );
    assert.equal(response.statusCode, 401);
    assert.equal(response.headers['www-authenticate'], 'Bearer');
  });
});
