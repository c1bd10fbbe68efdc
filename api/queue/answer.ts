import { QueueUnavailableError } from './errors.ts'

/** What ioredis says when the other side is away, and what a Redis says that cannot serve right now. */
const AWAY =
  /Connection is closed|Stream isn't writeable|Command timed out|max retries per request|ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|Failed to refresh slots cache|^(LOADING|CLUSTERDOWN|MASTERDOWN|READONLY|TRYAGAIN|OOM|MISCONF)\b/

export const isAway = (error: unknown) => error instanceof Error && AWAY.test(error.message)

/** Passes a result on; an error that means "the queue is away" becomes QueueUnavailableError. */
export async function answer<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work
  } catch (error) {
    if (isAway(error)) throw new QueueUnavailableError({ cause: error })
    throw error
  }
}
