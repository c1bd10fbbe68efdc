import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from '#lib/log'
import { makeApiClient } from './api-client.ts'
import type { BotsConfig, SlackConfig } from './config.ts'
import { startSlack, type RunningSlack } from './slack/start-slack.ts'

export type RunningBots = AsyncDisposable & {
  /** What is on, what is off and how to turn it on; a line each. */
  readonly banner: readonly string[]
}

/** How long the start waits for Slack before it says that it is being connected, in milliseconds. */
const PATIENCE_MS = 3_000

/** Starts the chats that are configured. They go on trying by themselves where a platform is away. */
export async function startBots(deps: {
  readonly config: BotsConfig
  /** The API of the same process, or what API_URL says. */
  readonly apiUrl: string
  readonly log: Logger
}): Promise<RunningBots> {
  const { config, apiUrl, log } = deps
  if (config.slack === null) {
    return {
      banner: [
        '  Slack    off  Set SLACK_BOT_TOKEN and SLACK_APP_TOKEN; docs/slack.md says where they come from.',
      ],
      async [Symbol.asyncDispose]() {},
    }
  }
  const slack = startSlack({
    config: config.slack,
    api: makeApiClient({ baseUrl: apiUrl, apiKey: config.apiKey }),
    log,
  })
  return {
    banner: [await slackLine(config.slack, slack)],
    [Symbol.asyncDispose]: () => slack[Symbol.asyncDispose](),
  }
}

async function slackLine({ receive }: SlackConfig, slack: RunningSlack): Promise<string> {
  const mode = receive.mode === 'socket' ? 'Socket Mode' : 'HTTP'
  const ready = slack.ready.catch(() => null)
  const first = await Promise.race([ready, sleep(PATIENCE_MS, null, { ref: false })])
  if (first === null) return `  Slack    …    ${mode}, not connected yet: see the log.`
  const at = first.address === null ? '' : ` at ${first.address}`
  return `  Slack    on   ${mode}${at}, workspace ${first.identity.workspace}`
}
