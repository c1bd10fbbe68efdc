import { oneOf, variable } from '#lib/env'
import { z } from 'zod'

/** The settings with which a worker posts in Discord. */
export type DiscordSendConfig = {
  readonly token: string
  readonly apiUrl: string | undefined
  readonly threads: 'public' | 'private'
}

export const discordSendVariables = {
  DISCORD_BOT_TOKEN: variable(z.string().min(20).optional(), 'a bot token', { secret: true }),
  DISCORD_API_URL: variable(
    z.url({ protocol: /^https?$/ }).optional(),
    'the base URL of Discord’s API, without a version (default https://discord.com/api)',
  ),
  DISCORD_THREADS: oneOf(['public', 'private'], 'public'),
}

type Values = {
  [K in keyof typeof discordSendVariables]: z.infer<(typeof discordSendVariables)[K]['schema']>
}

/** Null without a token. */
export function discordSendConfig(values: Values): DiscordSendConfig | null {
  const { DISCORD_BOT_TOKEN: token, DISCORD_API_URL: apiUrl, DISCORD_THREADS: threads } = values
  return token === undefined ? null : { token, apiUrl: apiUrl?.replace(/\/+$/, ''), threads }
}
