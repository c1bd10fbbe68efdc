import { setTimeout as sleep } from 'node:timers/promises'
import type { Jobs } from '#queue/producer/jobs'
import type { RetentionPolicy } from '#queue/producer/sweep'
import type { Logger } from '#lib/log'

/** Intervals for recovering lost jobs and for deleting expired ones, in milliseconds. */
const LOOK_MS = 60_000
const SWEEP_MS = 3_600_000

/**
 * Periodically recovers stored jobs that are missing from the queue (data loss, or a crash while accepting them), sends
 * missing notifications, and deletes expired jobs. Safe to run in several processes. Disposing waits for the current run.
 */
export function startMaintenance(deps: {
  readonly jobs: Pick<Jobs, 'recover' | 'sweep'>
  readonly keep: RetentionPolicy
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
        if (requeued > 0) log.warn({ requeued }, 'requeued lost jobs')
        if (!isDue) continue
        await jobs.sweep(keep)
        sweptAt = performance.now()
      } catch (error) {
        log.warn({ err: error }, 'maintenance run failed, retrying')
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
