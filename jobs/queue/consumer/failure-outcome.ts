import type { Logger } from 'pino'
import type { JobOutcome, JobRecord, Progress } from '#contract'

export type FailureOutcome = (job: {
  record: JobRecord
  lastProgress: Progress | null
  error: unknown
}) => JobOutcome

/** The outcome of a failed job. An error while describing the failure must not leave the job open. */
export function safeFailureOutcome(
  deps: { failureOutcome: FailureOutcome; log: Logger },
  job: { record: JobRecord; lastProgress: Progress | null; error: unknown; startedAt: string },
): JobOutcome {
  const { startedAt, ...given } = job
  try {
    return deps.failureOutcome(given)
  } catch (error) {
    const { jobId } = job.record
    deps.log.error({ err: error, cause: job.error, jobId }, 'cannot describe a job failure')
    return {
      state: 'failed',
      finishedAt: new Date().toISOString(),
      startedAt,
      percent: job.lastProgress?.percent ?? 0,
      stage: job.lastProgress?.stage ?? null,
      steps: job.lastProgress?.steps ?? [],
      failure: { code: 'internal_error', message: 'The job failed because of an internal error.' },
      report: null,
    }
  }
}
