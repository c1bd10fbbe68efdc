import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { insertMemberRow, insertReviewRow, memberBody } from '../support/fixtures.ts';
import { startServer } from '../support/server.ts';

describe('GET /members', () => {
  it('returns pages in creation order', async () => {
    await using server = await startServer();
    const rows = [server.me, insertMemberRow(server), insertMemberRow(server)];
    const first = await server.send('GET', '/members?limit=2');
    assert.equal(first.statusCode, 200);
    assert.deepEqual(first.json(), {
      data: rows.slice(0, 2),
      pagination: { total: rows.length, limit: 2, offset: 0 },
    });
    const second = await server.send('GET', '/members?limit=2&offset=2');
    assert.deepEqual(second.json().data, rows.slice(2, 4));
  });

  it('sorts both ways', async () => {
    await using server = await startServer();
    const rows = [server.me, insertMemberRow(server), insertMemberRow(server)];
    const response = await server.send('GET', '/members?sort=createdAt&order=desc');
    assert.equal(response.statusCode, 200);
    assert.deepEqual(response.json().data, rows.toReversed());
  });

  it('finds by email', async () => {
    await using server = await startServer();
    const wanted = insertMemberRow(server, { email: 'a@example.com' });
    const response = await server.send(
      'GET',
      `/members?email=${encodeURIComponent(String(wanted.email))}`,
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
      const response = await server.send('GET', `/members?${query}`);
      assert.equal(response.statusCode, 400, query);
      assert.equal(response.json().error.details[0].in, 'query');
    }
  });

  it('returns 401 without a token', async () => {
    await using server = await startServer();
    const response = await server.send('GET', '/members', undefined, null);
    assert.equal(response.statusCode, 401);
    assert.equal(response.headers['www-authenticate'], 'Bearer');
  });
});

describe('GET /members/:id', () => {
  it('returns the row', async () => {
    await using server = await startServer();
    const row = insertMemberRow(server);
    const response = await server.send('GET', `/members/${row.id}`);
    assert.equal(response.statusCode, 200);
    assert.deepEqual(response.json(), row);
  });

  it('returns 404 if the row does not exist', async () => {
    await using server = await startServer();
    const response = await server.send('GET', '/members/00000000-0000-4000-8000-000000000000');
    assert.equal(response.statusCode, 404);
    assert.equal(response.json().error.code, 'not_found');
  });

  it('rejects an invalid id', async () => {
    await using server = await startServer();
    const response = await server.send('GET', '/members/1');
    assert.equal(response.statusCode, 400);
    assert.equal(response.json().error.details[0].in, 'path');
  });

  it('returns 401 without a token', async () => {
    await using server = await startServer();
    const response = await server.send(
      'GET',
      '/members/00000000-0000-4000-8000-000000000000',
      undefined,
      null,
    );
    assert.equal(response.statusCode, 401);
    assert.equal(response.headers['www-authenticate'], 'Bearer');
  });
});

describe('PUT /members/:id', () => {
  it('replaces the whole row', async () => {
    await using server = await startServer();
    const row = server.me;
    const body = memberBody(server);
    const response = await server.send('PUT', `/members/${row.id}`, body);
    assert.equal(response.statusCode, 200);
    const { updatedAt, ...replaced } = response.json();
    const { updatedAt: before, ...kept } = row;
    assert.deepEqual(replaced, { ...kept, ...body });
    assert.ok(updatedAt >= before);
    assert.deepEqual({ ...server.repositories.members.find(row.id) }, response.json());
  });

  it('needs every required property', async () => {
    await using server = await startServer();
    const row = server.me;
    const body = { ...memberBody(server), email: undefined };
    const response = await server.send('PUT', `/members/${row.id}`, body);
    assert.equal(response.statusCode, 400);
    assert.equal(response.json().error.details[0].path, 'email');
  });

  it('returns 404 if the row does not exist', async () => {
    await using server = await startServer();
    const response = await server.send(
      'PUT',
      '/members/00000000-0000-4000-8000-000000000000',
      memberBody(server),
    );
    assert.equal(response.statusCode, 404);
    assert.equal(response.json().error.code, 'not_found');
  });

  it('allows only the owner', async () => {
    await using server = await startServer();
    const row = server.me;
    const stranger = server.signUp();
    const body = memberBody({ ...server, me: stranger.account });
    const response = await server.send('PUT', `/members/${row.id}`, body, stranger);
    assert.equal(response.statusCode, 403);
    assert.deepEqual({ ...server.repositories.members.find(row.id) }, { ...row });
  });

  it('returns 401 without a token', async () => {
    await using server = await startServer();
    const response = await server.send(
      'PUT',
      '/members/00000000-0000-4000-8000-000000000000',
      memberBody(server),
      null,
    );
    assert.equal(response.statusCode, 401);
    assert.equal(response.headers['www-authenticate'], 'Bearer');
  });
});

