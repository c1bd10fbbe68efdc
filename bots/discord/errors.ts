import { DiscordAPIError, HTTPError, RateLimitError } from 'discord.js'
import { ChatError, type ChatErrorCode } from '../core/chat.ts'

/** Whether a call may be made again without looking first: an edit or a look-up may, a new message may not. */
export type Retry = 'once' | 'again'

/** What Discord's codes mean for us; any other code is a refusal. */
const ERROR_CODES: Readonly<Record<number, ChatErrorCode>> = {
  /** Unknown channel, message, server. */
  10_003: 'destination_gone',
  10_004: 'destination_gone',
  10_008: 'message_gone',
  /** Missing access; a thread that is locked or archived for good; permissions that were taken away. */
  50_001: 'destination_gone',
  50_013: 'destination_gone',
  50_083: 'destination_gone',
  40_058: 'destination_gone',
  160_005: 'destination_gone',
  160_006: 'destination_gone',
  /** A person who takes no direct messages. */
  50_007: 'destination_gone',
  50_278: 'destination_gone',
  /** A message of somebody else. */
  50_005: 'message_gone',
  /** Edits of messages older than an hour. */
  30_046: 'message_old',
  /** The form of a message. */
  50_035: 'invalid_blocks',
  50_006: 'invalid_blocks',
  /** Too many messages, threads or requests. */
  20_016: 'retryable',
  20_028: 'retryable',
  20_022: 'retryable',
  30_033: 'retryable',
  40_004: 'retryable',
  130_000: 'retryable',
  /** An operator can mend a wrong token, so the conversation waits. */
  40_001: 'retryable',
  50_014: 'retryable',
}

/** Failures that come before anything was sent. */
const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

/**
 * Maps what `@discordjs/rest` throws, with its own retries turned off. The error itself goes nowhere: it holds the
 * request, and the address of an interaction holds a token.
 */
export function toChatError(error: unknown, repeatable: Retry): ChatError {
  const unclear: ChatErrorCode = repeatable === 'once' ? 'ambiguous' : 'retryable'
  const known = (code: ChatErrorCode, reason: string, afterMs?: number) =>
    new ChatError(code === 'ambiguous' ? unclear : code, reason, afterMs === undefined ? {} : { afterMs })

  if (error instanceof ChatError) return error
  if (error instanceof RateLimitError)
    return known('retryable', 'rate_limited', Math.max(error.retryAfter, error.timeToReset))
  if (error instanceof DiscordAPIError) {
    const { code, status } = error
    if (status === 401) return known('retryable', 'unauthorized')
    // Too large, said by Discord itself or by what stands before it.
    if (status === 413) return known('refused', '40005')
    const meaning = typeof code === 'number' ? ERROR_CODES[code] : undefined
    if (meaning !== undefined) return known(meaning, String(code))
    return known(status === 408 || status === 425 ? 'ambiguous' : 'refused', String(code || `http_${status}`))
  }
  if (error instanceof HTTPError)
    return known(error.status >= 500 ? 'ambiguous' : 'refused', `http_${error.status}`)
  const code = codeOf(error)
  return known(NEVER_SENT.has(code) ? 'retryable' : 'ambiguous', code.toLowerCase() || 'no_answer')
}

/** The platform's word for what went wrong, for a log: no address and no content. */
export function errorSummary(error: unknown): string {
  if (error instanceof DiscordAPIError) return `discord_${error.code}`
  if (error instanceof HTTPError) return `http_${error.status}`
  if (error instanceof RateLimitError) return 'rate_limited'
  const code = codeOf(error)
  if (code !== '') return code.toLowerCase()
  return error instanceof Error ? error.name : 'unknown'
}

/** The code at the bottom of a chain of causes, such as `ECONNRESET`. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return ''
  const deeper = codeOf(error.cause)
  if (deeper !== '') return deeper
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return 'timeout'
  return 'code' in error && typeof error.code === 'string' ? error.code : ''
}
