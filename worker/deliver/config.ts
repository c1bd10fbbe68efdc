import { readEnv, variable, wholeNumber } from '#lib/env'
import { z } from 'zod'

export type DeliverConfig = {
  /** Conversations that one process keeps at once. */
  readonly concurrency: number
  /** Where people reach the API; ends without `/`. Null: nobody said. */
  readonly publicUrl: string | null
  readonly slack: { readonly token: string; readonly apiUrl: string | undefined } | null
}

const variables = {
  DELIVER_CONCURRENCY: wholeNumber(1, 1_000, 100),
  PUBLIC_URL: variable(
    z.url({ protocol: /^https?$/ }).optional(),
    'the address at which people reach the API, such as https://backends.example.com',
  ),
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

/** Reads what telling chats needs. Throws a `ConfigError` that names every variable that is wrong. */
export function readDeliverConfig(env: Readonly<Record<string, string | undefined>>): DeliverConfig {
  const values = readEnv(env, variables)
  const token = values.SLACK_BOT_TOKEN
  return {
    concurrency: values.DELIVER_CONCURRENCY,
    publicUrl: values.PUBLIC_URL?.replace(/\/+$/, '') ?? null,
    slack: token === undefined ? null : { token, apiUrl: values.SLACK_API_URL?.replace(/\/*$/, '/') },
  }
}

/** The chats that there are tokens for, by name. */
export const chatsOf = ({ slack }: DeliverConfig): string[] => (slack === null ? [] : ['Slack'])
