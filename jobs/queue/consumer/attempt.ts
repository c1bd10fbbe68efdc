import type { Logger } from 'pino'
import type { JobId, JobOutcome } from '#contract'
import type { JobStore } from '#store/job-store'
import { RunAbortedError, type AbortCause } from './errors.ts'

/** How often a running job looks whether it was cancelled, should the signal have got lost, in milliseconds. */
const WATCH_MS = 1_000

/** A run under way. `lockedAt` is when the queue last confirmed that the job is ours, by `performance.now()`. */
export type ActiveRun = { readonly controller: AbortController; lockedAt: number }

export type Verdict =
  | { readonly kind: 'outcome'; readonly outcome: JobOutcome }
  | { readonly kind: 'error'; readonly error: unknown }
  | { readonly kind: 'aborted'; readonly cause: AbortCause }

/**
 * Runs until the run ends, or until it was aborted and had its time to notice. What an aborted run gives back is
 * dropped: it may say "failed" because it was aborted.
 */
export async function attemptRun(deps: {
  jobId: JobId
  active: ActiveRun
  run: (signal: AbortSignal) => Promise<JobOutcome>
  store: Pick<JobStore, 'readOutcome'>
  log: Logger
  lockDurationMs: number
  abortPatienceMs: number
}): Promise<Verdict> {
  const { jobId, active, store, log } = deps
  const { signal } = active.controller
  const abort = (cause: AbortCause) => active.controller.abort(new RunAbortedError(cause))
  const aborted = () => ({ kind: 'aborted', cause: (signal.reason as RunAbortedError).cause }) as const
  if (signal.aborted) return aborted()

  const watch = setInterval(() => {
    // Without a renewal in time another worker may have the job by now.
    if (performance.now() - active.lockedAt > deps.lockDurationMs) return abort('lock_lost')
    store.readOutcome(jobId).then(
      (outcome) => outcome !== null && abort('cancelled'),
      (error: unknown) => log.debug({ err: error, jobId }, 'could not look whether a job was cancelled'),
    )
  }, WATCH_MS)
  let patience: NodeJS.Timeout | undefined
  const outOfPatience = new Promise<null>((resolve) => {
    signal.addEventListener('abort', () => {
      patience = setTimeout(() => {
        log.error({ jobId }, 'a run goes on although it was aborted; its result will be ignored')
        resolve(null)
      }, deps.abortPatienceMs)
    })
  })
  try {
    const outcome = await Promise.race([deps.run(signal), outOfPatience])
    return outcome === null || signal.aborted ? aborted() : { kind: 'outcome', outcome }
  } catch (error) {
    return signal.aborted ? aborted() : { kind: 'error', error }
  } finally {
    clearInterval(watch)
    clearTimeout(patience)
  }
}
