import { isStoreUnavailable } from '#store/errors'
import { QueueUnavailableError } from './errors.ts'
import { redisErrorCode } from './redis-errors.ts'

/** ioredis errors for a lost or failed connection. */
const CONNECTION_ERRORS =
  /Connection is closed|Stream isn't writeable|Command (timed out|aborted)|max retries per request|ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|Failed to refresh slots cache|All sentinels are unreachable/

/** Whether Redis is unreachable or cannot serve. An unavailable store does not count, whatever its message. */
export const isQueueUnavailable = (error: unknown) =>
  error instanceof Error &&
  !isStoreUnavailable(error) &&
  (CONNECTION_ERRORS.test(error.message) || redisErrorCode(error) !== null)

/** Converts queue connection errors to QueueUnavailableError. */
export async function mapQueueErrors<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work
  } catch (error) {
    if (isQueueUnavailable(error)) throw new QueueUnavailableError({ cause: error })
    throw error
  }
}
