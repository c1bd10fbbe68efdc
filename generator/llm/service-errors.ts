import { APIConnectionError, APIConnectionTimeoutError, APIError } from 'openai'
import { malformed, streamInterrupted } from './parse-answer.ts'
import { ModelError, type ModelErrorCode, type UnsupportedParameter } from './model-error.ts'
import { findUnsupportedParameter } from './unsupported-parameter.ts'

const OPERATOR = 'The operator of this service'

/** An error reported by the service, by status, in a body, or in a stream. */
export type ServiceError = {
  readonly status?: number | undefined
  readonly code?: string | null | undefined
  readonly type?: string | null | undefined
  readonly param?: string | null | undefined
  readonly retryAfterMs?: number | null
  readonly requestId?: string | null
  readonly refused?: UnsupportedParameter | null
}

/**
 * Maps an error of the client to a `ModelError`. Omits the service's own message, which may repeat the key or the
 * prompt. Unrelated errors are returned unchanged.
 */
export function toModelError(error: unknown): unknown {
  if (error instanceof ModelError) return error
  if (error instanceof APIConnectionTimeoutError) return timedOut()
  if (error instanceof APIConnectionError) return unreachable(error)
  if (error instanceof APIError) {
    const { status, code, type, param, headers, requestID } = error
    return fromServiceError({
      status,
      code,
      type,
      param,
      retryAfterMs: headers ? retryAfterMs(headers, Date.now()) : null,
      requestId: requestID ?? null,
      refused: findUnsupportedParameter(status, param, error.message),
    })
  }
  // The client reports an event of the stream that is not JSON as a bare SyntaxError.
  if (error instanceof SyntaxError) return malformed()
  // fetch reports connection errors while reading a body as a TypeError or its cause.
  const network = networkCode(error)
  if (network === 'UND_ERR_BODY_TIMEOUT' || network === 'UND_ERR_HEADERS_TIMEOUT') return timedOut()
  if (network !== null || (error instanceof TypeError && error.message === 'terminated'))
    return streamInterrupted()
  return error
}

/** The events of a stream. Malformed events make the client throw; they are reported as service errors. */
export async function* streamEvents(
  stream: AsyncIterable<unknown>,
): AsyncGenerator<unknown, void, undefined> {
  try {
    yield* stream
  } catch (error) {
    const fault = toModelError(error)
    throw fault instanceof ModelError ? fault : malformed()
  }
}

export function timedOut(): ModelError {
  return new ModelError({
    code: 'model_timeout',
    message: 'The model service did not answer in time.',
    hint: `Try again later. ${OPERATOR} can allow more time with OPENAI_TIMEOUT_SECONDS.`,
    retryable: true,
    billable: true,
  })
}

/** Maps an error that the service itself reports. */
export function fromServiceError(fault: ServiceError): ModelError {
  const { status, retryAfterMs = null, requestId = null, refused = null } = fault
  const make = (code: ModelErrorCode, message: string, hint: string, retryable = false) =>
    new ModelError({
      code,
      message,
      hint,
      retryable,
      retryAfterMs,
      status: status ?? null,
      requestId,
      refused,
    })
  const words = `${fault.code ?? ''} ${fault.type ?? ''}`

  // Reported as 429, but waiting does not help: the account needs credit or a higher limit.
  if (status === 402 || /quota|credit|billing|spend|budget|payment/i.test(words)) {
    return make(
      'model_quota_exhausted',
      'The account at the model service has no credit left, or reached its spending limit.',
      `${OPERATOR} must add credit or raise the limit; the offline designer works in the meantime.`,
    )
  }
  if (
    /context_length|string_above_max_length|input_too_long|max_tokens_exceeded/i.test(words) ||
    status === 413
  ) {
    return make(
      'model_input_too_long',
      'The request and its attachment exceed the context window of the model.',
      'Shorten the request, or attach only the part of the document that matters.',
    )
  }
  if (status === 401 || /invalid_api_key|authentication/i.test(words)) {
    return make(
      'model_unauthorized',
      'The model service did not accept the API key.',
      `${OPERATOR} must set a valid OPENAI_API_KEY.`,
    )
  }
  if (status === 403 || /permission/i.test(words)) {
    return make(
      'model_forbidden',
      'The API key is not allowed to use this model from this location.',
      `${OPERATOR} must enable the model for the key's project, or set another OPENAI_MODEL.`,
    )
  }
  if (status === 404 || /model_not_found/i.test(words)) {
    return make(
      'model_not_found',
      'The model service does not recognize the configured model or address.',
      `${OPERATOR} must check OPENAI_MODEL and OPENAI_BASE_URL.`,
    )
  }
  if (/content_filter|content_policy|moderation/i.test(words)) {
    return make(
      'model_filtered',
      "The model service's content filter refused the request.",
      'Rephrase what the backend is for.',
    )
  }
  if (status === 429 || /rate_limit|too_many_requests/i.test(words)) {
    return make(
      'model_rate_limited',
      'The model service is rate limiting this account.',
      retryAfterMs === null
        ? 'Try again in a few minutes.'
        : `Try again in ${formatWait(retryAfterMs)}, as the service requests.`,
      true,
    )
  }
  const unavailable = status === undefined ? !/invalid/i.test(words) : status >= 500
  if (unavailable || status === 408 || status === 409) {
    return make(
      'model_unavailable',
      'The model service had an internal error.',
      'Try again in a few minutes.',
      true,
    )
  }
  const named = [fault.code, fault.param].filter((word) => word && /^[a-z][a-z0-9_.[\]]{0,60}$/.test(word))
  const naming = named.length > 0 ? ` The service reported: ${named.join(', ')}.` : ''
  return make(
    'model_bad_request',
    'The model service rejected the request parameters.',
    `${OPERATOR} should check the OPENAI_ settings against what the model supports.${naming}`,
  )
}

/** Parses `retry-after-ms` or `retry-after` (seconds or a date), in milliseconds, or null. */
export function retryAfterMs(headers: Headers, now: number): number | null {
  const exact = headers.get('retry-after-ms')
  if (exact !== null && /^\d+(\.\d+)?$/.test(exact)) return Math.round(Number(exact))
  const after = headers.get('retry-after')
  if (after === null) return null
  if (/^\d+(\.\d+)?$/.test(after)) return Math.round(Number(after) * 1000)
  const date = Date.parse(after)
  return Number.isNaN(date) ? null : Math.max(0, date - now)
}

/** Nothing was sent, so nothing was charged. */
const NEVER_CONNECTED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

function unreachable(error: APIConnectionError): ModelError {
  return new ModelError({
    code: 'model_unreachable',
    message: 'The model service could not be reached.',
    hint: `Try again in a few minutes. ${OPERATOR} can check the network and OPENAI_BASE_URL.`,
    retryable: true,
    billable: !NEVER_CONNECTED.has(networkCode(error) ?? ''),
  })
}

/** The first system or fetch error code in a chain of causes, at most five deep. */
function networkCode(error: unknown): string | null {
  let link: unknown = error
  for (let depth = 0; depth < 5 && link instanceof Error; depth += 1) {
    if ('code' in link && typeof link.code === 'string' && /^(UND_ERR_|E[A-Z])/.test(link.code))
      return link.code
    // A name with several addresses has one error for each.
    link = link instanceof AggregateError ? (link.errors[0] ?? link.cause) : link.cause
  }
  return null
}

function formatWait(ms: number): string {
  const seconds = Math.max(1, Math.ceil(ms / 1000))
  if (seconds === 1) return 'a second'
  return seconds < 120 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`
}
