import { ConfigError, variable } from '#lib/env'
import { z } from 'zod'
import type { SlackTokens } from '../ports.ts'
import { storeOf, storeVariables } from '../store/config.ts'

/** What a worker needs to post in Slack. */
export type SlackSending = { readonly tokens: SlackTokens; readonly apiUrl: string | undefined }

export const slackSendingVariables = {
  ...storeVariables,
  SLACK_BOT_TOKEN: variable(
    z.string().startsWith('xoxb-').optional(),
    'a bot token, which starts with xoxb-',
    { secret: true },
  ),
  SLACK_API_URL: variable(
    z.url({ protocol: /^https?$/ }).optional(),
    'the address of Slack’s Web API (default https://slack.com/api/)',
  ),
}

type Values = {
  [K in keyof typeof slackSendingVariables]: z.infer<(typeof slackSendingVariables)[K]['schema']>
}

/** Null without a token. Throws a `ConfigError` if both kinds of tokens are set. */
export function slackSending(values: Values): SlackSending | null {
  const { SLACK_BOT_TOKEN: token } = values
  const apiUrl = values.SLACK_API_URL?.replace(/\/*$/, '/')
  const store = storeOf(values)
  if (token !== undefined && store !== null)
    throw new ConfigError('SLACK_STORE_KEY is for many workspaces, SLACK_BOT_TOKEN for one: set either.')
  if (store !== null) return { tokens: { kind: 'many', store }, apiUrl }
  return token === undefined ? null : { tokens: { kind: 'one', token }, apiUrl }
}
