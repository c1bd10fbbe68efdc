/** Where a person asked, where the answer goes, and what the bot may do there. */
export type DiscordDestination = {
  readonly guildId: string | null
  /** Of a thread, the channel that it hangs in. */
  readonly channelId: string
  /** The thread that it was asked in. */
  readonly threadId: string | null
  readonly channelType: number | undefined
  /** Whether the bot is a member of the server: an app can also be brought along by a person. */
  readonly installed: boolean
  /** What the bot may do in the channel, as a bit set; null where Discord did not say. */
  readonly permissions: bigint | null
  /** In bytes. */
  readonly uploadLimit: number | null
}

/** The place where a job that is tried again or refined answers: a thread that the bot is in, and null elsewhere. */
export const threadDestination = (destination: DiscordDestination | null): DiscordDestination | null =>
  destination !== null && destination.installed && destination.threadId !== null ? destination : null
