import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from '#lib/log'
import { makeApiClient, type ApiClient } from './api-client.ts'
import type { BotsConfig } from './config.ts'
import type { DiscordConfig } from './discord/config.ts'
import type { SlackConfig } from './slack/config.ts'
import type { RunningDiscord } from './discord/start-discord.ts'
import type { RunningSlack } from './slack/start-slack.ts'

export type RunningBots = AsyncDisposable & {
  /** What is on, what is off and how to turn it on; a line each. */
  readonly banner: readonly string[]
}

/** How long the start waits for a chat before it says that it is being connected, in milliseconds. */
const PATIENCE_MS = 3_000

/**
 * Starts the chats that are configured, and loads only those: the client of a chat is much of what a start has to read.
 * They go on trying by themselves where a platform is away.
 */
export async function startBots(deps: {
  readonly config: BotsConfig
  /** The API of the same process, or what API_URL says. */
  readonly apiUrl: string
  readonly log: Logger
}): Promise<RunningBots> {
  const { config, apiUrl, log } = deps
  const api = makeApiClient({ baseUrl: apiUrl, apiKey: config.apiKey })
  const owned = new AsyncDisposableStack()
  const lines = [
    slackLine(config.slack, { api, log, owned }),
    discordLine(config.discord, { api, log, owned }),
  ]
  return { banner: await Promise.all(lines), [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

type Deps = { readonly api: ApiClient; readonly log: Logger; readonly owned: AsyncDisposableStack }

async function slackLine(config: SlackConfig | null, { api, log, owned }: Deps): Promise<string> {
  if (config === null)
    return '  Slack    off  Set SLACK_BOT_TOKEN and SLACK_APP_TOKEN; docs/slack.md says where they come from.'
  const { startSlack } = await import('./slack/start-slack.ts')
  const slack: RunningSlack = owned.use(startSlack({ config, api, log }))
  const mode = config.receive.mode === 'socket' ? 'Socket Mode' : 'HTTP'
  const first = await soon(slack.ready)
  if (first === null) return `  Slack    …    ${mode}, not connected yet: see the log.`
  return `  Slack    on   ${mode}${at(first.address)}, ${first.name}`
}

async function discordLine(config: DiscordConfig | null, { api, log, owned }: Deps): Promise<string> {
  if (config === null)
    return '  Discord  off  Set DISCORD_BOT_TOKEN; docs/discord.md says where it comes from.'
  const { startDiscord } = await import('./discord/start-discord.ts')
  const discord: RunningDiscord = owned.use(startDiscord({ config, api, log }))
  const mode = config.receive.mode === 'gateway' ? 'gateway' : 'HTTP'
  const first = await soon(discord.ready)
  if (first === null) return `  Discord  …    ${mode}, not connected yet: see the log.`
  return `  Discord  on   ${mode}${at(first.address)}, application ${first.identity.name}`
}

/** Null when that takes too long, or never comes. */
const soon = <T>(ready: Promise<T>): Promise<T | null> =>
  Promise.race([ready.catch(() => null), sleep(PATIENCE_MS, null, { ref: false })])

const at = (address: string | null) => (address === null ? '' : ` at ${address}`)
