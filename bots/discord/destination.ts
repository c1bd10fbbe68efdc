/** The channel or thread of a request, which is also where its replies go, and what the bot may do there. */
export type DiscordDestination = {
  readonly guildId: string | null
  /** For a thread, its parent channel. */
  readonly channelId: string
  /** The thread of the request; null outside of threads. */
  readonly threadId: string | null
  readonly channelType: number | undefined
  /** Whether the server has the app: a user can also install it for themselves and use it anywhere. */
  readonly installed: boolean
  /** The bot's permissions in the channel as a bit set; null when unknown. */
  readonly permissions: bigint | null
  /** In bytes. */
  readonly uploadLimit: number | null
}

/** Where a retried or refined job replies: the current thread if the bot can post in it, otherwise null. */
export const threadDestination = (destination: DiscordDestination | null): DiscordDestination | null =>
  destination !== null && destination.installed && destination.threadId !== null ? destination : null
