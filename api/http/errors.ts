import type { Problem } from '#contract'
import { isQueueUnavailable } from '#queue/map-queue-errors'
import { QuotaError } from '#queue/producer/errors'

type Detail = Problem['error']['details'][number]

/** A rejected request. The message is shown to the sender; `status` is the HTTP status. */
export class RequestError extends Error {
  override readonly name = 'RequestError'
  readonly code: string
  readonly status: number
  readonly details: readonly Detail[]
  /** For an exceeded limit: the limit, and seconds until it resets. */
  readonly reached: { readonly limit: number; readonly retryAfter: number } | null

  constructor(
    status: number,
    code: string,
    message: string,
    details: readonly Detail[] = [],
    reached: { readonly limit: number; readonly retryAfter: number } | null = null,
  ) {
    super(message)
    this.reached = reached
    this.status = status
    this.code = code
    this.details = details
  }
}

/** The response for an error, and whether it needs the operator's attention. */
export type HttpError = {
  readonly status: number
  readonly code: string
  readonly message: string
  readonly details: readonly Detail[]
  /** Retry-After in seconds; null when retrying does not help. */
  readonly retryAfter: number | null
  /** The exceeded limit, for the RateLimit headers; null for other errors. */
  readonly limit?: number | null
  readonly unexpected: boolean
}

const RETRY_AFTER_SECONDS = 5

/** Maps every error to a response. Messages of unexpected errors are hidden. */
export function toHttpError(error: unknown): HttpError {
  if (error instanceof RequestError) {
    const { status, code, message, details } = error
    return {
      status,
      code,
      message,
      details,
      retryAfter: error.reached?.retryAfter ?? (status === 503 ? RETRY_AFTER_SECONDS : null),
      limit: error.reached?.limit ?? null,
      unexpected: false,
    }
  }
  if (error instanceof QuotaError) {
    const { code, message, limit, retryAfterSeconds: retryAfter } = error
    return { status: 429, code, message, details: [], retryAfter, limit, unexpected: false }
  }
  const code = codeOf(error)
  switch (code) {
    case 'idempotency_conflict':
      return refusal(409, code, messageOf(error))
    case 'model_not_allowed':
      return refusal(400, code, messageOf(error), [{ path: 'model', message: messageOf(error) }])
    case 'invalid_cursor':
      return refusal(400, code, messageOf(error), [{ path: 'cursor', message: messageOf(error) }])
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
    case 'FST_ERR_ROUTE_MISSING_CONTENT_TYPE':
      return refusal(
        415,
        'unsupported_media_type',
        'The body must be JSON: send it with the header Content-Type: application/json.',
      )
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return refusal(
        413,
        'body_too_large',
        'The body is too large: shorten the prompt or the attached spec, which may have at most 1,000,000 characters.',
      )
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return refusal(400, 'bad_content_length', 'The body length does not match Content-Length.')
    case 'FST_ERR_BAD_URL':
    case 'FST_ERR_INVALID_URL':
      return refusal(400, 'bad_url', 'The URL is invalid: check its percent-encoding.')
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return refusal(404, 'not_found', 'The URL is too long.')
    case 'submission_uncertain':
    case 'model_unpriced':
    case 'preferences_unreadable':
      return later(code, messageOf(error))
    case 'FST_ERR_HANDLER_TIMEOUT':
      return later('timed_out', 'The request timed out. Try again in a few seconds.')
  }
  if (code === 'store_corrupt')
    return {
      ...refusal(
        500,
        'job_unreadable',
        'The stored job is corrupted. Send the request again. The operator can find the file in the log.',
      ),
      unexpected: true,
    }
  if (code === 'store_unavailable')
    return later('storage_unavailable', 'The job store is unavailable. Try again in a few seconds.')
  const status = statusOf(error)
  if (status >= 400 && status < 500) return refusal(status, 'bad_request', messageOf(error))
  if (isQueueDown(error)) {
    return later('queue_unavailable', 'The queue is unavailable. Try again in a few seconds.')
  }
  if (STORE_FULL.has(code)) {
    return later('storage_unavailable', 'The job cannot be stored: the disk is full or read-only.')
  }
  return {
    status: 500,
    code: 'internal_error',
    message: 'Internal server error. It was logged with this request ID.',
    details: [],
    retryAfter: null,
    unexpected: true,
  }
}

/** Reports a handler timeout as 408 when the request body never arrived. */
export function toLateBodyError(error: unknown, isComplete: boolean): unknown {
  if (isComplete || codeOf(error) !== 'FST_ERR_HANDLER_TIMEOUT') return error
  return new RequestError(408, 'request_timeout', 'The request body did not arrive in time. Send it again.')
}

/** The response body of every error. */
export function toProblem(refusal: HttpError, requestId: string): Problem {
  const { code, message, details } = refusal
  return { error: { code, message, details: [...details], requestId } }
}

/** A loggable form of an error, without Redis command arguments, which may contain anything. */
export function errorForLog(error: unknown, depth = 0): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: String(error) }
  return {
    type: error.name,
    code: codeOf(error) || undefined,
    message: error.message,
    stack: error.stack,
    ...(error.cause !== undefined && depth < 4 && { cause: errorForLog(error.cause, depth + 1) }),
  }
}

function refusal(status: number, code: string, message: string, details: readonly Detail[] = []): HttpError {
  return { status, code, message, details, retryAfter: null, unexpected: false }
}

function later(code: string, message: string): HttpError {
  return { status: 503, code, message, details: [], retryAfter: RETRY_AFTER_SECONDS, unexpected: true }
}

const STORE_FULL = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EMFILE', 'ENFILE'])

const DOWN_CODES = new Set([
  'queue_unavailable',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'NR_CLOSED',
])
const DOWN_NAMES = new Set(['MaxRetriesPerRequestError', 'ClusterAllFailedError'])

/** Whether an error or its cause means that Redis is unreachable or cannot serve. */
function isQueueDown(error: unknown, depth = 0): boolean {
  if (!(error instanceof Error) || depth > 4) return false
  if (DOWN_CODES.has(codeOf(error)) || DOWN_NAMES.has(error.name) || isQueueUnavailable(error)) return true
  if (error instanceof AggregateError && error.errors.some((each) => isQueueDown(each, depth + 1)))
    return true
  return isQueueDown(error.cause, depth + 1)
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

function statusOf(error: unknown): number {
  return error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number'
    ? error.statusCode
    : 500
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error))
