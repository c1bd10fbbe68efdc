/** Where the answer to a request goes in Slack. */
export type SlackDestination = {
  readonly channelId: string
  /** Null: the notifier posts a message of its own. */
  readonly threadTs: string | null
  /** The bot is known to be there, such as where it was mentioned. */
  readonly joined: boolean
}
