import { createHash } from 'node:crypto'
import type { MessageMarker } from '../core/chat.ts'
import { LIMITS } from './limits.ts'

/**
 * Identifies a message of the bot after a crash: the `id` of its outermost component, which users do not see and the API
 * returns. 31 bits of a hash, compared only with the bot's own messages in one channel.
 */
export const markerId = ({ jobId, part }: MessageMarker): number =>
  createHash('sha256').update(`${jobId}:${part}`).digest().readUInt32BE(0) & 0x7fff_ffff

/** With `enforce_nonce`, Discord returns the existing message with this nonce instead of creating another, for a few minutes. */
export const nonceOf = ({ jobId, part }: MessageMarker, content: unknown): string =>
  createHash('sha256')
    .update(`${jobId}:${part}:${JSON.stringify(content)}`)
    .digest('base64url')
    .slice(0, LIMITS.message.nonce)
