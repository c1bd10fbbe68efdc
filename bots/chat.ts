import type { Told } from './cards/told.ts'

/**
 * What the follower needs of a chat; `bots/slack/post.ts` is one. `Message` is the platform's own form, made by
 * `render` and sent as it is.
 */
export type Chat<Message = unknown> = {
  readonly pace: {
    /** A message is edited no more often than this, in milliseconds. */
    readonly editGapMs: number
    /** What a workspace takes, all conversations together. */
    readonly editsPerMinute: number
  }
  /** Larger archives go as a link, in bytes. */
  readonly maxUploadBytes: number
  /** The same, the richest first and the plainest last: a version that is refused as `invalid_blocks` is left for the next. */
  render(told: Told): readonly [Message, ...Message[]]

  /** Gives the id of the new message. */
  post(place: Place, message: Message, mark: Mark): Promise<string>
  edit(place: Place, messageId: string, message: Message): Promise<void>
  /** The message of ours that carries the mark, posted after `since`; null when there is none. */
  find(place: Place, mark: Mark, since: Date): Promise<string | null>
  /** The channel in which only this person reads. */
  openDm(userId: string): Promise<string>

  /** Sends the bytes without showing them to anybody; gives the file's id. Whatever is not shared vanishes. */
  upload(file: { filename: string; bytes: Uint8Array }): Promise<string>
  /** Shows an uploaded file in the thread. */
  share(place: Place, fileId: string, title: string): Promise<void>
  /** The file of ours with this name and size that is seen in the place; null when there is none. */
  findFile(place: Place, file: { filename: string; bytes: number }, since: Date): Promise<string | null>
  /** Whether the file is to be seen in the place; null when that cannot be told. */
  isShared(place: Place, fileId: string): Promise<boolean | null>
  /** Takes a file away that was uploaded but is not to be shared after all. Gone already is fine. */
  discard(fileId: string): Promise<void>
}

/** A channel, and in it the thread; null writes to the channel itself. */
export type Place = { readonly channelId: string; readonly threadId: string | null }

/** What a message is, for finding it again. Nobody sees it. */
export type Mark = { readonly jobId: string; readonly part: PartName }
export type PartName = 'root' | 'card' | 'summary' | 'ping'

/**
 * - `retryable`: it did not happen; try again, after `afterMs` where the platform says when.
 * - `ambiguous`: it may have happened: look before trying again.
 * - `invalid_blocks`: the message's form is refused; a plainer one may pass.
 * - `message_gone`: the message was deleted, or may not be edited any more.
 * - `place_gone`: the channel or thread is closed to the bot.
 * - `refused`: it will not happen, however often it is tried.
 */
export type ChatErrorCode =
  | 'retryable'
  | 'ambiguous'
  | 'invalid_blocks'
  | 'message_gone'
  | 'place_gone'
  | 'refused'

/** The chat did not do what it was asked. `reason` is the platform's own word. */
export class ChatError extends Error {
  override readonly name = 'ChatError'
  readonly code: ChatErrorCode
  readonly reason: string
  /** In milliseconds; null where the platform did not say. */
  readonly afterMs: number | null

  constructor(code: ChatErrorCode, reason: string, options: { afterMs?: number; cause?: unknown } = {}) {
    super(`The chat answered ${reason}.`, { cause: options.cause })
    this.code = code
    this.reason = reason
    this.afterMs = options.afterMs ?? null
  }
}
