import { existsSync } from 'node:fs'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { Server } from 'node:net'
import { ACK_WITHIN_MS } from '../../bots/testing/ack-within.ts'
import { ROOT } from './service.ts'

const MODULE = `${ROOT}/test/peers/discord/node_modules/discord-digital-twin/dist/index.js`
export const hasDiscordPeer = existsSync(MODULE)
export const DISCORD_PEER = hasDiscordPeer
  ? 'a Discord that others wrote'
  : 'a Discord that others wrote (skipped: npm ci --ignore-scripts --prefix test/peers/discord)'

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

/** As much of `discord-digital-twin` as is used here. */
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

/** One server with one channel and one person in it. */
export async function startDiscordPeer() {
  const { DigitalDiscord } = (await import(MODULE)) as { DigitalDiscord: new (options: object) => Twin }
  const twin = new DigitalDiscord({
    guild: { name: 'Acme' },
    channels: [{ name: 'general', type: TEXT }],
    users: [{ username: 'someone' }],
    botToken: 'MTAwMDAwMDAwMDAwMDAwMDAw.GaBcDe.abcdefghijklmnopqrstuvwxyz0123456789AB',
  })
  await changed(() => twin.start())
  const [channel] = await twin.prisma.channel.findMany({ where: { type: TEXT } })
  const channelId = channel!.id
  const userId = (await twin.getFirstNonBotUserId())!
  return {
    env: { DISCORD_BOT_TOKEN: twin.botToken, DISCORD_API_URL: twin.restUrl },
    userId,
    /** Somebody does something: 2 a command, 3 a button, 4 typing, 5 a form. Gives the first answer. */
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
    /** The threads of the channel, each with its own messages. */
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
 * It would listen on every interface, and answer 500 to every file, which is worth another try for half a minute: so it says
 * what stands before the real one says to a file that is too large.
 */
async function changed(start: () => Promise<void>): Promise<void> {
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