describe('PATCH /members/:id', () => {
  it('changes only what it is given', async () => {
    await using server = await startServer();
    const row = server.me;
    const body = { email: memberBody(server).email };
    const response = await server.send('PATCH', `/members/${row.id}`, body);
    assert.equal(response.statusCode, 200);
    const { updatedAt, ...changed } = response.json();
    const { updatedAt: before, ...kept } = row;
    assert.deepEqual(changed, { ...kept, ...body });
    assert.ok(updatedAt >= before);
    assert.deepEqual({ ...server.repositories.members.find(row.id) }, response.json());
  });

  it('rejects an empty change', async () => {
    await using server = await startServer();
    const row = server.me;
    const response = await server.send('PATCH', `/members/${row.id}`, {});
    assert.equal(response.statusCode, 400);
  });

  it('rejects invalid values and unknown properties', async () => {
    await using server = await startServer();
    const row = server.me;
    const body = memberBody(server);
    const wrong = { email: 'not an address', unknownProperty: 1 };
    for (const [property, value] of Object.entries(wrong)) {
      const response = await server.send('PATCH', `/members/${row.id}`, {
        ...body,
        [property]: value,
      });
      assert.equal(response.statusCode, 400, property);
      assert.equal(response.json().error.details[0].path, property);
    }
  });

  it('refuses a email that is taken', async () => {
    await using server = await startServer();
    const row = server.me;
    const other = server.signUp().account;
    const response = await server.send('PATCH', `/members/${row.id}`, { email: other.email });
    assert.equal(response.statusCode, 409);
    assert.equal(response.json().error.details[0].path, 'email');
  });

  it('returns 404 if the row does not exist', async () => {
    await using server = await startServer();
    const response = await server.send('PATCH', '/members/00000000-0000-4000-8000-000000000000', {
      email: memberBody(server).email,
    });
    assert.equal(response.statusCode, 404);
    assert.equal(response.json().error.code, 'not_found');
  });

  it('allows only the owner', async () => {
    await using server = await startServer();
    const row = server.me;
    const stranger = server.signUp();
    const body = { email: memberBody({ ...server, me: stranger.account }).email };
    const response = await server.send('PATCH', `/members/${row.id}`, body, stranger);
    assert.equal(response.statusCode, 403);
    assert.deepEqual({ ...server.repositories.members.find(row.id) }, { ...row });
  });

  it('returns 401 without a token', async () => {
    await using server = await startServer();
    const response = await server.send(
      'PATCH',
      '/members/00000000-0000-4000-8000-000000000000',
      { email: memberBody(server).email },
      null,
    );
    assert.equal(response.statusCode, 401);
    assert.equal(response.headers['www-authenticate'], 'Bearer');
  });
});

describe('DELETE /members/:id', () => {
  it('deletes the row, once', async () => {
    await using server = await startServer();
    const row = server.me;
    const response = await server.send('DELETE', `/members/${row.id}`);
    assert.equal(response.statusCode, 204);
    assert.equal(server.repositories.members.find(row.id), undefined);
    const again = await server.send('DELETE', `/members/${row.id}`);
    assert.equal(again.statusCode, 401);
  });

  it('returns 404 if the row does not exist', async () => {
    await using server = await startServer();
    const response = await server.send('DELETE', '/members/00000000-0000-4000-8000-000000000000');
    assert.equal(response.statusCode, 404);
    assert.equal(response.json().error.code, 'not_found');
  });

  it('deletes its reviews (memberId) too', async () => {
    await using server = await startServer();
    const row = server.me;
    const other = insertReviewRow(server, { memberId: row.id });
    const response = await server.send('DELETE', `/members/${row.id}`);
    assert.equal(response.statusCode, 204);
    assert.equal(server.repositories.reviews.find(other.id), undefined);
  });

  it('allows only the owner', async () => {
    await using server = await startServer();
    const row = server.me;
    const stranger = server.signUp();
    const response = await server.send('DELETE', `/members/${row.id}`, undefined, stranger);
    assert.equal(response.statusCode, 403);
    assert.deepEqual({ ...server.repositories.members.find(row.id) }, { ...row });
  });

  it('returns 401 without a token', async () => {
    await using server = await startServer();
    const response = await server.send(
      'DELETE',
      '/members/00000000-0000-4000-8000-000000000000',
      undefined,
      null,
    );
    assert.equal(response.statusCode, 401);
    assert.equal(response.headers['www-authenticate'], 'Bearer');
  });
});
