import type { GenerateOptions } from '#contract'
import type { HeardFile } from './heard.ts'

/** A request as it was made in Discord, before it is one to the API. */
export type DiscordRequest = {
  readonly prompt: string
  readonly options: GenerateOptions
  readonly file: HeardFile | null
  readonly place: AskPlace
  /** Stands for this request, however often it is delivered or its button is pressed. */
  readonly key: string
}

/** Where somebody asked, and what the bot may do there. */
export type AskPlace = {
  readonly guildId: string | null
  /** Of a thread, the channel that it hangs in. */
  readonly channelId: string
  /** The thread that it was asked in. */
  readonly threadId: string | null
  readonly channelType: number | undefined
  /** Whether the bot is a member of the server: an app can also be brought along by a person. */
  readonly present: boolean
  /** What the bot may do in the channel, as a bit set; null where Discord did not say. */
  readonly permissions: bigint | null
  /** In bytes. */
  readonly uploadLimit: number | null
}
