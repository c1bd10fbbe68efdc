import { ConfigError, oneOf, readEnv, secretList, variable, wholeNumber } from '#lib/env'
import { allowedHosts, type AllowedHost } from '#lib/public-address'
import { z } from 'zod'
import type { SlackTokens } from '../../bots/slack/ports.ts'
import { storeOf, storeVariables, type StoreConfig } from '../../bots/slack/store/config.ts'

export type DeliverConfig = {
  /** Conversations that one process keeps at once. */
  readonly concurrency: number
  /** Where people reach the API; ends without `/`. Null: nobody said. */
  readonly publicUrl: string | null
  /** Empty: a secret of our own is kept in the data folder. */
  readonly linkSecrets: readonly string[]
  /** How long a link to an archive opens. */
  readonly linkHours: number
  /** Empty: this process sends no callbacks. */
  readonly webhookSecrets: readonly string[]
  readonly webhookAllowed: readonly AllowedHost[]
  readonly slack: { readonly tokens: SlackTokens; readonly apiUrl: string | undefined } | null
  readonly discord: {
    readonly token: string
    readonly apiUrl: string | undefined
    readonly threads: 'public' | 'private'
  } | null
}

const variables = {
  DELIVER_CONCURRENCY: wholeNumber(1, 1_000, 100),
  PUBLIC_URL: variable(
    z.url({ protocol: /^https?$/ }).optional(),
    'the address at which people reach the API, such as https://backends.example.com',
  ),
  LINK_SECRET: variable(
    secretList,
    'random text of at least 32 characters, or several with commas between them',
    {
      secret: true,
    },
  ),
  LINK_HOURS: wholeNumber(1, 8_760, 168),
  WEBHOOK_SECRET: variable(
    secretList,
    'random text of at least 32 characters, or several with commas between them',
    { secret: true },
  ),
  WEBHOOK_ALLOWED_HOSTS: variable(
    allowedHosts,
    'names and networks, such as hooks.internal,*.corp,10.1.0.0/16',
  ),
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

const discordVariables = {
  DISCORD_BOT_TOKEN: variable(z.string().min(20).optional(), 'a bot token', { secret: true }),
  DISCORD_API_URL: variable(
    z.url({ protocol: /^https?$/ }).optional(),
    'the address of Discord’s API, without a version (default https://discord.com/api)',
  ),
  DISCORD_THREADS: oneOf(['public', 'private'], 'public'),
}

/** Reads what telling chats needs. Throws a `ConfigError` that names every variable that is wrong. */
export function readDeliverConfig(env: Readonly<Record<string, string | undefined>>): DeliverConfig {
  const values = readEnv(env, { ...variables, ...discordVariables })
  const tokens = slackTokens(values.SLACK_BOT_TOKEN, storeOf(values))
  return {
    concurrency: values.DELIVER_CONCURRENCY,
    publicUrl: values.PUBLIC_URL?.replace(/\/+$/, '') ?? null,
    linkSecrets: values.LINK_SECRET,
    linkHours: values.LINK_HOURS,
    webhookSecrets: values.WEBHOOK_SECRET,
    webhookAllowed: values.WEBHOOK_ALLOWED_HOSTS,
    slack: tokens && { tokens, apiUrl: values.SLACK_API_URL?.replace(/\/*$/, '/') },
    discord:
      values.DISCORD_BOT_TOKEN === undefined
        ? null
        : {
            token: values.DISCORD_BOT_TOKEN,
            apiUrl: values.DISCORD_API_URL?.replace(/\/+$/, ''),
            threads: values.DISCORD_THREADS,
          },
  }
}

function slackTokens(token: string | undefined, store: StoreConfig | null): SlackTokens | null {
  if (token !== undefined && store !== null)
    throw new ConfigError('SLACK_STORE_KEY is for many workspaces, SLACK_BOT_TOKEN for one: set either.')
  if (store !== null) return { kind: 'many', store }
  return token === undefined ? null : { kind: 'one', token }
}

/** Who can be told: the chats that there are tokens for, and programs where callbacks can be signed. */
export const toldBy = ({ slack, discord, webhookSecrets }: DeliverConfig): string[] => [
  ...(slack === null ? [] : ['Slack']),
  ...(discord === null ? [] : ['Discord']),
  ...(webhookSecrets.length === 0 ? [] : ['callbacks']),
]
