import type { Context } from '../context.ts';
import { notFound } from '../errors.ts';
import type { App } from '../http/app-type.ts';
import { errorResponse, errorResponses } from '../http/error-handling.ts';
import { NoContent } from '../http/no-content.ts';
import { IdParams } from '../http/params.ts';
import { getBookRating } from '../operations/get-book-rating.ts';
import { Book, BookBody, BookPage, BookPatch, BookQuery } from '../schemas/book.ts';
import { GetBookRatingParams, GetBookRatingResult } from '../schemas/operations/get-book-rating.ts';

/** Books: the requests under /books. */
export function bookRoutes(
  app: App,
  { repositories, authentication, operationContext }: Context,
): void {
  app.get(
    '/books',
    {
      schema: {
        operationId: 'listBooks',
        tags: ['Books'],
        summary: 'List Books',
        querystring: BookQuery,
        response: { 200: BookPage, ...errorResponses(400) },
      },
    },
    async (request) => {
      const { limit, offset, sort, order, q, ...where } = request.query;
      return repositories.books.page({ limit, offset, sort, order, where, search: q });
    },
  );

  app.post(
    '/books',
    {
      onRequest: authentication.required,
      schema: {
        operationId: 'createBook',
        tags: ['Books'],
        summary: 'Create Book',
        security: [{ bearer: [] }],
        body: BookBody,
        response: { 201: Book, ...errorResponses(400, 401, 409) },
      },
    },
    async (request, reply) => {
      const created = repositories.books.insert(request.body);
      return reply.code(201).header('location', `/books/${created.id}`).send(created);
    },
  );

  app.get(
    '/books/:id',
    {
      schema: {
        operationId: 'getBook',
        tags: ['Books'],
        summary: 'Read Book',
        params: IdParams,
        response: { 200: Book, ...errorResponses(400, 404) },
      },
    },
    async (request) => {
      const found = repositories.books.find(request.params.id);
      if (!found) throw notFound('Book');
      return found;
    },
  );

  app.put(
    '/books/:id',
    {
      onRequest: authentication.required,
      schema: {
        operationId: 'replaceBook',
        tags: ['Books'],
        summary: 'Replace Book',
        security: [{ bearer: [] }],
        params: IdParams,
        body: BookBody,
        response: { 200: Book, ...errorResponses(400, 401, 404, 409) },
      },
    },
    async (request) => {
      const changed = repositories.books.update(request.params.id, request.body);
      if (!changed) throw notFound('Book');
      return changed;
    },
  );

  app.patch(
    '/books/:id',
    {
      onRequest: authentication.required,
      schema: {
        operationId: 'updateBook',
        tags: ['Books'],
        summary: 'Change Book',
        security: [{ bearer: [] }],
        params: IdParams,
        body: BookPatch,
        response: { 200: Book, ...errorResponses(400, 401, 404, 409) },
      },
    },
    async (request) => {
      const changed = repositories.books.update(request.params.id, request.body);
      if (!changed) throw notFound('Book');
      return changed;
    },
  );

  app.delete(
    '/books/:id',
    {
      onRequest: authentication.required,
      schema: {
        operationId: 'deleteBook',
        tags: ['Books'],
        summary: 'Delete Book',
        security: [{ bearer: [] }],
        params: IdParams,
        response: { 204: NoContent, ...errorResponses(400, 401, 404) },
      },
    },
    async (request, reply) => {
      const removed = repositories.books.remove(request.params.id);
      if (!removed) throw notFound('Book');
      return reply.code(204).send();
    },
  );

  app.get(
    '/books/:id/rating',
    {
      schema: {
        operationId: 'getBookRating',
        tags: ['Books'],
        summary: 'The average rating of a book',
        description:
          'The average is that of the stars of all reviews of the book; it is null where there are fewer than LEAST_REVIEWS.',
        params: GetBookRatingParams,
        response: {
          200: GetBookRatingResult,
          ...errorResponses(400),
          404: errorResponse('`not_found`: There is no book with this id.'),
        },
      },
    },
    async (request, reply) => {
      const result = await getBookRating({ params: request.params }, operationContext(request.log));
      return reply.code(200).send(result);
    },
  );
}
