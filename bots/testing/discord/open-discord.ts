import { pino } from 'pino'
import { makeApiClient } from '../../api-client.ts'
import { readBotsConfig } from '../../config.ts'
import { startDiscord } from '../../discord/start-discord.ts'
import { BOT_TOKEN, startFakeDiscord, type FakeDiscord } from '../../discord/testing/fake-discord.ts'
import { scriptedApi, type ApiStep } from '../scripted-api.ts'

/**
 * Runs the real app between a stand-in for Discord and an API, by default a scripted one. Disposing stops the app, then
 * checks that Discord would accept every request and that the script was followed to its end.
 */
export async function openDiscord(
  steps: readonly ApiStep[],
  options: {
    env?: Record<string, string>
    apiUrl?: string
    apiKey?: string
    log?: string[]
    discord?: FakeDiscord
    unchecked?: boolean
  } = {},
) {
  const stack = new AsyncDisposableStack()
  const { log = [] } = options
  const discord =
    options.discord ?? stack.use(await startFakeDiscord({ unchecked: options.unchecked ?? false }))
  const apiUrl = options.apiUrl ?? stack.use(await scriptedApi(steps)).url
  const { discord: config } = readBotsConfig({
    DISCORD_BOT_TOKEN: BOT_TOKEN,
    DISCORD_API_URL: discord.apiUrl,
    ...options.env,
  })
  const running = stack.use(
    startDiscord({
      config: config!,
      api: makeApiClient({ baseUrl: apiUrl }),
      log: pino({ level: 'trace' }, { write: (line: string) => log.push(line) }),
      firstPauseMs: 20,
    }),
  )
  const { address } = await running.ready

  return {
    discord,
    /** The URL for interactions in endpoint mode. */
    address: address ?? '',
    log,
    /** Dispatches an interaction; resolves with the time until it was acknowledged, in milliseconds. */
    async interact(payload: (opened: { id: string; token: string }) => object, id?: string): Promise<number> {
      const opened = discord.openInteraction(id)
      discord.gateway.dispatch('INTERACTION_CREATE', payload(opened))
      return opened.acknowledged
    },
    /** Dispatches a message. */
    write: (payload: object) => discord.gateway.dispatch('MESSAGE_CREATE', payload),
    /** Stops the app once work in progress is done. */
    stop: () => running[Symbol.asyncDispose](),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

type Component = {
  type: number
  content?: string
  custom_id?: string
  label?: string
  components?: Component[]
}

const flatten = (components: readonly Component[]): Component[] =>
  components.flatMap((one) => [one, ...flatten(one.components ?? [])])

/** The text of a message as users read it, without escapes. */
export const textOf = (content: Record<string, unknown>): string =>
  flatten((content['components'] as Component[] | undefined) ?? [])
    .map(({ content: text, label }) => text ?? label ?? '')
    .join('\n')
    .replaceAll(/\\([^\w\s])|\u200B/g, '$1')

/** The buttons of a message. */
export const buttonsOf = (
  content: Record<string, unknown>,
): { action: string; value: string; id: string }[] =>
  flatten((content['components'] as Component[] | undefined) ?? [])
    .filter(({ type }) => type === 2)
    .map(({ custom_id: id = '' }) => {
      const [action = ''] = id.split(':', 1)
      return { action, value: id.slice(action.length + 1), id }
    })
