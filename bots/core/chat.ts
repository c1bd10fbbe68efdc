import type { Notification } from './cards/notification.ts'

/**
 * What the follower needs of a chat; `bots/slack/post.ts` and `bots/discord/post.ts` are two. `Message` is the platform's
 * own form, made by `render` and sent as it is.
 */
export type Chat<Message = unknown> = Messaging<Message> & (SharesFiles | PostsFiles)

export type Messaging<Message> = {
  readonly rateLimits: {
    /** A message is edited no more often than this, in milliseconds. */
    readonly editGapMs: number
    /** What a workspace takes, all conversations together. */
    readonly editsPerMinute: number
  }
  /** Larger archives go as a link, in bytes; an origin may know better. */
  readonly maxUploadBytes: number
  /** The same, the richest first and the plainest last: a version that is refused as `invalid_blocks` is left for the next. */
  render(told: Notification): readonly [Message, ...Message[]]

  /** Gives the id of the new message. */
  post(destination: Destination, message: Message, marker: MessageMarker): Promise<string>
  edit(destination: Destination, messageId: string, message: Message, marker: MessageMarker): Promise<void>
  /** The message of ours that carries the mark, posted after `since`; null when there is none. */
  find(destination: Destination, marker: MessageMarker, since: Date): Promise<string | null>
  /** The channel in which only this person reads. */
  openDm(userId: string): Promise<string>
  /**
   * Opens the thread on the root message and gives its id; the same one when it is there already, and null where there
   * are no threads. Absent where a thread opens by itself, under the id of its first message.
   */
  openThread?(destination: Destination, thread: NewThread): Promise<string | null>
  /** Takes a message away. Gone already is fine. */
  remove?(destination: Destination, messageId: string): Promise<void>

  /** The file of ours with this name and size that is seen in the place; null when there is none. */
  findFile(
    destination: Destination,
    file: { filename: string; bytes: number },
    since: Date,
  ): Promise<string | null>
}

/** A file is sent first and shown in the thread afterwards. */
export type SharesFiles = {
  readonly files: 'shared'
  /** Sends the bytes without showing them to anybody; gives the file's id. Whatever is not shared vanishes. */
  upload(file: { filename: string; bytes: Uint8Array }): Promise<string>
  /** Shows an uploaded file in the thread. */
  share(destination: Destination, fileId: string, title: string): Promise<void>
  /** Whether the file is to be seen in the place; null when that cannot be told. */
  isShared(destination: Destination, fileId: string): Promise<boolean | null>
  /** Takes a file away that was uploaded but is not to be shared after all. Gone already is fine. */
  discard(fileId: string): Promise<void>
}

/** A file comes in a message of its own, and is seen as soon as that is there. */
export type PostsFiles = {
  readonly files: 'posted'
  /** Gives the id of the message. */
  postFile(
    destination: Destination,
    file: { filename: string; bytes: Uint8Array },
    marker: MessageMarker,
  ): Promise<string>
}

export type NewThread = {
  /** The message that it hangs on. */
  readonly parentMessageId: string
  readonly name: string
  /** Who has to see it. */
  readonly userId: string
  /** No message of the job is older. */
  readonly since: Date
}

/** A channel, and in it the thread; null writes to the channel itself. */
export type Destination = { readonly channelId: string; readonly threadId: string | null }

/** What a message is, for finding it again. Nobody sees it. */
export type MessageMarker = { readonly jobId: string; readonly part: PartName }
export type PartName = 'root' | 'card' | 'archive' | 'summary' | 'ping'

/**
 * - `retryable`: it did not happen; try again, after `afterMs` where the platform says when.
 * - `ambiguous`: it may have happened: look before trying again.
 * - `invalid_blocks`: the message's form is refused; a plainer one may pass.
 * - `message_gone`: the message was deleted, or may not be edited any more.
 * - `message_old`: it is there, but may hardly be edited any more: a new one does better.
 * - `destination_gone`: the channel or thread is closed to the bot.
 * - `refused`: it will not happen, however often it is tried.
 */
export type ChatErrorCode =
  | 'retryable'
  | 'ambiguous'
  | 'invalid_blocks'
  | 'message_gone'
  | 'message_old'
  | 'destination_gone'
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
