import type { FastifyRequest } from 'fastify'
import { RequestError } from '../http/errors.ts'

/** Retry-After in seconds: when streams end cannot be predicted. */
const RETRY_AFTER_SECONDS = 10

/**
 * Limits open event streams of this process per API key, or per address when there are no keys. A stream costs a socket
 * and a queue read every few seconds.
 */
export function limitStreams(max: number) {
  const open = new Map<string, number>()

  return {
    /**
     * Counts a stream until its response closes.
     *
     * @throws RequestError with status 429 when there are `max` already.
     */
    take(
      { caller, ip }: FastifyRequest,
      closed: { once(event: 'close', listener: () => void): unknown },
    ): void {
      const who = caller.name === null ? `address:${ip}` : `key:${caller.name}`
      const count = open.get(who) ?? 0
      if (max > 0 && count >= max) {
        const name = caller.name === null ? 'Your address' : `The API key "${caller.name}"`
        throw new RequestError(
          429,
          'too_many_streams',
          `${name} has ${count.toLocaleString('en-US')} event streams open; the limit is ${max.toLocaleString('en-US')}. Close one, or poll GET /jobs/{jobId} instead.`,
          [],
          { retryAfter: RETRY_AFTER_SECONDS, limit: max },
        )
      }
      open.set(who, count + 1)
      closed.once('close', () => {
        const left = (open.get(who) ?? 1) - 1
        if (left === 0) open.delete(who)
        else open.set(who, left)
      })
    },
  }
}
