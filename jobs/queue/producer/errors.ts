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
