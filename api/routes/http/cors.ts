import type { FastifyCorsOptions } from '@fastify/cors'

/** What web pages of these origins may do in a browser; those of any other get nothing to read. No cookies: there are none. */
export const corsFor = (origins: readonly string[]): FastifyCorsOptions => ({
  origin: [...origins],
  methods: ['GET', 'HEAD', 'POST', 'DELETE'],
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
  // What is no preflight is refused in the shape of a problem, like any other unknown method.
  strictPreflight: false,
})
