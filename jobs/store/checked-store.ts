import { notStarted, JobOutcome, JobRecord, type Failure, type JobId } from '#contract'
import type { Logger } from 'pino'
import { decodeTime } from 'ulid'
import type { JobStore } from './job-store.ts'

const UNREADABLE: Failure = {
  code: 'outcome_unreadable',
  message: 'The stored result of this job cannot be read.',
  hint: 'Send the request again. The operator can find the file in the log by this job ID.',
}
const INVALID: Failure = {
  code: 'outcome_invalid',
  message: 'The job ran, but its result is invalid and cannot be stored.',
  hint: 'Send the request again. If this keeps happening, the operator can find the cause in the log by this job ID.',
}

/**
 * A store that validates what it writes, and reports unreadable outcomes as failures on every route and in the thread.
 * The damaged file is kept for the operator.
 */
export function checkedStore(store: JobStore, log: Pick<Logger, 'error'>): JobStore {
  const orUnreadable = (jobId: JobId) => (error: unknown) => {
    if ((error as { code?: unknown }).code !== 'store_corrupt') throw error
    log.error({ err: error, jobId }, 'stored job outcome cannot be read')
    // The finish time is lost; the id contains the creation time.
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
      if (!parsed.success) log.error({ err: parsed.error, jobId }, 'job outcome is invalid; failing the job')
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
  // Everything else is delegated to the store.
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
