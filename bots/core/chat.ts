import type { Notification } from './cards/notification.ts'

/**
 * The port through which the notifier posts to a chat, implemented by `bots/slack/post.ts` and `bots/discord/post.ts`.
 * `Message` is the platform's own format, made by `render` and sent unchanged.
 */
export type Chat<Message = unknown> = Messaging<Message> & (SharesFiles<Message> | PostsFiles<Message>)

export type Messaging<Message> = {
  readonly rateLimits: {
    /** Minimum time between edits in one conversation, in milliseconds. */
    readonly editGapMs: number
    /** Maximum edits per workspace, across all conversations. */
    readonly editsPerMinute: number
  }
  /** Whether direct messages have threads. Where they have none, a job needs no parent message there. */
  readonly hasDirectThreads: boolean
  /** In bytes; larger archives are sent as a link. An origin may override it. */
  readonly maxUploadBytes: number
  /** Variants from richest to plainest: when one is rejected as `invalid_blocks`, the next is sent. */
  render(notification: Notification): readonly [Message, ...Message[]]

  /** Returns the ID of the new message. */
  post(destination: Destination, message: Message, marker: MessageMarker): Promise<string>
  edit(destination: Destination, messageId: string, message: Message, marker: MessageMarker): Promise<void>
  /** The bot's message with this marker, posted after `since`, or null. */
  find(destination: Destination, marker: MessageMarker, since: Date): Promise<string | null>
  /** The direct message channel with this person. */
  openDm(userId: string): Promise<string>
  /**
   * Opens the thread on the parent message and returns its ID. Idempotent; null where threads are not supported. Absent
   * on platforms that create a thread implicitly, under the ID of its first message.
   */
  openThread?(destination: Destination, thread: NewThread): Promise<string | null>
  /** Deletes a message. Idempotent. */
  remove?(destination: Destination, messageId: string): Promise<void>

  /** The bot's message with a file of this name and size in the destination, or null. */
  findFile(
    destination: Destination,
    file: { filename: string; bytes: number },
    since: Date,
  ): Promise<FoundFile | null>
}

/** A message with a file, or the file itself. `isAlone`: the message has nothing else, as in earlier versions. */
export type FoundFile = { readonly id: string; readonly isAlone: boolean }

/** Files are uploaded first and shared in the thread afterwards, with a message. */
export type SharesFiles<Message> = {
  readonly files: 'shared'
  /** Uploads the bytes without sharing them and returns the file ID. The platform deletes files that are never shared. */
  upload(file: { filename: string; bytes: Uint8Array }): Promise<string>
  /** Shares an uploaded file in the thread. The message comes with it. */
  share(
    destination: Destination,
    file: { readonly fileId: string; readonly title: string; readonly message: Message },
  ): Promise<void>
  /** Whether the file is shared in the destination; null when that cannot be determined. */
  isShared(destination: Destination, fileId: string): Promise<boolean | null>
  /** Deletes an uploaded file that will not be shared. Idempotent. */
  discard(fileId: string): Promise<void>
  /** Uploads a picture that messages may show, and returns the ID by which they do. Nobody sees it before. */
  uploadPicture(file: ChatFile): Promise<string>
}

/** Files are posted as attachments of a message. */
export type PostsFiles<Message> = {
  readonly files: 'posted'
  /** Returns the message ID. */
  postFile(destination: Destination, message: Message, file: ChatFile, marker: MessageMarker): Promise<string>
}

export type ChatFile = { readonly filename: string; readonly bytes: Uint8Array }

export type NewThread = {
  /** The message to open the thread on. */
  readonly parentMessageId: string
  readonly name: string
  /** The person to add to a private thread. */
  readonly userId: string
  /** No message of the job is older than this. */
  readonly since: Date
}

/** A channel and a thread in it; a null thread means the channel itself. */
export type Destination = { readonly channelId: string; readonly threadId: string | null }

/** Hidden metadata that identifies a message, to find it again. */
export type MessageMarker = { readonly jobId: string; readonly part: PartName }
/** `ping`: the last message of conversations that an earlier version began. */
export type PartName = 'root' | 'card' | 'result' | 'ping' | PlanPart
/** The message of this version of the plan. */
export type PlanPart = `plan-${number}`

/**
 * - `retryable`: it had no effect; retry, after `afterMs` if the platform specified it.
 * - `ambiguous`: it may have taken effect: look before retrying.
 * - `invalid_blocks`: the message format was rejected; a plainer one may be accepted.
 * - `message_gone`: the message was deleted or can no longer be edited.
 * - `message_old`: it exists, but edits are severely limited: post a new one.
 * - `destination_gone`: the bot no longer has access to the channel or thread.
 * - `refused`: permanent failure; do not retry.
 */
export type ChatErrorCode =
  | 'retryable'
  | 'ambiguous'
  | 'invalid_blocks'
  | 'message_gone'
  | 'message_old'
  | 'destination_gone'
  | 'refused'

/** A failed platform call. `reason` is the platform's own error code. */
export class ChatError extends Error {
  override readonly name = 'ChatError'
  readonly code: ChatErrorCode
  readonly reason: string
  /** In milliseconds; null if the platform did not specify it. */
  readonly afterMs: number | null

  constructor(code: ChatErrorCode, reason: string, options: { afterMs?: number; cause?: unknown } = {}) {
    super(`The chat answered ${reason}.`, { cause: options.cause })
    this.code = code
    this.reason = reason
    this.afterMs = options.afterMs ?? null
  }
}
