import type { ModelUsage } from '#contract'
import { noUsage } from './usage.ts'

export type ModelErrorCode =
  | 'job_budget_reached'
  | 'model_bad_request'
  | 'model_empty_answer'
  | 'model_filtered'
  | 'model_forbidden'
  | 'model_input_too_long'
  | 'model_malformed_answer'
  | 'model_not_found'
  | 'model_quota_exhausted'
  | 'model_rate_limited'
  | 'model_refused'
  | 'model_retired'
  | 'model_stream_cut'
  | 'model_timeout'
  | 'model_truncated'
  | 'model_unauthorized'
  | 'model_unavailable'
  | 'model_unpriced'
  | 'model_unreachable'

/** An optional parameter that a server rejected. */
export type UnsupportedParameter = 'format' | 'effort' | 'limit' | 'cacheKey' | 'usage'

/**
 * A failed model call, described for people.
 * It deliberately has no `cause`: the service's error text may repeat the key or the prompt, and loggers print causes.
 */
export class ModelError extends Error {
  override readonly name = 'ModelError'
  readonly code: ModelErrorCode
  /** What the user can do about it. */
  readonly hint: string
  /** Whether the same call may succeed later. */
  readonly retryable: boolean
  /** The service may have charged for the attempt, so it is retried less often. */
  readonly billable: boolean
  /** The service's Retry-After, in milliseconds. */
  readonly retryAfterMs: number | null
  /** The HTTP status and the service's request id, for the operator. */
  readonly status: number | null
  readonly requestId: string | null
  /** The optional parameter to omit, when the server rejected one. */
  readonly refused: UnsupportedParameter | null
  /** Known usage of all attempts of the call. */
  readonly usage: ModelUsage

  constructor(fault: {
    code: ModelErrorCode
    message: string
    hint: string
    retryable?: boolean
    billable?: boolean
    retryAfterMs?: number | null
    status?: number | null
    requestId?: string | null
    refused?: UnsupportedParameter | null
    usage?: ModelUsage
  }) {
    super(fault.message)
    this.code = fault.code
    this.hint = fault.hint
    this.retryable = fault.retryable ?? false
    this.billable = fault.billable ?? false
    this.retryAfterMs = fault.retryAfterMs ?? null
    this.status = fault.status ?? null
    this.requestId = fault.requestId ?? null
    this.refused = fault.refused ?? null
    this.usage = fault.usage ?? noUsage
  }

  /** The same error with the usage of the whole call, and no longer retryable. */
  asFinal(usage: ModelUsage): ModelError {
    return new ModelError({ ...this, message: this.message, retryable: false, usage })
  }

  /** The same error with the usage of the whole call. */
  withUsage(usage: ModelUsage): ModelError {
    return new ModelError({ ...this, message: this.message, usage })
  }
}
