import type { Context } from '../context.ts';
import type { Repositories } from '../database/repositories.ts';
import { forbidden, notFound, unknownReference } from '../errors.ts';
import type { App } from '../http/app-type.ts';
import { errorResponses } from '../http/error-handling.ts';
import { NoContent } from '../http/no-content.ts';
import { IdParams } from '../http/params.ts';
import { Review, ReviewBody, ReviewPage, ReviewPatch, ReviewQuery } from '../schemas/review.ts';

/** Reviews: the requests under /reviews. */
export function reviewRoutes(app: App, { repositories, authentication }: Context): void {
  app.get(
    '/reviews',
    {
      schema: {
        operationId: 'listReviews',
        tags: ['Reviews'],
        summary: 'List Reviews',
        querystring: ReviewQuery,
        response: { 200: ReviewPage, ...errorResponses(400) },
      },
    },
    async (request) => {
      const { limit, offset, sort, order, ...where } = request.query;
      return repositories.reviews.page({ limit, offset, sort, order, where });
    },
  );

  app.post(
    '/reviews',
    {
      onRequest: authentication.required,
      schema: {
        operationId: 'createReview',
        tags: ['Reviews'],
        summary: 'Create Review',
        security: [{ bearer: [] }],
        body: ReviewBody,
        response: { 201: Review, ...errorResponses(400, 401, 422) },
      },
    },
    async (request, reply) => {
      const account = authentication.accountOf(request);
      checkReferences(repositories, request.body);
      const created = repositories.reviews.insert({ ...request.body, memberId: account.id });
      return reply.code(201).header('location', `/reviews/${created.id}`).send(created);
    },
  );

  app.get(
    '/reviews/:id',
    {
      schema: {
        operationId: 'getReview',
        tags: ['Reviews'],
        summary: 'Read Review',
        params: IdParams,
        response: { 200: Review, ...errorResponses(400, 404) },
      },
    },
    async (request) => {
      const found = repositories.reviews.find(request.params.id);
      if (!found) throw notFound('Review');
      return found;
    },
  );

  app.put(
    '/reviews/:id',
    {
      onRequest: authentication.required,
      schema: {
        operationId: 'replaceReview',
        tags: ['Reviews'],
        summary: 'Replace Review',
        security: [{ bearer: [] }],
        params: IdParams,
        body: ReviewBody,
        response: { 200: Review, ...errorResponses(400, 401, 403, 404, 422) },
      },
    },
    async (request) => {
      const account = authentication.accountOf(request);
      checkReferences(repositories, request.body);
      const changed = repositories.reviews.update(request.params.id, request.body, {
        memberId: account.id,
      });
      if (!changed) {
        throw repositories.reviews.find(request.params.id)
          ? forbidden('Review')
          : notFound('Review');
      }
      return changed;
    },
  );

  app.patch(
    '/reviews/:id',
    {
      onRequest: authentication.required,
      schema: {
        operationId: 'updateReview',
        tags: ['Reviews'],
        summary: 'Change Review',
        security: [{ bearer: [] }],
        params: IdParams,
        body: ReviewPatch,
        response: { 200: Review, ...errorResponses(400, 401, 403, 404, 422) },
      },
    },
    async (request) => {
      const account = authentication.accountOf(request);
      checkReferences(repositories, request.body);
      const changed = repositories.reviews.update(request.params.id, request.body, {
        memberId: account.id,
      });
      if (!changed) {
        throw repositories.reviews.find(request.params.id)
          ? forbidden('Review')
          : notFound('Review');
      }
      return changed;
    },
  );

  app.delete(
    '/reviews/:id',
    {
      onRequest: authentication.required,
      schema: {
        operationId: 'deleteReview',
        tags: ['Reviews'],
        summary: 'Delete Review',
        security: [{ bearer: [] }],
        params: IdParams,
        response: { 204: NoContent, ...errorResponses(400, 401, 403, 404) },
      },
    },
    async (request, reply) => {
      const removed = repositories.reviews.remove(request.params.id, {
        memberId: authentication.accountOf(request).id,
      });
      if (!removed) {
        throw repositories.reviews.find(request.params.id)
          ? forbidden('Review')
          : notFound('Review');
      }
      return reply.code(204).send();
    },
  );
}

/** Refuses ids of rows that do not exist. */
function checkReferences(repositories: Repositories, body: { bookId?: string | undefined }): void {
  if (body.bookId && !repositories.books.find(body.bookId)) {
    throw unknownReference('bookId', 'Book');
  }
}
