import { setTimeout as sleep } from 'node:timers/promises'
import { isStoreUnavailable } from '#store/errors'
import type { JobStore } from '#store/job-store'

/** The store's methods that a run uses. */
type RunStore = Pick<
  JobStore,
  'readCheckpoint' | 'writeCheckpoint' | 'createCheckpoint' | 'readSource' | 'writeSource' | 'writeArchive'
>

type RetryTiming = {
  /** The first and the longest delay, in milliseconds; each is twice the previous one. */
  readonly firstMs: number
  readonly maxMs: number
  /** How long a store may be unavailable before the run is deferred, in milliseconds. */
  readonly patienceMs: number
  /** How long a checkpoint is still retried after an abort, in milliseconds; the queue waits 5,000 for that. */
  readonly lastMs: number
}

const RETRY_TIMING: RetryTiming = { firstMs: 500, maxMs: 10_000, patienceMs: 600_000, lastMs: 4_000 }

/**
 * Retries while the store is unavailable, so that a model's answer is not lost and paid for again. Rejects with the store's
 * error after ten minutes, and with the signal's reason on abort; a checkpoint, which may have been paid for, is retried
 * for a few more seconds.
 */
export function retryingStore<Store extends RunStore>(
  store: Store,
  signal: AbortSignal,
  { firstMs, maxMs, patienceMs, lastMs }: RetryTiming = RETRY_TIMING,
): Store {
  async function again<T>(work: () => Promise<T>, afterEndMs = 0): Promise<T> {
    const until = performance.now() + patienceMs
    let end: number | null = null
    const throwIfOver = () => {
      if (signal.aborted) end ??= performance.now() + afterEndMs
      if (end !== null && performance.now() >= end) signal.throwIfAborted()
    }
    for (let pause = firstMs; ; pause = Math.min(pause * 2, maxMs)) {
      try {
        return await work()
      } catch (error) {
        if (!isStoreUnavailable(error) || performance.now() + pause > until) throw error
      }
      throwIfOver()
      // An abort ends the delay; from then on it retries at short intervals.
      if (end === null) await sleep(pause, undefined, { signal }).catch(() => {})
      else await sleep(firstMs)
      throwIfOver()
    }
  }
  return {
    ...store,
    readCheckpoint: (...args) => again(() => store.readCheckpoint(...args)),
    writeCheckpoint: (...args) => again(() => store.writeCheckpoint(...args), lastMs),
    createCheckpoint: (...args) => again(() => store.createCheckpoint(...args), lastMs),
    readSource: (...args) => again(() => store.readSource(...args)),
    writeSource: (...args) => again(() => store.writeSource(...args)),
    writeArchive: (...args) => again(() => store.writeArchive(...args)),
  } satisfies RunStore as Store
}
