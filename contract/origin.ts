import { z } from 'zod'

/** A Slack id: short, without characters that could be markup. */
const SlackId = z.string().regex(/^[A-Z0-9]{1,30}$/)
const SlackTs = z.string().regex(/^\d{1,12}\.\d{1,8}$/)
/** A Discord id: a 64-bit number in decimal digits. */
const Snowflake = z.string().regex(/^\d{1,20}$/)

/**
 * The origin of a request, and the destination of replies. Ids are the platforms' own.
 * `rest` and `cli` clients poll or stream; chats are updated by the notifier.
 */
export const Origin = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('rest') }),
  z.strictObject({ kind: z.literal('cli') }),
  z.strictObject({
    kind: z.literal('slack'),
    teamId: SlackId,
    channelId: SlackId,
    /** The requester: the only person who is mentioned, and who may cancel. */
    userId: SlackId,
    /** The message whose thread has the conversation. Null: the notifier posts a new one. */
    threadTs: SlackTs.nullable(),
  }),
  z.strictObject({
    kind: z.literal('discord'),
    /** Null for a direct message with the bot. */
    guildId: Snowflake.nullable(),
    channelId: Snowflake,
    /** The requester: the only person who is mentioned, and who may cancel. */
    userId: Snowflake,
    /** The thread of the conversation. Null: the notifier posts a message and opens a thread on it. */
    threadId: Snowflake.nullable(),
    /** Upload limit of the channel, in bytes. Null when unknown. */
    uploadLimit: z.int().positive().nullable(),
  }),
])
export type Origin = z.infer<typeof Origin>

/** An origin in a chat, where the notifier reports progress. */
export type ChatOrigin = Exclude<Origin, { kind: 'rest' | 'cli' }>

/** A thread or a message of a chat as one key for indexes: `slack:T1:C1:1700000000.000100`, `discord:1234`. */
export function placeOf(chat: ChatOrigin, channelId: string, messageId: string): string {
  switch (chat.kind) {
    case 'slack':
      return `slack:${chat.teamId}:${channelId}:${messageId}`
    // Unique in all of Discord. A thread has the ID of the message that it was opened on.
    case 'discord':
      return `discord:${messageId}`
  }
}

/** The thread that a job was requested in; null outside of chats, and where the notifier opens one. */
export function threadOf(origin: Origin): string | null {
  switch (origin.kind) {
    case 'rest':
    case 'cli':
      return null
    case 'slack':
      return origin.threadTs === null ? null : placeOf(origin, origin.channelId, origin.threadTs)
    case 'discord':
      return origin.threadId === null ? null : placeOf(origin, origin.channelId, origin.threadId)
  }
}

/** The requester as one key for indexes: `slack:T1:U1`, `discord:1234`. Null outside of chats. */
export function requesterOf(origin: Origin): string | null {
  switch (origin.kind) {
    case 'rest':
    case 'cli':
      return null
    case 'slack':
      return `slack:${origin.teamId}:${origin.userId}`
    case 'discord':
      return `discord:${origin.userId}`
  }
}
