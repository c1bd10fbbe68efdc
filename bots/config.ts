import { LOG_VARIABLES, logConfig, type LogConfig } from '#lib/config'
import { readEnv, variable } from '#lib/env'
import { z } from 'zod'
import { discordConfig, discordVariables, type DiscordConfig } from './discord/config.ts'
import { slackConfig, slackVariables, type SlackConfig } from './slack/config.ts'

export type BotsConfig = {
  /** Undefined: the API of the same process, or the one on this machine. */
  readonly apiUrl: string | undefined
  /** Undefined: the API has no keys, or is of the same process. */
  readonly apiKey: string | undefined
  readonly log: LogConfig
  /** Null when Slack is off. */
  readonly slack: SlackConfig | null
  /** Null when Discord is off. */
  readonly discord: DiscordConfig | null
}

const variables = {
  API_URL: variable(
    z.url({ protocol: /^https?$/ }).optional(),
    'the address of a running API, such as http://127.0.0.1:8080',
  ),
  API_KEY: variable(z.string().min(20).optional(), 'an API key, as npm run keys -- create printed it', {
    secret: true,
  }),
  ...LOG_VARIABLES,
}

/** Reads the bots' settings. Throws a `ConfigError` that names every variable that is wrong or missing. */
export function readBotsConfig(env: Readonly<Record<string, string | undefined>>): BotsConfig {
  const values = readEnv(env, { ...variables, ...slackVariables, ...discordVariables })
  return {
    apiUrl: values.API_URL,
    apiKey: values.API_KEY,
    log: logConfig(values),
    slack: slackConfig(values),
    discord: discordConfig(values),
  }
}
