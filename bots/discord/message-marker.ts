import { createHash } from 'node:crypto'
import type { MessageMarker } from '../core/chat.ts'
import { LIMITS } from './limits.ts'

/**
 * What a message of ours carries to be found again: the `id` of its outermost component, a number that nobody sees and
 * that Discord gives back. 31 bits of a hash; looked for among the bot's own messages of one channel.
 */
export const markerId = ({ jobId, part }: MessageMarker): number =>
  createHash('sha256').update(`${jobId}:${part}`).digest().readUInt32BE(0) & 0x7fff_ffff

/** With `enforce_nonce`, Discord gives back the message that has it instead of a second one, for some minutes. */
export const nonceOf = ({ jobId, part }: MessageMarker, content: unknown): string =>
  createHash('sha256')
    .update(`${jobId}:${part}:${JSON.stringify(content)}`)
    .digest('base64url')
    .slice(0, LIMITS.message.nonce)
