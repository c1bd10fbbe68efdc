import { notStarted, type Failure, type JobId, type JobOutcome } from '#contract'
import type { RedisLike } from '../connect.ts'
import type { EventLog } from '../events/event-log.ts'
import { keys } from '../names.ts'

/*
 * A worker that cannot read a job's record cannot store an outcome beside it. It leaves the failure in the event log, where
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
  hint: 'Send the request again. The operator can find the file in the log by this job ID.',
}

/** Ends a job of which this process has no readable record. May be repeated. */
export async function rejectJob(
  deps: { readonly client: RedisLike; readonly eventLog: EventLog },
  jobId: JobId,
  failure: Failure,
): Promise<void> {
  const last = (await deps.eventLog.tail(jobId))?.change ?? null
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
  await deps.eventLog.close(jobId, outcome, failure)
}
