import type { Logger } from 'pino'
import type { JobId, JobOutcome, Progress } from '#contract'
import type { JobStore } from '#store/job-store'
import { RunAbortedError, type AbortCause } from './errors.ts'

/** Interval for checking whether a running job was cancelled, in case the message was lost, in milliseconds. */
const CANCEL_POLL_MS = 1_000

/** `lockedAt` is when the lock was last renewed, by `performance.now()`. */
export type ActiveRun = { readonly controller: AbortController; lockedAt: number }

/** A run that waits for a decision on its plan, which is stored. Its next run goes on from there. */
export type PlanWait = {
  readonly state: 'waiting'
  readonly planVersion: number
  /** When the job is run again even without a decision. ISO 8601. */
  readonly expiresAt: string
} & Omit<Progress, 'attempt'>

export type AttemptResult =
  | { readonly kind: 'outcome'; readonly outcome: JobOutcome }
  | { readonly kind: 'plan'; readonly wait: PlanWait }
  | { readonly kind: 'error'; readonly error: unknown }
  | { readonly kind: 'aborted'; readonly cause: AbortCause }

/**
 * Resolves when the run ends, or when it was aborted and did not stop in time. The result of an aborted run is ignored:
 * it may be "failed" because of the abort.
 */
export async function runAttempt(deps: {
  jobId: JobId
  active: ActiveRun
  run: (signal: AbortSignal) => Promise<JobOutcome | PlanWait>
  store: Pick<JobStore, 'readOutcome'>
  log: Logger
  lockDurationMs: number
  abortTimeoutMs: number
}): Promise<AttemptResult> {
  const { jobId, active, store, log } = deps
  const { signal } = active.controller
  const abort = (cause: AbortCause) => active.controller.abort(new RunAbortedError(cause))
  const aborted = () => ({ kind: 'aborted', cause: (signal.reason as RunAbortedError).cause }) as const
  if (signal.aborted) return aborted()

  const watch = setInterval(() => {
    // Without a timely renewal another worker may have the job.
    if (performance.now() - active.lockedAt > deps.lockDurationMs) return abort('lock_lost')
    store.readOutcome(jobId).then(
      (outcome) => outcome !== null && abort('cancelled'),
      (error: unknown) => log.debug({ err: error, jobId }, 'cannot check whether a job was cancelled'),
    )
  }, CANCEL_POLL_MS)
  let timer: NodeJS.Timeout | undefined
  const timedOut = new Promise<null>((resolve) => {
    signal.addEventListener('abort', () => {
      timer = setTimeout(() => {
        log.error({ jobId }, 'aborted run did not stop in time, ignoring its result')
        resolve(null)
      }, deps.abortTimeoutMs)
    })
  })
  try {
    const outcome = await Promise.race([deps.run(signal), timedOut])
    if (outcome === null || signal.aborted) return aborted()
    return outcome.state === 'waiting' ? { kind: 'plan', wait: outcome } : { kind: 'outcome', outcome }
  } catch (error) {
    return signal.aborted ? aborted() : { kind: 'error', error }
  } finally {
    clearInterval(watch)
    clearTimeout(timer)
  }
}
