import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from '#lib/log'
import type { Jobs } from '#queue/producer/jobs'
import { isStoreUnavailable } from '#store/errors'

/** Delays between attempts, and how long a stop waits for the current one, in milliseconds. */
const FIRST_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 30_000
const STOP_WITHIN_MS = 2_000

export type StartupRecovery = AsyncDisposable & {
  /** Jobs requeued by the first attempt. */
  readonly requeued: number
  /** Why recovery has not succeeded yet, in one sentence; null once it has. */
  readonly fault: () => string | null
}

/**
 * Recovers unfinished jobs at startup. When the store or the queue is unavailable it returns anyway, so that the API can
 * report it, and retries with exponential backoff until it succeeds or is disposed.
 *
 * @throws any other error, or the signal's reason on abort.
 */
export async function recoverAtStart(deps: {
  readonly jobs: Pick<Jobs, 'recover'>
  readonly log: Logger
  readonly signal?: AbortSignal
  readonly firstPauseMs?: number
}): Promise<StartupRecovery> {
  const { jobs, log, signal, firstPauseMs = FIRST_PAUSE_MS } = deps
  const stopping = new AbortController()
  let fault: string | null = null

  async function attempt(): Promise<number | null> {
    try {
      const { requeued } = await jobs.recover()
      fault = null
      return requeued
    } catch (error) {
      if (!isAway(error)) throw error
      fault = `Jobs from before the start have not been recovered yet; retrying. ${error.message}`
      log.warn({ err: error }, 'job recovery is waiting for the store or the queue, retrying')
      return null
    }
  }

  async function persist(): Promise<void> {
    for (let pause = firstPauseMs; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
      await sleep(pause, undefined, { signal: stopping.signal, ref: false })
      try {
        const requeued = await attempt()
        if (requeued === null) continue
        return log.info({ requeued }, 'jobs from before the start recovered')
      } catch (error) {
        fault = 'Jobs from before the start cannot be recovered: see the log.'
        log.error({ err: error }, 'job recovery failed, retrying')
      }
    }
  }

  const requeued = await orAborted(attempt(), signal)
  const running = requeued === null ? persist().catch(() => {}) : Promise.resolve()
  return {
    requeued: requeued ?? 0,
    fault: () => fault,
    async [Symbol.asyncDispose]() {
      stopping.abort()
      await Promise.race([running, sleep(STOP_WITHIN_MS, undefined, { ref: false })])
    },
  }
}

const isAway = (error: unknown): error is Error =>
  isStoreUnavailable(error) ||
  (error instanceof Error && 'code' in error && error.code === 'queue_unavailable')

async function orAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return await work
  const aborted = Promise.withResolvers<never>()
  const onAbort = () => aborted.reject(signal.reason)
  if (signal.aborted) onAbort()
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([work, aborted.promise])
  } finally {
    signal.removeEventListener('abort', onAbort)
    // The work may continue briefly after an abort; its result is ignored.
    work.catch(() => {})
    aborted.promise.catch(() => {})
  }
}
