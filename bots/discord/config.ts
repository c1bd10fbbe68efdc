import type { PlanMode } from '#contract'
import { ConfigError, oneOf, text, variable, wholeNumber } from '#lib/env'
import { z } from 'zod'
import { idList } from '../core/id-list.ts'

export type DiscordConfig = {
  readonly token: string
  /** `endpoint`: Discord sends interactions as signed HTTP requests, and no connection is kept open. */
  readonly receive:
    | { readonly mode: 'gateway' }
    | { readonly mode: 'endpoint'; readonly publicKey: string; readonly host: string; readonly port: number }
  /** The base URL of Discord's API, without a version and without a trailing `/`. */
  readonly apiUrl: string
  readonly threads: 'public' | 'private'
  readonly admins: readonly string[]
  readonly adminRoles: readonly string[]
  /** Who may refine a job from a server: its requester, or everyone there who may use the app. */
  readonly refineBy: 'requester' | 'team'
  /** When a job that does not say it shows its plan first. */
  readonly plan: PlanMode
  /** Empty lists allow everything. */
  readonly allowedGuilds: readonly string[]
  /** IDs, and `dm` for direct messages. */
  readonly allowedChannels: readonly string[]
  readonly allowedUsers: readonly string[]
}

const SNOWFLAKE = /^\d{15,20}$/
export const discordVariables = {
  DISCORD_BOT_TOKEN: variable(
    z
      .string()
      .regex(/^[\w-]{10,}\.[\w-]{4,}\.[\w-]{10,}$/)
      .optional(),
    'a bot token: three parts separated by dots',
    { secret: true },
  ),
  DISCORD_PUBLIC_KEY: variable(
    z
      .string()
      .regex(/^[0-9a-f]{64}$/i)
      .optional(),
    'the application’s public key: 64 hexadecimal digits, from General Information',
  ),
  DISCORD_HOST: text('an address to listen on', '127.0.0.1'),
  DISCORD_PORT: wholeNumber(0, 65_535, 3001),
  DISCORD_API_URL: variable(
    z
      .url({ protocol: /^https?$/ })
      .optional()
      .transform((url) => (url ?? 'https://discord.com/api').replace(/\/+$/, '')),
    'the base URL of Discord’s API, without a version (default https://discord.com/api)',
  ),
  DISCORD_THREADS: oneOf(['public', 'private'], 'public'),
  DISCORD_ADMINS: variable(idList(SNOWFLAKE), 'user IDs, numbers of 17 to 20 digits'),
  DISCORD_ADMIN_ROLES: variable(idList(SNOWFLAKE), 'role IDs, numbers of 17 to 20 digits'),
  DISCORD_REFINE_BY: oneOf(['requester', 'team'], 'requester'),
  DISCORD_PLAN: oneOf(['auto', 'always', 'never'], 'auto'),
  DISCORD_ALLOWED_GUILDS: variable(idList(SNOWFLAKE), 'server IDs, numbers of 17 to 20 digits'),
  DISCORD_ALLOWED_CHANNELS: variable(
    idList(/^(\d{15,20}|dm)$/),
    'channel IDs, numbers of 17 to 20 digits, or dm for direct messages',
  ),
  DISCORD_ALLOWED_USERS: variable(idList(SNOWFLAKE), 'user IDs, numbers of 17 to 20 digits'),
}

type Values = { [K in keyof typeof discordVariables]: z.infer<(typeof discordVariables)[K]['schema']> }

/** Null when Discord is off. Throws a `ConfigError` for settings that contradict each other. */
export function discordConfig(values: Values): DiscordConfig | null {
  const { DISCORD_BOT_TOKEN: token, DISCORD_PUBLIC_KEY: publicKey } = values
  if (token === undefined) {
    if (publicKey === undefined) return null
    throw new ConfigError(
      'DISCORD_PUBLIC_KEY is set, but DISCORD_BOT_TOKEN is not. Set it to the bot token of the same application.',
    )
  }
  return {
    token,
    receive:
      publicKey === undefined
        ? { mode: 'gateway' }
        : { mode: 'endpoint', publicKey, host: values.DISCORD_HOST, port: values.DISCORD_PORT },
    apiUrl: values.DISCORD_API_URL,
    threads: values.DISCORD_THREADS,
    admins: values.DISCORD_ADMINS,
    adminRoles: values.DISCORD_ADMIN_ROLES,
    refineBy: values.DISCORD_REFINE_BY,
    plan: values.DISCORD_PLAN,
    allowedGuilds: values.DISCORD_ALLOWED_GUILDS,
    allowedChannels: values.DISCORD_ALLOWED_CHANNELS,
    allowedUsers: values.DISCORD_ALLOWED_USERS,
  }
}
