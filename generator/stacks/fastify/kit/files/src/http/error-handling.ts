// @if errorFormat
import type { FastifyError } from 'fastify';
// @else
import type { FastifyError, FastifyRequest } from 'fastify';
// @end
import {
  hasZodFastifySchemaValidationErrors,
  type ZodFastifySchemaValidationError,
} from 'fastify-type-provider-zod';
// @if errorFormat
import { ApiError, type ErrorDetail } from '../errors.ts';
import type { App } from './app-type.ts';
import { errorBody, errorContent } from './error-format.ts';
// @else
import { z } from 'zod';
import { ApiError, type ErrorDetail } from '../errors.ts';
import type { App } from './app-type.ts';
// @end

// @if invalidStatus
declare module 'fastify' {
  interface FastifyContextConfig {
    /** The status of a request that does not match the schemas; 400 by default. */
    invalidStatus?: number;
  }
}

// @end
// @if errorFormat
// @else
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

// @end
const descriptions = {
  400: 'The request is malformed or breaks a rule of the schema.',
  // @if auth
  401: 'The request carries no valid token.',
  // @end
  // @if apiKey
  401: 'The request carries no valid key.',
  // @end
  // @if forbids
  403: 'The sender may not do this.',
  // @end
  404: 'Nothing has this id.',
  409: 'The request contradicts what is stored.',
  // @if unknownRows
  422: 'A property points to a row that does not exist.',
  // @end
  429: 'Too many requests.',
};

/** The error responses of a route for its OpenAPI description. Any route may answer 429. */
export function errorResponses<Status extends keyof typeof descriptions>(...statuses: Status[]) {
  const entries = [...statuses, 429 as const].map((status) => [
    status,
    {
      description: descriptions[status],
      // @if errorFormat
      content: errorContent(status),
      // @else
      content: { 'application/json': { schema: ErrorResponse } },
      // @end
    },
  ]);
  // @if errorFormat
  return Object.fromEntries(entries) as Record<
    Status | 429,
    { description: string; content: ReturnType<typeof errorContent> }
  >;
  // @else
  return Object.fromEntries(entries) as Record<
    Status | 429,
    { description: string; content: { 'application/json': { schema: typeof ErrorResponse } } }
  >;
  // @end
}

// @if operations
// @if errorFormat

/** One error response, with its description. */
export function errorResponse(description: string, status: number) {
  return { description, content: errorContent(status) };
}
// @else

/** One error response, with its description. */
export function errorResponse(description: string) {
  return { description, content: { 'application/json': { schema: ErrorResponse } } };
}
// @end
// @end

const parts = {
  body: 'body',
  querystring: 'query',
  params: 'path',
  headers: 'headers',
} as const;

/** Gives every error one shape, and hides internal details from responses. */
export function registerErrorHandling(app: App): void {
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    // @if invalidStatus
    const answer = toApiError(error, request.routeOptions.config.invalidStatus);
    // @else
    const answer = toApiError(error);
    // @end
    if (answer.statusCode >= 500) request.log.error({ err: error }, 'request failed');
    // @if sender
    // @insert challenge
    // @end
    // @if errorFormat
    const [mediaType = 'application/json'] = Object.keys(errorContent(answer.statusCode));
    return reply.code(answer.statusCode).type(mediaType).send(errorBody(answer, request));
    // @else
    return reply.code(answer.statusCode).send(toResponse(answer, request));
    // @end
  });

  app.setNotFoundHandler((request) => {
    const path = request.url.split('?', 1)[0];
    throw new ApiError(404, 'route_not_found', `There is no ${request.method} ${path}.`);
  });
}

// @if errorFormat
// @else
function toResponse(error: ApiError, request: FastifyRequest): ErrorResponse {
  const { code, message, details } = error;
  return { error: { code, message, ...(details && { details }), requestId: request.id } };
}

// @end
// @if invalidStatus
/** The error as clients get it; one of the schemas has the given status. */
export function toApiError(error: FastifyError, invalidStatus = 400): ApiError {
  // @else
/** The error as clients get it. */
export function toApiError(error: FastifyError): ApiError {
  // @end
  if (error instanceof ApiError) return error;
  if (hasZodFastifySchemaValidationErrors(error)) {
    const part = parts[error.validationContext as keyof typeof parts];
    const details = error.validation.flatMap((issue) => detailsOf(issue, part));
    const paths = new Set(details.map(({ path }) => path).filter(Boolean));
    const where = paths.size > 0 ? `: ${[...paths].join(', ')}` : '';
    // @if invalidStatus
    return new ApiError(invalidStatus, 'invalid_request', `The ${part} of the request is not valid${where}.`, details);
    // @else
    return new ApiError(400, 'invalid_request', `The ${part} of the request is not valid${where}.`, details);
    // @end
  }
  switch (error.statusCode) {
    // @if invalidStatus
    case 400:
      return new ApiError(invalidStatus, 'bad_request', error.message);
    // @end
    case 413:
      return new ApiError(413, 'body_too_large', 'The body of the request is too large.');
    case 415:
      return new ApiError(415, 'unsupported_media_type', 'Send the body as application/json.');
    case 429:
      return new ApiError(429, 'too_many_requests', error.message);
    case 503:
      return new ApiError(503, 'unavailable', 'The service cannot answer right now. Try again later.');
  }
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) {
    return new ApiError(error.statusCode, 'bad_request', error.message);
  }
  return new ApiError(500, 'internal_error', 'Something went wrong. Quote the requestId when you report it.');
}

function detailsOf(issue: ZodFastifySchemaValidationError, part: ErrorDetail['in']): ErrorDetail[] {
  if (issue.keyword === 'unrecognized_keys') {
    const keys = issue.params.keys as string[];
    return keys.map((path) => ({ in: part, path, message: 'Unknown property' }));
  }
  const message = issue.message ?? 'Invalid value';
  const path = issue.instancePath.slice(1).replaceAll('/', '.');
  return [{ in: part, path, message: message.endsWith('received undefined') ? 'Required' : message }];
}
