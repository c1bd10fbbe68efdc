import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Origin, requesterOf } from '#contract'
import type { RedisLike } from '#queue/connect'
import { keys } from '#queue/names'
import { RequestError } from '../http/errors.ts'
import { ANONYMOUS, UNAUTHENTICATED, hasScope } from './caller.ts'

const MINUTE_MS = 60_000

export type RequestLimits = {
  /** Per API key, or for all callers when there are no keys; 0 means no limit. Bots are exempt. */
  readonly key: number
  /** Per person in a chat, through a bot. */
  readonly user: number
}

/**
 * Rate limits requests across all API processes. Fails open while the counter is unavailable. Call it after the guard
 * and before the routes are registered.
 */
export function limitRequests(
  app: FastifyInstance,
  { redis, perMinute }: { redis: RedisLike | null; perMinute: RequestLimits },
): void {
  if (perMinute.key === 0 && perMinute.user === 0) return
  app.register(rateLimit, {
    max: perMinute.key,
    timeWindow: MINUTE_MS,
    // Null only in tests: counts in process memory.
    ...(redis && { redis, nameSpace: keys.requests }),
    skipOnError: true,
    enableDraftSpec: true,
    keyGenerator: ({ caller }) => (caller.name === null ? 'anyone' : `key:${caller.name}`),
    allowList: ({ caller }) =>
      perMinute.key === 0 || caller === UNAUTHENTICATED || (caller !== ANONYMOUS && hasScope(caller, 'bot')),
    errorResponseBuilder: ({ caller }, { max, ttl }) =>
      tooMany(
        caller.name === null ? 'This API has' : `The API key "${caller.name}" has`,
        max,
        Math.ceil(ttl / 1000),
      ),
  })
  if (perMinute.user === 0) return
  app.after(() => {
    const count = app.createRateLimit({
      max: perMinute.user,
      timeWindow: MINUTE_MS,
      allowList: () => false,
      keyGenerator: (request) => `user:${personIn(request)}`,
    })
    app.addHook('preHandler', async (request: FastifyRequest) => {
      // A key that may not act for a person must not consume their limit.
      if (!hasScope(request.caller, 'bot') || personIn(request) === null) return
      const counted = await count(request)
      if (counted.isAllowed || !counted.isExceeded) return
      throw tooMany('You have', counted.max, counted.ttlInSeconds)
    })
  })
}

/** The person in a chat that a bot acts for; null when there is none. */
function personIn({ body, query }: FastifyRequest): string | null {
  const { requester } = query as { requester?: string }
  const origin = Origin.safeParse((body as { origin?: unknown } | null | undefined)?.origin)
  return requester ?? (origin.success ? requesterOf(origin.data) : null)
}

const tooMany = (who: string, limit: number, seconds: number) =>
  new RequestError(
    429,
    'too_many_requests',
    `${who} sent more than ${limit.toLocaleString('en-US')} requests within a minute. Try again in ${seconds} s.`,
    [],
    { retryAfter: seconds, limit },
  )
