import type { Logger } from '#lib/log'
import type { ApiClient } from './api-client.ts'
import type { BotsConfig } from './config.ts'

type Deps = { readonly api: ApiClient; readonly log: Logger }

/** A chat that was started. It goes on trying by itself where the platform is away. */
export type StartedChat = AsyncDisposable & {
  /** How events come in, such as `Socket Mode`. */
  readonly mode: string
  /** Resolves when it is connected for the first time; rejects when it is stopped before. */
  readonly ready: Promise<{
    /** Who the bot is there. */
    readonly name: string
    /** Where it listens; null where it does not. */
    readonly address: string | null
  }>
}

/** One chat, as the programs start it. */
type ChatEntry = {
  readonly name: string
  readonly howToTurnOn: string
  readonly isConfigured: (config: BotsConfig) => boolean
  /** Only where it is configured. Loads the client of the chat, which is much of what a start has to read. */
  readonly start: (config: BotsConfig, deps: Deps) => Promise<StartedChat>
}

/** Every chat there is; a further one is one more entry. */
export const CHATS: readonly ChatEntry[] = [
  {
    name: 'Slack',
    howToTurnOn: 'Set SLACK_BOT_TOKEN and SLACK_APP_TOKEN; docs/operate/slack.md says where they come from.',
    isConfigured: ({ slack }) => slack !== null,
    async start({ slack: config }, deps) {
      if (config === null) throw new Error('Slack is not configured')
      const { startSlack } = await import('./slack/start-slack.ts')
      const mode = config.receive.mode === 'socket' ? 'Socket Mode' : 'HTTP'
      return Object.assign(startSlack({ config, ...deps }), { mode })
    },
  },
  {
    name: 'Discord',
    howToTurnOn: 'Set DISCORD_BOT_TOKEN; docs/operate/discord.md says where it comes from.',
    isConfigured: ({ discord }) => discord !== null,
    async start({ discord: config }, deps) {
      if (config === null) throw new Error('Discord is not configured')
      const { startDiscord } = await import('./discord/start-discord.ts')
      const running = startDiscord({ config, ...deps })
      const ready = running.ready.then(({ identity, address }) => ({
        name: `application ${identity.name}`,
        address,
      }))
      // Rejects when it is stopped before, which is nobody's fault.
      ready.catch(() => {})
      return {
        mode: config.receive.mode === 'gateway' ? 'gateway' : 'HTTP',
        ready,
        [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
      }
    },
  },
]

export const anyConfigured = (config: BotsConfig): boolean =>
  CHATS.some(({ isConfigured }) => isConfigured(config))

/** `  Slack    on   Socket Mode, workspace Acme` */
export const chatLine = (name: string, state: 'on' | 'off' | '…', text: string): string =>
  `  ${name.padEnd(8)} ${state.padEnd(4)} ${text}`
