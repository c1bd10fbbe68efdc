import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { ApiError } from '../errors.ts';
import type { App } from './app-type.ts';
// @if errorFormat
import { errorContent } from './error-format.ts';
// @else
import { ErrorResponse } from './error-handling.ts';
// @end

const Status = z.object({ status: z.literal('ok') });

/** `/health` reports that the process is alive, `/ready` that its database is available. */
export function registerHealth(app: App, database: DatabaseSync): void {
  const config = { rateLimit: false as const };

  app.get(
    '/health',
    {
      config,
      schema: {
        operationId: 'checkHealth',
        tags: ['Service'],
        summary: 'Whether the process lives',
        response: { 200: Status },
      },
    },
    async () => ({ status: 'ok' as const }),
  );

  app.get(
    '/ready',
    {
      config,
      schema: {
        operationId: 'checkReady',
        tags: ['Service'],
        summary: 'Whether the database answers',
        // @if errorFormat
        response: { 200: Status, 503: { description: 'It does not.', content: errorContent(503) } },
        // @else
        response: { 200: Status, 503: ErrorResponse },
        // @end
      },
    },
    async (request) => {
      try {
        database.prepare('SELECT 1').get();
      } catch (error) {
        request.log.error({ err: error }, 'the database does not answer');
        throw new ApiError(503, 'not_ready', 'The database does not answer.');
      }
      return { status: 'ok' as const };
    },
  );
}
