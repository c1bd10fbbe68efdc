import { DiscordAPIError, HTTPError, RateLimitError } from 'discord.js'
import { ChatError, type ChatErrorCode } from '../core/chat.ts'

/** Whether a call is safe to repeat: edits and reads are (`again`), creating a message is not (`once`). */
export type Retry = 'once' | 'again'

/** Discord's error codes; any other code is a refusal. */
const ERROR_CODES: Readonly<Record<number, ChatErrorCode>> = {
  /** Unknown channel, message, server. */
  10_003: 'destination_gone',
  10_004: 'destination_gone',
  10_008: 'message_gone',
  /** Missing access or permissions; a locked or archived thread. */
  50_001: 'destination_gone',
  50_013: 'destination_gone',
  50_083: 'destination_gone',
  40_058: 'destination_gone',
  160_005: 'destination_gone',
  160_006: 'destination_gone',
  /** The user does not accept direct messages. */
  50_007: 'destination_gone',
  50_278: 'destination_gone',
  /** A message by another user. */
  50_005: 'message_gone',
  /** Too many edits of a message older than an hour. */
  30_046: 'message_old',
  /** Invalid form body. */
  50_035: 'invalid_blocks',
  50_006: 'invalid_blocks',
  /** Too many messages, threads or requests. */
  20_016: 'retryable',
  20_028: 'retryable',
  20_022: 'retryable',
  30_033: 'retryable',
  40_004: 'retryable',
  130_000: 'retryable',
  /** An operator can fix a wrong token, so the conversation waits. */
  40_001: 'retryable',
  50_014: 'retryable',
}

/** Failures before the request was sent. */
const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

/**
 * Maps the errors of `@discordjs/rest`, whose own retries are off. The original error is dropped: it holds the request,
 * and the URL of an interaction contains a token.
 */
export function toChatError(error: unknown, retry: Retry): ChatError {
  const unknownOutcome: ChatErrorCode = retry === 'once' ? 'ambiguous' : 'retryable'
  const chatError = (code: ChatErrorCode, reason: string, afterMs?: number) =>
    new ChatError(
      code === 'ambiguous' ? unknownOutcome : code,
      reason,
      afterMs === undefined ? {} : { afterMs },
    )

  if (error instanceof ChatError) return error
  if (error instanceof RateLimitError)
    return chatError('retryable', 'rate_limited', Math.max(error.retryAfter, error.timeToReset))
  if (error instanceof DiscordAPIError) {
    const { code, status } = error
    if (status === 401) return chatError('retryable', 'unauthorized')
    // Too large, for Discord or for a proxy in front of it.
    if (status === 413) return chatError('refused', '40005')
    const mapped = typeof code === 'number' ? ERROR_CODES[code] : undefined
    if (mapped !== undefined) return chatError(mapped, String(code))
    return chatError(
      status === 408 || status === 425 ? 'ambiguous' : 'refused',
      String(code || `http_${status}`),
    )
  }
  if (error instanceof HTTPError)
    return chatError(error.status >= 500 ? 'ambiguous' : 'refused', `http_${error.status}`)
  const code = codeOf(error)
  return chatError(NEVER_SENT.has(code) ? 'retryable' : 'ambiguous', code.toLowerCase() || 'no_answer')
}

/** Discord's code for an error, safe to log: no URL and no content. */
export function errorSummary(error: unknown): string {
  if (error instanceof DiscordAPIError) return `discord_${error.code}`
  if (error instanceof HTTPError) return `http_${error.status}`
  if (error instanceof RateLimitError) return 'rate_limited'
  const code = codeOf(error)
  if (code !== '') return code.toLowerCase()
  return error instanceof Error ? error.name : 'unknown'
}

/** The code of the root cause, such as `ECONNRESET`. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return ''
  const deeper = codeOf(error.cause)
  if (deeper !== '') return deeper
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return 'timeout'
  return 'code' in error && typeof error.code === 'string' ? error.code : ''
}
