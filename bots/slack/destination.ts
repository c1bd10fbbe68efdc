/** Where Slack replies to a request. */
export type SlackDestination = {
  readonly channelId: string
  /** Null: the notifier posts a parent message. */
  readonly threadTs: string | null
  /** Whether the bot is known to be a member, for example because it was mentioned. */
  readonly joined: boolean
}
