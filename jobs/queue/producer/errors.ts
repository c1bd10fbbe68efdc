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

export type QuotaName =
  | 'jobs_at_once'
  | 'jobs_per_day'
  | 'tokens_per_day'
  | 'cost_per_day'
  | 'cost_unknown'
  | 'cost_per_month'
  | 'month_cost_unknown'

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
    /** Who has reached it, as the beginning of a sentence: "You have". */
    holder: string
    /** Null: as soon as a job ends. */
    resetsAt: Date | null
    now: Date
  }) {
    const { name, used, limit, holder, resetsAt, now } = reached
    const retryAfterSeconds =
      resetsAt === null ? 30 : Math.max(1, Math.ceil((resetsAt.getTime() - now.getTime()) / 1000))
    super(`${holder} ${usedUp(name, used, limit)} ${retryHint(name, resetsAt, retryAfterSeconds)}`)
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
    case 'cost_per_month':
      return `spent $${used.toFixed(2)} on models this month; the limit is $${limit.toFixed(2)} a month.`
    case 'month_cost_unknown':
      return `used a model without a known price this month, so the limit of $${limit.toFixed(2)} a month cannot be checked.`
  }
}

function retryHint(name: QuotaName, resetsAt: Date | null, retryAfterSeconds: number): string {
  if (resetsAt === null) return 'Wait for one to finish, or cancel one.'
  if (name === 'cost_per_month' || name === 'month_cost_unknown')
    return `Resets on ${resetsAt.toISOString().slice(0, 10)}, 00:00 UTC.`
  const minutes = Math.ceil(retryAfterSeconds / 60)
  const left = minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
  return `Resets at 00:00 UTC, in ${left}.`
}

/** A cost limit cannot be enforced, because a worker has no price for its model. */
export class ModelUnpricedError extends Error {
  override readonly name = 'ModelUnpricedError'
  readonly code = 'model_unpriced'
}

/** What a channel, a workspace or a person prefers cannot be read, limits among it. */
export class PreferencesUnreadableError extends Error {
  override readonly name = 'PreferencesUnreadableError'
  readonly code = 'preferences_unreadable'

  constructor(options?: ErrorOptions) {
    super(
      'The settings of this channel, its workspace or this person cannot be read, so nothing is started. The operator can find the file in the log.',
      options,
    )
  }
}

/** A model was chosen that this installation does not allow, or that is retired. */
export class ModelNotAllowedError extends Error {
  override readonly name = 'ModelNotAllowedError'
  readonly code = 'model_not_allowed'

  constructor(model: string, models: readonly string[]) {
    const choice =
      models.length === 0 ? 'This service has no models to choose from.' : `Choose ${models.join(' or ')}.`
    super(`The model ${model} is not allowed here. ${choice}`)
  }
}

/** The cursor was not returned by a list request. */
export class InvalidCursorError extends Error {
  override readonly name = 'InvalidCursorError'
  readonly code = 'invalid_cursor'

  constructor() {
    super('The cursor is invalid. Use the nextCursor of the previous page, or omit it to start over.')
  }
}
