import { setTimeout as sleep } from 'node:timers/promises'
import type { Jobs } from '#queue/producer/jobs'
import type { Keep } from '#queue/producer/sweep'
import type { Logger } from '#lib/log'

/** How often jobs that fell out of the queue are looked for, and how often old ones are let go of, in milliseconds. */
const LOOK_MS = 60_000
const SWEEP_MS = 3_600_000

/**
 * Looks from time to time for what slipped through: jobs that were stored and are not in the queue, because it lost
 * its data or whoever accepted them died; jobs that ended without anybody telling; and what was kept for long enough.
 * Several processes may do it at once. Disposing waits for the look that is under way.
 */
export function startReaper(deps: {
  readonly jobs: Pick<Jobs, 'recover' | 'sweep'>
  readonly keep: Keep
  readonly log: Logger
  readonly lookMs?: number
  readonly sweepMs?: number
}): AsyncDisposable {
  const { jobs, keep, log, lookMs = LOOK_MS, sweepMs = SWEEP_MS } = deps
  const stopping = new AbortController()

  async function run(): Promise<void> {
    let sweptAt = Number.NEGATIVE_INFINITY
    for (;;) {
      await sleep(lookMs, undefined, { signal: stopping.signal, ref: false })
      try {
        const isDue = performance.now() - sweptAt >= sweepMs
        const { requeued } = await jobs.recover(isDue ? 'lost' : 'recent')
        if (requeued > 0) log.warn({ requeued }, 'jobs had fallen out of the queue and are in it again')
        if (!isDue) continue
        await jobs.sweep(keep)
        sweptAt = performance.now()
      } catch (error) {
        log.warn({ err: error }, 'could not look after old and lost jobs; trying again soon')
      }
    }
  }
  const running = run().catch(() => {})

  return {
    async [Symbol.asyncDispose]() {
      stopping.abort()
      await running
    },
  }
}
