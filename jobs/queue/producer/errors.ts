/** A request failed, and its stored job could not be withdrawn. */
export class SubmissionUncertainError extends Error {
  override readonly name = 'SubmissionUncertainError'
  readonly code = 'submission_uncertain'

  constructor(jobId: string, options?: ErrorOptions) {
    super(
      `The service failed before it could confirm the job. Before you send the request again, check /jobs/${jobId}; ` +
        'a retry with the same Idempotency-Key never creates a second job.',
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

/** A quota is exhausted. The message is for its holder; `code` is the limit. */
export class QuotaError extends Error {
  override readonly name = 'QuotaError'
  readonly code: QuotaName
  readonly limit: number
  /** Seconds until a retry may succeed. */
  readonly retryAfterSeconds: number

  constructor(reached: {
    name: QuotaName
    used: number
    limit: number
    /** The name of the API key; null for a person in a chat, and for an API without keys. */
    keyName: string | null
    isPerson: boolean
    /** Null: as soon as a job ends. */
    resetsAt: Date | null
    now: Date
  }) {
    const { name, used, limit, keyName, isPerson, resetsAt, now } = reached
    const retryAfterSeconds =
      resetsAt === null ? 30 : Math.max(1, Math.ceil((resetsAt.getTime() - now.getTime()) / 1000))
    const who = isPerson ? 'You have' : keyName === null ? 'This API has' : `The API key "${keyName}" has`
    super(`${who} ${usedUp(name, used, limit)} ${retryHint(resetsAt, retryAfterSeconds)}`)
    this.code = name
    this.limit = limit
    this.retryAfterSeconds = retryAfterSeconds
  }
}

function usedUp(name: QuotaName, used: number, limit: number): string {
  const count = (number: number) => number.toLocaleString('en-US')
  switch (name) {
    case 'jobs_at_once':
      return `${count(used)} open ${used === 1 ? 'job' : 'jobs'}; the limit is ${count(limit)} at once.`
    case 'jobs_per_day':
      return `requested ${count(used)} ${used === 1 ? 'backend' : 'backends'} today; the limit is ${count(limit)} a day.`
    case 'tokens_per_day':
      return `used ${count(used)} model tokens today; the limit is ${count(limit)} a day.`
    case 'cost_per_day':
      return `spent $${used.toFixed(2)} on models today; the limit is $${limit.toFixed(2)} a day.`
    case 'cost_unknown':
      return `used a model without a known price today, so the limit of $${limit.toFixed(2)} a day cannot be checked. The operator can add the model to OPENAI_PRICES of every worker.`
  }
}

function retryHint(resetsAt: Date | null, retryAfterSeconds: number): string {
  if (resetsAt === null) return 'Wait for one to finish, or cancel one.'
  const minutes = Math.ceil(retryAfterSeconds / 60)
  const left = minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
  return `Resets at 00:00 UTC, in ${left}.`
}

/** A cost limit cannot be enforced, because a worker has no price for its model. */
export class ModelUnpricedError extends Error {
  override readonly name = 'ModelUnpricedError'
  readonly code = 'model_unpriced'
}

/** The cursor was not returned by a list request. */
export class InvalidCursorError extends Error {
  override readonly name = 'InvalidCursorError'
  readonly code = 'invalid_cursor'

  constructor() {
    super('The cursor is invalid. Use the nextCursor of the previous page, or omit it to start over.')
  }
}
