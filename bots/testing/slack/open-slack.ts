import { pino } from 'pino'
import { makeApiClient } from '../../api-client.ts'
import { readBotsConfig } from '../../config.ts'
import { startSlack } from '../../slack/start-slack.ts'
import { scriptedApi, type ApiStep } from '../scripted-api.ts'
import { APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, startSlackWorld } from './slack-world.ts'

/**
 * The real app between a fake Slack and an API, by default a scripted one. Disposing stops the app, then checks that Slack
 * would have accepted every message and that the script was completed.
 */
export async function openSlack(
  steps: readonly ApiStep[],
  options: { mode?: 'socket' | 'http'; env?: Record<string, string>; apiUrl?: string; log?: string[] } = {},
) {
  const stack = new AsyncDisposableStack()
  const { mode = 'socket', log = [] } = options
  const world = stack.use(await startSlackWorld())
  const apiUrl = options.apiUrl ?? stack.use(await scriptedApi(steps)).url
  const { slack: config, apiKey } = readBotsConfig({
    SLACK_BOT_TOKEN: BOT_TOKEN,
    ...(mode === 'socket'
      ? { SLACK_APP_TOKEN: APP_TOKEN }
      : { SLACK_SIGNING_SECRET: SIGNING_SECRET, SLACK_PORT: '0' }),
    SLACK_API_URL: world.apiUrl,
    ...options.env,
  })
  const slack = stack.use(
    startSlack({
      config: config!,
      api: makeApiClient({ baseUrl: apiUrl, apiKey }),
      log: pino({ level: 'trace' }, { write: (line: string) => log.push(line) }),
      firstPauseMs: 20,
    }),
  )
  const { address } = await slack.ready
  return {
    world,
    /** The events URL in HTTP mode. */
    address: address ?? '',
    log,
    /** Stops the app after its running handlers have finished. */
    stop: () => slack[Symbol.asyncDispose](),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}
