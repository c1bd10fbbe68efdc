import type { FastifyCorsOptions } from '@fastify/cors'

/** CORS for these origins; other origins cannot read responses. There are no cookies. */
export const corsFor = (origins: readonly string[]): FastifyCorsOptions => ({
  origin: [...origins],
  methods: ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE'],
  allowedHeaders: [
    'Authorization',
    'Content-Type',
    'Idempotency-Key',
    'Last-Event-ID',
    'X-API-Key',
    'X-Request-ID',
  ],
  exposedHeaders: [
    'Content-Disposition',
    'ETag',
    'Idempotency-Replayed',
    'Location',
    'RateLimit-Limit',
    'RateLimit-Remaining',
    'RateLimit-Reset',
    'Retry-After',
    'X-Request-ID',
  ],
  maxAge: 600,
  // OPTIONS requests that are not preflights get a `Problem`, like any unknown method.
  strictPreflight: false,
})
