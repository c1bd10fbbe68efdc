import { notStarted, JobOutcome, JobRecord, type Failure, type JobId } from '#contract'
import type { Logger } from 'pino'
import { decodeTime } from 'ulid'
import type { JobStore } from './job-store.ts'

const UNREADABLE: Failure = {
  code: 'outcome_unreadable',
  message: 'How this job ended was stored, but cannot be read.',
  hint: 'Send the request again. The operator finds the file in the log under this job id.',
}
const INVALID: Failure = {
  code: 'outcome_invalid',
  message: 'The job ran, but its result has a form that cannot be stored.',
  hint: 'Send the request again. If it happens again, the operator finds the reason in the log under this job id.',
}

/**
 * A store that writes nothing that it could not read back, and whose outcomes can always be told: one that cannot be read
 * is a failure that says so, on every route and in the thread. The file stays as it is, for the operator.
 */
export function checkedStore(store: JobStore, log: Pick<Logger, 'error'>): JobStore {
  const orUnreadable = (jobId: JobId) => (error: unknown) => {
    if ((error as { code?: unknown }).code !== 'store_corrupt') throw error
    log.error({ err: error, jobId }, 'the outcome of a job cannot be read')
    // When it ended is not known any more; the id says when it was made.
    return failedOutcome(new Date(decodeTime(jobId.toUpperCase())), UNREADABLE)
  }

  const checked: Pick<JobStore, 'createRecord' | 'readOutcome' | 'putOutcome'> = {
    createRecord: async (record) => store.createRecord(JobRecord.parse(record)),
    async readOutcome(jobId) {
      try {
        return await store.readOutcome(jobId)
      } catch (error) {
        return orUnreadable(jobId)(error)
      }
    },
    async putOutcome(jobId, outcome) {
      const parsed = JobOutcome.safeParse(outcome)
      if (!parsed.success)
        log.error({ err: parsed.error, jobId }, 'the outcome of a job is not valid; the job fails')
      try {
        return await store.putOutcome(
          jobId,
          parsed.success ? parsed.data : failedOutcome(new Date(), INVALID),
        )
      } catch (error) {
        return { outcome: orUnreadable(jobId)(error), won: false }
      }
    },
  }
  // Everything else is the store's own.
  return Object.assign(Object.create(store) as JobStore, checked)
}

const failedOutcome = (at: Date, failure: Failure): JobOutcome => ({
  state: 'failed',
  finishedAt: at.toISOString(),
  startedAt: null,
  percent: 0,
  stage: null,
  steps: notStarted.steps,
  failure,
  report: null,
})
