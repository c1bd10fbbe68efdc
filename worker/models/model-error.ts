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
  | 'model_unreachable'

/** An optional parameter that a server would not take. */
export type UnsupportedParameter = 'format' | 'effort' | 'limit' | 'cacheKey' | 'usage'

/**
 * A call to a model that gave no usable answer, in a person's words.
 * It has no `cause` on purpose: a service's own error text may repeat the key or the prompt, and loggers print causes.
 */
export class ModelError extends Error {
  override readonly name = 'ModelError'
  readonly code: ModelErrorCode
  /** What a person can do about it. */
  readonly hint: string
  /** Whether the same call may succeed later. */
  readonly retryable: boolean
  /** The service may have charged for the attempt, so it is repeated less readily. */
  readonly billable: boolean
  /** How long the service asks to wait, in milliseconds. */
  readonly retryAfterMs: number | null
  /** The HTTP status, and the service's own id of the request, for whoever runs this. */
  readonly status: number | null
  readonly requestId: string | null
  /** What to leave out, where the server refused a parameter that it need not know. */
  readonly refused: UnsupportedParameter | null
  /** What is known to have been used by all attempts of the call. */
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

  /** The same fault, with what the whole call used, and not to be tried again. */
  asFinal(usage: ModelUsage): ModelError {
    return new ModelError({ ...this, message: this.message, retryable: false, usage })
  }

  /** The same fault, with what the whole call used. */
  withUsage(usage: ModelUsage): ModelError {
    return new ModelError({ ...this, message: this.message, usage })
  }
}
