/** The queue's folder belongs to a running process. */
export class QueueInUseError extends Error {
  override readonly name = 'QueueInUseError'
  readonly code = 'queue_in_use'
  readonly pid: number

  constructor(folder: string, pid: number, host: string | null) {
    const owner = host === null ? `process ${pid}` : `process ${pid} on host ${host}`
    super(
      `The queue in ${folder} is in use by ${owner}. Stop that process, choose another data folder, ` +
        'or set REDIS_URL so that several processes can share one Redis.',
    )
    this.pid = pid
  }
}

/** REDIS_URL cannot be understood. Never holds the URL itself: it may carry a password. */
export class RedisUrlError extends Error {
  override readonly name = 'RedisUrlError'
  readonly code = 'redis_url_invalid'
}

/** The queue could not be opened. */
export class QueueUnreachableError extends Error {
  override readonly name = 'QueueUnreachableError'
  readonly code = 'queue_unreachable'
}

/** The embedded queue was about to start where only a real Redis is good enough. */
export class EmbeddedQueueRefusedError extends Error {
  override readonly name = 'EmbeddedQueueRefusedError'
  readonly code = 'embedded_queue_refused'

  constructor(why: string) {
    super(
      `${why} The embedded queue is made for one process on a developer's machine and does not start under ` +
        'NODE_ENV=production. Set REDIS_URL (for example redis://user:password@host:6379), ' +
        'or install redis-server 6.2 or newer on the PATH.',
    )
  }
}

/** The embedded queue's snapshot cannot be read back. */
export class SnapshotCorruptError extends Error {
  override readonly name = 'SnapshotCorruptError'
  readonly code = 'queue_snapshot_corrupt'

  constructor(file: string, why: string, options?: ErrorOptions) {
    super(
      `The queue's snapshot ${file} cannot be read: ${why}. Restore the file from a backup, or move it away to ` +
        'start with an empty queue: jobs that have not finished are then queued again from the job store.',
      options,
    )
  }
}

/** The queue is there in principle, but does not answer now. Trying again later is the right thing to do. */
export class QueueUnavailableError extends Error {
  override readonly name = 'QueueUnavailableError'
  readonly code = 'queue_unavailable'

  constructor(options?: ErrorOptions) {
    super('The queue does not answer at the moment. Try again in a few seconds.', options)
  }
}

/** A request failed, and the store would not take back what it had stored of it. */
export class SubmissionUncertainError extends Error {
  override readonly name = 'SubmissionUncertainError'
  readonly code = 'submission_uncertain'

  constructor(jobId: string, options?: ErrorOptions) {
    super(
      `The service failed before it could tell whether the job was taken. Before you send the request again, look at /jobs/${jobId}; ` +
        'sending it again with the same Idempotency-Key never makes a second job.',
      options,
    )
  }
}

/** A caller used one idempotency key for two different requests. */
export class IdempotencyConflictError extends Error {
  override readonly name = 'IdempotencyConflictError'
  readonly code = 'idempotency_conflict'

  constructor() {
    super('This idempotency key was used for a different request. Use a new key for a new request.')
  }
}

export type QuotaName = 'jobs_at_once' | 'jobs_per_day' | 'tokens_per_day' | 'cost_per_day' | 'cost_unknown'

/** Somebody has used up what they may use. The message is for them; `code` says which limit it is. */
export class QuotaError extends Error {
  override readonly name = 'QuotaError'
  readonly code: QuotaName
  readonly limit: number
  /** Whole seconds until asking again makes sense: the end of the day, or a moment. */
  readonly afterSeconds: number

  constructor(reached: {
    name: QuotaName
    used: number
    limit: number
    /** The name of the API key; null for a person in a chat, and for an API without keys. */
    asker: string | null
    isPerson: boolean
    /** Null: as soon as one of the jobs has ended. */
    resetsAt: Date | null
    now: Date
  }) {
    const { name, used, limit, asker, isPerson, resetsAt, now } = reached
    const afterSeconds =
      resetsAt === null ? 30 : Math.max(1, Math.ceil((resetsAt.getTime() - now.getTime()) / 1000))
    const who = isPerson ? 'You have' : asker === null ? 'This API has' : `The API key "${asker}" has`
    super(`${who} ${usedUp(name, used, limit)} ${whenAgain(resetsAt, afterSeconds)}`)
    this.code = name
    this.limit = limit
    this.afterSeconds = afterSeconds
  }
}

function usedUp(name: QuotaName, used: number, limit: number): string {
  const count = (number: number) => number.toLocaleString('en-US')
  switch (name) {
    case 'jobs_at_once':
      return `${count(used)} ${used === 1 ? 'job that has' : 'jobs that have'} not ended, and ${count(limit)} at once ${limit === 1 ? 'is' : 'are'} allowed.`
    case 'jobs_per_day':
      return `asked for ${count(used)} ${used === 1 ? 'backend' : 'backends'} today, and ${count(limit)} a day ${limit === 1 ? 'is' : 'are'} allowed.`
    case 'tokens_per_day':
      return `used ${count(used)} tokens of a model today, and ${count(limit)} a day are allowed.`
    case 'cost_per_day':
      return `used $${used.toFixed(2)} of a model today, and $${limit.toFixed(2)} a day is allowed.`
    case 'cost_unknown':
      return `used a model today whose price is not known, so the limit of $${limit.toFixed(2)} a day cannot be checked. The operator can add the model to OPENAI_PRICES of every worker.`
  }
}

function whenAgain(resetsAt: Date | null, afterSeconds: number): string {
  if (resetsAt === null) return 'Wait until one has ended, or cancel one.'
  const minutes = Math.ceil(afterSeconds / 60)
  const left = minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
  return `It begins anew at 00:00 UTC, in ${left}.`
}

/** A limit in dollars cannot hold, since a worker asks a model whose price it does not know. */
export class ModelUnpricedError extends Error {
  override readonly name = 'ModelUnpricedError'
  readonly code = 'model_unpriced'
}

/** The cursor of a listing was not one that a listing gave out. */
export class InvalidCursorError extends Error {
  override readonly name = 'InvalidCursorError'
  readonly code = 'invalid_cursor'

  constructor() {
    super('The cursor is unknown. Use the nextCursor of the page before, or leave it out to start over.')
  }
}

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

/** This process keeps jobs elsewhere than the others that use the same queue. */
export class StoreMismatchError extends Error {
  override readonly name = 'StoreMismatchError'
  readonly code = 'store_mismatch'

  constructor(place: { queue: string; ours: string; theirs: string; key: string }) {
    super(
      `Jobs of the queue at ${place.queue} are kept in ${place.theirs}, but this process would keep them in ${place.ours}: ` +
        'set STORE_URL to one store for the API and every worker, or DATA_DIR to one folder that all of them share. ' +
        `If the store was moved on purpose, stop them all and delete the key ${place.key} in Redis.`,
    )
  }
}
