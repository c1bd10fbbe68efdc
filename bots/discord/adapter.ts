import type { ChatOrigin } from '#contract'
import type { ChatAdapter } from '../core/chat-adapter.ts'
import { discordSendConfig, discordSendVariables, type DiscordSendConfig } from './sending/config.ts'

type DiscordOrigin = Extract<ChatOrigin, { kind: 'discord' }>

export const discord: ChatAdapter<DiscordOrigin, DiscordSendConfig> = {
  kind: 'discord',
  name: 'Discord',
  setupHint: 'Set DISCORD_BOT_TOKEN; docs/operate/discord.md explains where to get it.',
  receive: {
    isConfigured: ({ discord }) => discord !== null,
    async start({ discord: config }, deps) {
      if (config === null) throw new Error('Discord is not configured')
      const { startDiscord } = await import('./start-discord.ts')
      const running = startDiscord({ config, ...deps })
      const ready = running.ready.then(({ identity, address }) => ({
        name: `application ${identity.name}`,
        address,
      }))
      // Rejects when stopped before it was ready, which is no error.
      ready.catch(() => {})
      return {
        mode: config.receive.mode === 'gateway' ? 'gateway' : 'HTTP',
        ready,
        [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
      }
    },
  },
  send: {
    variables: discordSendVariables,
    settings: discordSendConfig,
    async open(settings, signal) {
      const { makeDiscordPort } = await import('./post.ts')
      const port = makeDiscordPort({ ...settings, signal })
      return { chatFor: async () => port }
    },
    destinationOf: ({ guildId, channelId, threadId, uploadLimit }) => ({
      channelId,
      threadId,
      uploadLimit,
      isDirect: guildId === null,
    }),
  },
}
