import { isStoreUnavailable } from '#store/errors'
import { QueueUnavailableError } from './errors.ts'
import { redisFaultOf } from './redis-faults.ts'

/** What ioredis says when the other side is away. */
const AWAY =
  /Connection is closed|Stream isn't writeable|Command (timed out|aborted)|max retries per request|ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|Failed to refresh slots cache|All sentinels are unreachable/

/** Whether Redis is away, or is there and cannot serve. A store that is away is not, whatever its message says. */
export const isAway = (error: unknown) =>
  error instanceof Error &&
  !isStoreUnavailable(error) &&
  (AWAY.test(error.message) || redisFaultOf(error) !== null)

/** Passes a result on; an error that means "the queue is away" becomes QueueUnavailableError. */
export async function mapQueueErrors<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work
  } catch (error) {
    if (isAway(error)) throw new QueueUnavailableError({ cause: error })
    throw error
  }
}
