import type { JobOutcome, JobRecord } from '#contract'
import { makeMonotonicClock } from '#lib/monotonic-clock'
import { noTelemetry } from '#lib/telemetry'
import { isRetryable, toFailure } from '../attempt/failure.ts'
import { VerificationError } from '../attempt/verification-error.ts'
import { AccountState, type Account } from '../llm/account.ts'
import { ModelError } from '../llm/model-error.ts'
import { retryingStore } from './retrying-store.ts'
import type { Attempt, PipelineDeps, PlanWait } from './pipeline-deps.ts'
import { trackProgress } from './progress.ts'
import { runStages } from './run-stages.ts'

/**
 * Runs one attempt of a job: from the request to a verified archive.
 *
 *   intake ─ design ─ lint ─ render ─ write ─ verify ─ repair ─ mutants ─ pack ─► completed, perhaps with gaps
 *      │        │       │       └────────┴───────┴────────┴─────────┴───────┴───► failed, with a reason
 *      └────────┴───────┴─ plan, where a person should look first ──────────────► waiting for a decision
 *
 * Returns the outcome. Throws only errors that another attempt may fix (and the signal's reason on abort);
 * that attempt reads every expensive result from its checkpoint.
 */
export function makePipeline(pipeline: PipelineDeps) {
  const { inSpan = noTelemetry.inSpan } = pipeline

  return async function run(attempt: Attempt): Promise<JobOutcome | PlanWait> {
    const { record, signal } = attempt
    const deps = { ...pipeline, store: retryingStore(pipeline.store, signal) }
    const now = pipeline.now ?? makeMonotonicClock()
    const account = await openJobAccount(deps, record)
    const begun = new Date(now()).toISOString()
    /** Before the plan, if there was one. */
    const startedAt = () => tracker.snapshot().steps[0]?.startedAt ?? begun
    const tracker = trackProgress({
      attempt: attempt.attempt,
      now,
      during: (stage, work) =>
        inSpan(`stage ${stage}`, { 'job.id': record.jobId, 'job.attempt': attempt.attempt }, work),
      announce(progress) {
        attempt
          .progress(progress)
          .catch((error: unknown) => deps.log.warn({ error }, 'could not publish progress'))
      },
    })
    try {
      const done = await runStages(deps, attempt, { tracker, account, now })
      if ('planVersion' in done) return done
      const { steps } = tracker.finish()
      const finishedAt = new Date(now()).toISOString()
      return { state: 'completed', finishedAt, startedAt: startedAt(), steps, ...done }
    } catch (error) {
      signal.throwIfAborted()
      // If this was the last attempt, the outcome written for it includes the cost of all attempts.
      if (isRetryable(error)) throw error instanceof ModelError ? error.withUsage(account.spent()) : error
      deps.log.info({ jobId: record.jobId, error }, 'the job failed')
      const { percent, stage, steps } = tracker.snapshot()
      return {
        state: 'failed',
        finishedAt: new Date(now()).toISOString(),
        startedAt: startedAt(),
        percent,
        stage,
        steps,
        failure: toFailure(error),
        report: error instanceof VerificationError ? error.report : null,
        ledger: account.spent(),
      }
    }
  }
}

/** Continues the account of the job's earlier attempts. */
async function openJobAccount(
  { store, openAccount }: PipelineDeps,
  { jobId, preferences }: JobRecord,
): Promise<Account> {
  const stored = AccountState.safeParse(await store.readCheckpoint(jobId, 'account'))
  const kept = {
    initial: stored.success ? stored.data : null,
    save: (state: AccountState) => store.writeCheckpoint(jobId, 'account', state),
  }
  return openAccount(kept, preferences?.applied.jobCostUsd?.value ?? null)
}
