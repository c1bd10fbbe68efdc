import type { FastifyRequest } from 'fastify'
import { RequestError } from '../errors.ts'

/** When a refused client may try again, in seconds: streams end with their jobs, at no time that is known. */
const RETRY_AFTER_SECONDS = 10

/**
 * Counts the event streams that are open in this process, by API key, or by address where there are no keys. A stream
 * costs a socket and a look at the queue every few seconds, for as long as a job takes.
 */
export function limitStreams(max: number) {
  const open = new Map<string, number>()

  return {
    /**
     * Counts one more stream until the answer is closed.
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
          `${name} has ${count.toLocaleString('en-US')} event streams open, and ${max.toLocaleString('en-US')} at once are allowed. Close one, or ask GET /jobs/{jobId} every few seconds instead.`,
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
