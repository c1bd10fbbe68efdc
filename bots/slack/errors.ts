import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
} from '@slack/web-api'
import { ChatError, type ChatErrorCode } from '../core/chat.ts'

/** Whether a call is idempotent: `again` for edits and lookups, `once` for new messages. */
export type Retryable = 'once' | 'again'

/** Slack's error codes by their meaning here; any other code is `refused`. */
const ERROR_CODES: Readonly<Record<string, ChatErrorCode>> = {
  invalid_blocks: 'invalid_blocks',
  invalid_blocks_format: 'invalid_blocks',
  invalid_attachments: 'invalid_blocks',
  msg_blocks_too_long: 'invalid_blocks',
  msg_too_long: 'invalid_blocks',

  message_not_found: 'message_gone',
  cant_update_message: 'message_gone',
  edit_window_closed: 'message_gone',

  channel_not_found: 'destination_gone',
  not_in_channel: 'destination_gone',
  is_archived: 'destination_gone',
  thread_not_found: 'destination_gone',
  restricted_action: 'destination_gone',
  restricted_action_read_only_channel: 'destination_gone',
  restricted_action_thread_only_channel: 'destination_gone',
  restricted_action_non_threadable_channel: 'destination_gone',
  restricted_action_thread_locked: 'destination_gone',
  posting_to_general_channel_denied: 'destination_gone',
  channel_type_not_supported: 'destination_gone',
  method_not_supported_for_channel_type: 'destination_gone',
  external_channel_migrating: 'retryable',

  ratelimited: 'retryable',
  rate_limited: 'retryable',
  message_limit_exceeded: 'retryable',
  service_unavailable: 'retryable',
  team_added_to_org: 'retryable',
  // An operator can fix a wrong token, so the conversation waits.
  invalid_auth: 'retryable',
  token_revoked: 'retryable',
  not_authed: 'retryable',
  token_expired: 'retryable',

  // According to Slack, these may have taken partial effect.
  internal_error: 'ambiguous',
  fatal_error: 'ambiguous',
  request_timeout: 'ambiguous',
}

/** Failures before the request was sent. */
const NOT_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])
/** For a 429 without Retry-After. */
const DEFAULT_RETRY_MS = 30_000

/** Maps the errors of `@slack/web-api`, whose own retries are turned off. */
export function toChatError(error: unknown, repeatable: Retryable): ChatError {
  const unclear: ChatErrorCode = repeatable === 'once' ? 'ambiguous' : 'retryable'
  const known = (code: ChatErrorCode, reason: string, afterMs?: number) =>
    new ChatError(code === 'ambiguous' ? unclear : code, reason, {
      cause: error,
      ...(afterMs !== undefined && { afterMs }),
    })

  if (error instanceof ChatError) return error
  if (error instanceof WebAPIRateLimitedError)
    return known('retryable', 'rate_limited', error.retryAfter * 1000)
  if (error instanceof WebAPIPlatformError) {
    const { error: word, response_metadata: more } = error.data
    // Such as a proxy's error page instead of Slack's JSON.
    if (!/^[a-z0-9_]{1,80}$/.test(word)) return known('ambiguous', 'unreadable_answer')
    const seconds = more?.retryAfter
    return known(ERROR_CODES[word] ?? 'refused', word, seconds === undefined ? undefined : seconds * 1000)
  }
  if (error instanceof WebAPIHTTPError)
    return known(error.statusCode >= 500 ? 'ambiguous' : 'refused', `http_${error.statusCode}`)
  if (error instanceof WebAPIRequestError) {
    const code = codeOf(error.original)
    return known(NOT_SENT.has(code) ? 'retryable' : 'ambiguous', code.toLowerCase() || 'no_answer')
  }
  if (error instanceof Error && error.message.startsWith('Retry header'))
    return known('retryable', 'rate_limited', DEFAULT_RETRY_MS)
  return known('ambiguous', 'no_answer')
}

/** The code at the bottom of a chain of causes, such as `ECONNRESET`. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return ''
  const deeper = codeOf(error.cause)
  if (deeper !== '') return deeper
  if (error.name === 'TimeoutError') return 'timeout'
  return 'code' in error && typeof error.code === 'string' ? error.code : ''
}
