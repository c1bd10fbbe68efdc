/** The job crashed or froze every worker that ran it. */
export class JobStalledError extends Error {
  override readonly name = 'JobStalledError'
  readonly code = 'job_stalled'

  constructor(times: number) {
    super(`The worker stopped unexpectedly ${times} times while running this job.`)
  }
}

/** Cancelled by a person, lock expired, or worker shutting down. */
export type AbortCause = 'cancelled' | 'lock_lost' | 'stopping'

/** Abort reason of a run's signal. */
export class RunAbortedError extends Error {
  override readonly name = 'RunAbortedError'
  readonly code = 'run_aborted'
  override readonly cause: AbortCause

  constructor(cause: AbortCause) {
    super(`The run was aborted: ${cause.replace('_', ' ')}.`)
    this.cause = cause
  }
}

/** The store has no record of a queued job. */
export class RecordMissingError extends Error {
  override readonly name = 'RecordMissingError'
  readonly code = 'job_not_in_store'

  constructor() {
    super(
      'The store has no record of this job: check that STORE_URL or DATA_DIR is the same for every process.',
    )
  }
}

/** Makes BullMQ retry the job; carries the message of the original error. */
export class RetryError extends Error {
  override readonly name = 'RetryError'
  readonly code = 'run_failed'

  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause })
  }
}
