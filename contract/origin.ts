import { z } from 'zod'

/** A Slack id or timestamp: short, and without anything that could be markup. */
const SlackId = z.string().regex(/^[A-Z0-9]{1,30}$/)
const SlackTs = z.string().regex(/^\d{1,12}\.\d{1,8}$/)
/** A Discord id: a 64-bit number in decimal digits. */
const Snowflake = z.string().regex(/^\d{1,20}$/)

/**
 * Where a request came from, and so where its answer goes. Ids are the platforms' own.
 * `rest` and `cli` ask for their answer themselves; a chat is told by the follower.
 */
export const Origin = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('rest') }),
  z.strictObject({ kind: z.literal('cli') }),
  z.strictObject({
    kind: z.literal('slack'),
    teamId: SlackId,
    channelId: SlackId,
    /** Who asked: the only person who is mentioned, and who may cancel. */
    userId: SlackId,
    /** The message whose thread holds the conversation. Null: the follower posts one of its own. */
    threadTs: SlackTs.nullable(),
  }),
  z.strictObject({
    kind: z.literal('discord'),
    /** Null: a direct conversation with the bot. */
    guildId: Snowflake.nullable(),
    channelId: Snowflake,
    /** Who asked: the only person who is mentioned, and who may cancel. */
    userId: Snowflake,
    /** The thread that holds the conversation. Null: the follower posts a message of its own and opens one on it. */
    threadId: Snowflake.nullable(),
    /** The largest file that may be posted there, in bytes. Null: nobody said. */
    uploadLimit: z.int().positive().nullable(),
  }),
])
export type Origin = z.infer<typeof Origin>

/** An origin in a chat, where the follower tells how the job is doing. */
export type ChatOrigin = Exclude<Origin, { kind: 'rest' | 'cli' }>

/** Who asked, as one text that can be listed by: `slack:T1:U1`, `discord:1234`. Null where nobody in particular did. */
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
