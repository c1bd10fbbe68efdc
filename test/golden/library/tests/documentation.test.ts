import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startServer } from './support/server.ts';

const operations = [
  ['GET /health', 'checkHealth'],
  ['GET /ready', 'checkReady'],
  ['POST /auth/register', 'register'],
  ['POST /auth/login', 'login'],
  ['GET /auth/me', 'me'],
  ['GET /members', 'listMembers'],
  ['GET /members/{id}', 'getMember'],
  ['PUT /members/{id}', 'replaceMember'],
  ['PATCH /members/{id}', 'updateMember'],
  ['DELETE /members/{id}', 'deleteMember'],
  ['GET /books', 'listBooks'],
  ['POST /books', 'createBook'],
  ['GET /books/{id}', 'getBook'],
  ['PUT /books/{id}', 'replaceBook'],
  ['PATCH /books/{id}', 'updateBook'],
  ['DELETE /books/{id}', 'deleteBook'],
  ['GET /reviews', 'listReviews'],
  ['POST /reviews', 'createReview'],
  ['GET /reviews/{id}', 'getReview'],
  ['PUT /reviews/{id}', 'replaceReview'],
  ['PATCH /reviews/{id}', 'updateReview'],
  ['DELETE /reviews/{id}', 'deleteReview'],
  ['GET /books/{id}/rating', 'getBookRating'],
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
