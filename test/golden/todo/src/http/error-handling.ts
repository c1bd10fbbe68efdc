import type { FastifyError, FastifyRequest } from 'fastify';
import {
  hasZodFastifySchemaValidationErrors,
  type ZodFastifySchemaValidationError,
} from 'fastify-type-provider-zod';
import { z } from 'zod';
import { ApiError, type ErrorDetail } from '../errors.ts';
import type { App } from './app-type.ts';

/** The shape of every error response. */
export const ErrorResponse = z
  .object({
    error: z.object({
      code: z.string(),
      message: z.string(),
      details: z
        .array(
          z.object({
            in: z.enum(['body', 'query', 'path', 'headers']),
            path: z.string(),
            message: z.string(),
          }),
        )
        .optional(),
      requestId: z.string(),
    }),
  })
  .meta({ id: 'ErrorResponse' });
export type ErrorResponse = z.infer<typeof ErrorResponse>;

const descriptions = {
  400: 'The request is malformed or breaks a rule of the schema.',
  404: 'Nothing has this id.',
  409: 'The request contradicts what is stored.',
  429: 'Too many requests.',
};

/** The error responses of a route for its OpenAPI description. Any route may answer 429. */
export function errorResponses<Status extends keyof typeof descriptions>(...statuses: Status[]) {
  const entries = [...statuses, 429 as const].map((status) => [
    status,
    {
      description: descriptions[status],
      content: { 'application/json': { schema: ErrorResponse } },
    },
  ]);
  return Object.fromEntries(entries) as Record<
    Status | 429,
    { description: string; content: { 'application/json': { schema: typeof ErrorResponse } } }
  >;
}

const parts = {
  body: 'body',
  querystring: 'query',
  params: 'path',
  headers: 'headers',
} as const;

/** Gives every error one shape, and hides internal details from responses. */
export function registerErrorHandling(app: App): void {
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const answer = toApiError(error);
    if (answer.statusCode >= 500) request.log.error({ err: error }, 'request failed');
    return reply.code(answer.statusCode).send(toResponse(answer, request));
  });

  app.setNotFoundHandler((request) => {
    const path = request.url.split('?', 1)[0];
    throw new ApiError(404, 'route_not_found', `There is no ${request.method} ${path}.`);
  });
}

function toResponse(error: ApiError, request: FastifyRequest): ErrorResponse {
  const { code, message, details } = error;
  return { error: { code, message, ...(details && { details }), requestId: request.id } };
}

/** The error as clients get it. */
export function toApiError(error: FastifyError): ApiError {
  if (error instanceof ApiError) return error;
  if (hasZodFastifySchemaValidationErrors(error)) {
    const part = parts[error.validationContext as keyof typeof parts];
    const details = error.validation.flatMap((issue) => detailsOf(issue, part));
    const paths = new Set(details.map(({ path }) => path).filter(Boolean));
    const where = paths.size > 0 ? `: ${[...paths].join(', ')}` : '';
    return new ApiError(
      400,
      'invalid_request',
      `The ${part} of the request is not valid${where}.`,
      details,
    );
  }
  switch (error.statusCode) {
    case 413:
      return new ApiError(413, 'body_too_large', 'The body of the request is too large.');
    case 415:
      return new ApiError(415, 'unsupported_media_type', 'Send the body as application/json.');
    case 429:
      return new ApiError(429, 'too_many_requests', error.message);
    case 503:
      return new ApiError(
        503,
        'unavailable',
        'The service cannot answer right now. Try again later.',
      );
  }
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) {
    return new ApiError(error.statusCode, 'bad_request', error.message);
  }
  return new ApiError(
    500,
    'internal_error',
    'Something went wrong. Quote the requestId when you report it.',
  );
}

function detailsOf(issue: ZodFastifySchemaValidationError, part: ErrorDetail['in']): ErrorDetail[] {
  if (issue.keyword === 'unrecognized_keys') {
    const keys = issue.params.keys as string[];
    return keys.map((path) => ({ in: part, path, message: 'Unknown property' }));
  }
  const message = issue.message ?? 'Invalid value';
  const path = issue.instancePath.slice(1).replaceAll('/', '.');
  return [
    { in: part, path, message: message.endsWith('received undefined') ? 'Required' : message },
  ];
}
