import { notStarted, type Failure, type JobId, type JobOutcome } from '#contract'
import type { RedisLike } from '../connect.ts'
import type { EventLog } from '../events/event-log.ts'
import { keys } from '../names.ts'

/*
 * A worker that cannot read a job's record cannot store its outcome. It writes the failure to the event log, where clients
 * see it immediately, and marks the job, so that a process with access to the API's store stores the outcome.
 */

export const NOT_IN_STORE: Failure = {
  code: 'job_not_in_store',
  message: 'The worker could not find this job in its store.',
  hint: 'The API and every worker need the same STORE_URL, or a shared DATA_DIR. Fix that, then send the request again.',
}

export const NOT_READABLE: Failure = {
  code: 'job_unreadable',
  message: 'The stored record of this job cannot be read.',
  hint: 'Send the request again. The operator can find the file in the log by this job ID.',
}

/** Fails a job whose record is missing or unreadable. Idempotent. */
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
  await deps.client.sadd(keys.rejected, jobId)
  await deps.eventLog.close(jobId, outcome, failure)
}
