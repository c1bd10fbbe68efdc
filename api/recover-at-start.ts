import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from '#lib/log'
import type { Jobs } from '#queue/producer/jobs'
import { isStoreUnavailable } from '#store/errors'

/** Pauses between tries, in milliseconds; and how long a stop waits for the try that is under way. */
const FIRST_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 30_000
const STOP_WITHIN_MS = 2_000

export type StartupRecovery = AsyncDisposable & {
  /** Jobs that were queued again by the try at the start. */
  readonly requeued: number
  /** While it has not succeeded: why, in a sentence. */
  readonly fault: () => string | null
}

/**
 * Takes up the jobs of before the start. With the store or the queue away it returns all the same, so that the API can say
 * so, and tries again with growing pauses until it succeeds or is disposed of.
 *
 * @throws whatever else goes wrong, and the signal's reason when it fires first.
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
      fault = `Jobs from before the start are not taken up yet; trying again. ${error.message}`
      log.warn({ err: error }, 'jobs from before the start cannot be taken up yet; trying again')
      return null
    }
  }

  async function persist(): Promise<void> {
    for (let pause = firstPauseMs; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
      await sleep(pause, undefined, { signal: stopping.signal, ref: false })
      try {
        const requeued = await attempt()
        if (requeued === null) continue
        return log.info({ requeued }, 'jobs from before the start are taken up')
      } catch (error) {
        fault = 'Jobs from before the start cannot be taken up: the log says why.'
        log.error({ err: error }, 'jobs from before the start cannot be taken up; trying again')
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
    // It goes on for a moment after an abort, and nobody waits for it.
    work.catch(() => {})
    aborted.promise.catch(() => {})
  }
}
