import { existsSync } from 'node:fs'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { Server } from 'node:net'
import { ACK_WITHIN_MS } from '../../bots/testing/ack-within.ts'
import { ROOT } from './service.ts'

const MODULE = `${ROOT}/test/peers/discord/node_modules/discord-digital-twin/dist/index.js`
export const hasDiscordPeer = existsSync(MODULE)
export const DISCORD_PEER = hasDiscordPeer
  ? 'a third-party Discord server'
  : 'a third-party Discord server (skipped: npm ci --ignore-scripts --prefix test/peers/discord)'

const TEXT = 0
type Sent = { readonly id: string }
export type PeerComponent = {
  readonly type: number
  readonly content?: string
  readonly label?: string
  readonly custom_id?: string
  readonly component?: PeerComponent
  readonly components?: PeerComponent[]
}
export type PeerMessage = {
  readonly id: string
  readonly type: number
  readonly components?: PeerComponent[]
}
type Answer = {
  readonly type: number
  readonly data: {
    readonly custom_id?: string
    readonly components?: PeerComponent[]
    readonly choices?: { readonly name: string }[]
  }
}

/** The parts of `discord-digital-twin` that are used here. */
type Twin = {
  readonly restUrl: string
  readonly botToken: string
  readonly prisma: { channel: { findMany(query: object): Promise<Sent[]> } }
  start(): Promise<void>
  stop(): Promise<void>
  getFirstNonBotUserId(): Promise<string | null>
  channel(id: string): {
    getMessages(): Promise<PeerMessage[]>
    getThreads(): Promise<Sent[]>
    waitForInteractionAck(query: { interactionId: string; timeout: number }): Promise<unknown>
    getInteractionResponse(id: string): Promise<{ type: number; data: string | null } | null>
  }
  simulateInteraction(interaction: {
    type: number
    channelId: string
    userId: string
    messageId?: string
    data: object
  }): Promise<Sent>
}

/** One server with one channel and one user. */
export async function startDiscordPeer() {
  const { DigitalDiscord } = (await import(MODULE)) as { DigitalDiscord: new (options: object) => Twin }
  const twin = new DigitalDiscord({
    guild: { name: 'Acme' },
    channels: [{ name: 'general', type: TEXT }],
    users: [{ username: 'someone' }],
    botToken: 'MTAwMDAwMDAwMDAwMDAwMDAw.GaBcDe.abcdefghijklmnopqrstuvwxyz0123456789AB',
  })
  await patched(() => twin.start())
  const [channel] = await twin.prisma.channel.findMany({ where: { type: TEXT } })
  const channelId = channel!.id
  const userId = (await twin.getFirstNonBotUserId())!
  return {
    env: { DISCORD_BOT_TOKEN: twin.botToken, DISCORD_API_URL: twin.restUrl, DISCORD_PLAN: 'never' },
    userId,
    /** Sends an interaction (2 command, 3 button, 4 autocomplete, 5 form); returns the initial response. */
    async interact(
      type: 2 | 3 | 4 | 5,
      data: object,
      where: { threadId?: string; messageId?: string } = {},
    ): Promise<Answer> {
      const { threadId, ...message } = where
      const { id } = await twin.simulateInteraction({
        type,
        channelId: threadId ?? channelId,
        userId,
        ...message,
        data,
      })
      await twin.channel(channelId).waitForInteractionAck({ interactionId: id, timeout: ACK_WITHIN_MS })
      const answer = await twin.channel(channelId).getInteractionResponse(id)
      return { type: answer?.type ?? 0, data: JSON.parse(answer?.data ?? '{}') as Answer['data'] }
    },
    /** The threads of the channel with their messages. */
    async threads(): Promise<{ id: string; messages: PeerMessage[] }[]> {
      const threads = await twin.channel(channelId).getThreads()
      return Promise.all(
        threads.map(async ({ id }) => ({ id, messages: await twin.channel(id).getMessages() })),
      )
    },
    [Symbol.asyncDispose]: () => twin.stop(),
  }
}

/**
 * Patches two defaults of the peer: it would listen on every interface, and answer 500 to every file, which the worker
 * retries for half a minute. Here it answers 413, like a proxy in front of Discord.
 */
async function patched(start: () => Promise<void>): Promise<void> {
  const { listen } = Server.prototype
  Server.prototype.listen = function (this: Server, ...args: unknown[]) {
    const [port, ...rest] = args
    const where = typeof port === 'number' ? { port, host: '127.0.0.1' } : port
    const answers = this.listeners('request') as RequestListener[]
    this.removeAllListeners('request')
    this.on('request', (request: IncomingMessage, response: ServerResponse) => {
      if (request.headers['content-type']?.startsWith('multipart/form-data'))
        return void response.writeHead(413, { connection: 'close' }).end()
      for (const answer of answers) answer(request, response as Parameters<RequestListener>[1])
    })
    return Reflect.apply(listen, this, [where, ...rest])
  } as typeof listen
  try {
    await start()
  } finally {
    Server.prototype.listen = listen
  }
}
