import { notStarted, type Failure, type JobId, type JobOutcome } from '#contract'
import type { RedisLike } from './connect.ts'
import type { JobsContext } from './jobs-context.ts'
import type { Ledger, LedgerChange } from './ledger.ts'
import { keys } from './names.ts'

/*
 * A worker that cannot read a job's record cannot store an outcome beside it. It leaves the failure in the ledger, where
 * every caller sees it at once, and notes the job for a process that shares the store with the API: that one stores it.
 */

export const NOT_IN_STORE: Failure = {
  code: 'job_not_in_store',
  message: 'The worker that took this job could not find it in its store.',
  hint: 'The API and every worker need the same STORE_URL, or one DATA_DIR that all of them share. Send the request again after that.',
}

export const NOT_READABLE: Failure = {
  code: 'job_unreadable',
  message: 'What was stored of this job cannot be read.',
  hint: 'Send the request again. The operator finds the file in the log under this job id.',
}

/** How a job ended that has no outcome in the store: null unless the ledger says why it failed. */
export function outcomeOfChange(change: LedgerChange | null): JobOutcome | null {
  if (change?.state !== 'failed' || change.failure === undefined) return null
  const { at: finishedAt, startedAt, failure } = change
  const { percent, stage, steps } = change.progress
  return { state: 'failed', finishedAt, startedAt, percent, stage, steps, failure, report: null }
}

/** Ends a job of which this process has no readable record. May be repeated. */
export async function rejectJob(
  deps: { readonly client: RedisLike; readonly ledger: Ledger },
  jobId: JobId,
  failure: Failure,
): Promise<void> {
  const last = (await deps.ledger.tail(jobId))?.change ?? null
  const { percent, stage, steps } = last?.progress ?? notStarted
  const outcome: JobOutcome = {
    state: 'failed',
    finishedAt: new Date().toISOString(),
    startedAt: last?.startedAt ?? null,
    percent,
    stage,
    steps,
    failure,
    report: null,
  }
  await deps.client.sadd(keys.unfound, jobId)
  await deps.ledger.close(jobId, outcome, failure)
}

/** Stores the outcomes of jobs that a worker rejected, where this process has their records. */
export async function settleRejected(
  { client, ledger, store, log }: Pick<JobsContext, 'client' | 'ledger' | 'store' | 'log'>,
  only?: JobId,
): Promise<void> {
  for (const jobId of only === undefined ? await client.smembers(keys.unfound) : [only]) {
    const outcome = outcomeOfChange((await ledger.tail(jobId))?.change ?? null)
    if (outcome !== null && (await store.has(jobId))) {
      const { won } = await store.putOutcome(jobId, outcome)
      if (won)
        log.error(
          { jobId, failure: outcome.state === 'failed' && outcome.failure.code },
          'a worker could not read a job that is in this store: check that both use the same store',
        )
    }
    await client.srem(keys.unfound, jobId)
  }
}
