/** Why a job was given up that took down (or froze) every worker that tried it. */
export class JobStalledError extends Error {
  override readonly name = 'JobStalledError'
  readonly code = 'job_stalled'

  constructor(times: number) {
    super(`The worker that ran this job was lost ${times} times.`)
  }
}

/** Cancelled by a person; taken from us because our lock ran out; or this worker is stopping. */
export type AbortCause = 'cancelled' | 'lock_lost' | 'stopping'

/** The reason of a run's abort signal. */
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
