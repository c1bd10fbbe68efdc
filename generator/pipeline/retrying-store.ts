import { setTimeout as sleep } from 'node:timers/promises'
import { isStoreUnavailable } from '#store/errors'
import type { JobStore } from '#store/job-store'

/** What a run asks of the store. */
type RunStore = Pick<
  JobStore,
  'readCheckpoint' | 'writeCheckpoint' | 'readSource' | 'writeSource' | 'writeArchive'
>

type RetryTiming = {
  /** The first pause and the longest, in milliseconds; each is twice the one before. */
  readonly firstMs: number
  readonly maxMs: number
  /** How long a store may be away before the run is put off, in milliseconds. */
  readonly patienceMs: number
  /** How long a result is still offered to the store once the run is to end, in milliseconds; the queue waits 5,000 for that. */
  readonly lastMs: number
}

const RETRY_TIMING: RetryTiming = { firstMs: 500, maxMs: 10_000, patienceMs: 600_000, lastMs: 4_000 }

/**
 * The store as a run sees it: while it is away, the run waits. What a model has answered would be lost otherwise, and paid for
 * again. Ends with the store's error after ten minutes, and with the signal's reason at once; a checkpoint, which may have
 * been paid for, is tried for some seconds more.
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
      // Its end wakes it; from then on it keeps trying in short steps.
      if (end === null) await sleep(pause, undefined, { signal }).catch(() => {})
      else await sleep(firstMs)
      throwIfOver()
    }
  }
  return {
    ...store,
    readCheckpoint: (...args) => again(() => store.readCheckpoint(...args)),
    writeCheckpoint: (...args) => again(() => store.writeCheckpoint(...args), lastMs),
    readSource: (...args) => again(() => store.readSource(...args)),
    writeSource: (...args) => again(() => store.writeSource(...args)),
    writeArchive: (...args) => again(() => store.writeArchive(...args)),
  } satisfies RunStore as Store
}
