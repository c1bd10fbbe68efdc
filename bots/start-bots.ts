import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from '#lib/log'
import { makeApiClient } from './api-client.ts'
import { CHATS, chatLine } from './chats.ts'
import type { BotsConfig } from './config.ts'

export type RunningBots = AsyncDisposable & {
  /** One line per chat: on, or off with a setup hint. */
  readonly banner: readonly string[]
}

/** How long startup waits for a chat to connect, in milliseconds. */
const CONNECT_WAIT_MS = 3_000

/** Starts the configured chats. They keep retrying while a platform is unreachable. */
export async function startBots(deps: {
  readonly config: BotsConfig
  /** The API of the same process, or what API_URL says. */
  readonly apiUrl: string
  readonly log: Logger
}): Promise<RunningBots> {
  const { config, apiUrl, log } = deps
  const api = makeApiClient({ baseUrl: apiUrl, apiKey: config.apiKey })
  const owned = new AsyncDisposableStack()
  const lines = CHATS.map(async ({ name, setupHint, receive }) => {
    if (!receive.isConfigured(config)) return chatLine(name, 'off', setupHint)
    const { mode, ready } = owned.use(await receive.start(config, { api, log }))
    const first = await readyWithin(ready)
    if (first === null) return chatLine(name, '…', `${mode}, not connected yet: see the log.`)
    return chatLine(
      name,
      'on',
      `${mode}${first.address === null ? '' : ` at ${first.address}`}, ${first.name}`,
    )
  })
  return { banner: await Promise.all(lines), [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

/** Null on timeout or failure. */
const readyWithin = <T>(ready: Promise<T>): Promise<T | null> =>
  Promise.race([ready.catch(() => null), sleep(CONNECT_WAIT_MS, null, { ref: false })])
