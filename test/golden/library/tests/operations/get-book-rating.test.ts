import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { insertBookRow, insertMemberRow, insertReviewRow } from '../support/fixtures.ts';
import { watchRows } from '../support/rows.ts';
import { startServer } from '../support/server.ts';

describe('GET /books/:id/rating', () => {
  it('two reviews are averaged', { timeout: 5_000 }, async () => {
    await using server = await startServer();
    const bookRow = insertBookRow(server);
    const adaRow = insertMemberRow(server);
    const alanRow = insertMemberRow(server);
    insertReviewRow(server, { stars: 5, bookId: bookRow.id, memberId: adaRow.id });
    insertReviewRow(server, { stars: 2, bookId: bookRow.id, memberId: alanRow.id });
    const rows = watchRows(server);
    const response = await server.send(
      'GET',
      `/books/${encodeURIComponent(String(bookRow.id))}/rating`,
    );
    server.expectStatus(response, 200);
    assert.partialDeepStrictEqual(response.json(), { average: 3.5 });
    rows.expectUnchanged();
  });

  it('a book without reviews has no average', { timeout: 5_000 }, async () => {
    await using server = await startServer();
    const bookRow = insertBookRow(server);
    const rows = watchRows(server);
    const response = await server.send(
      'GET',
      `/books/${encodeURIComponent(String(bookRow.id))}/rating`,
    );
    server.expectStatus(response, 200);
    assert.partialDeepStrictEqual(response.json(), { average: null });
    rows.expectUnchanged();
  });

  it('a book that does not exist is not found', { timeout: 5_000 }, async () => {
    await using server = await startServer();
    const rows = watchRows(server);
    const response = await server.send('GET', `/books/00000000-0000-4000-8000-000000000000/rating`);
    server.expectStatus(response, 404);
    assert.equal(response.json().error.code, 'not_found');
    rows.expectUnchanged();
  });

  it('responds to any valid request, even if with an error', { timeout: 5_000 }, async () => {
    await using server = await startServer();
    const response = await server.send('GET', '/books/00000000-0000-4000-8000-000000000000/rating');
    if (response.statusCode >= 500) server.expectStatus(response, 200);
  });

  it('rejects invalid parameters', { timeout: 5_000 }, async () => {
    await using server = await startServer();
    const refused = [['id is no uuid', '/books/none%20of%20these/rating']] as const;
    for (const [what, url] of refused) {
      const response = await server.send('GET', url);
      assert.equal(response.statusCode, 400, what);
    }
  });
});
