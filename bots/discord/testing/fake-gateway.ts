import type { Server } from 'node:http'
import { WebSocketServer, type WebSocket } from 'ws'

type Event = { t: string; d: unknown; s: number }

/** A stand-in for the gateway: hello, identify, heartbeats, and resume with the missed events. */
export function startFakeGateway(options: {
  readonly server: Server
  readonly origin: string
  readonly token: string
  readonly botId: string
  readonly appId: string
  readonly guildId: string
}) {
  const { server, origin, token, botId, appId, guildId } = options
  const url = `${origin.replace('http', 'ws')}/gateway`
  const sockets = new Set<WebSocket>()
  const events: Event[] = []
  const counts = { identified: 0, resumed: 0 }
  let sequence = 0
  const user = {
    id: botId,
    username: 'backends',
    discriminator: '0',
    global_name: null,
    avatar: null,
    bot: true,
    flags: 0,
  }

  const emit = (socket: WebSocket, { t, d, s }: Event) => socket.send(JSON.stringify({ op: 0, t, d, s }))
  const push = (t: string, d: unknown, to: Iterable<WebSocket>) => {
    const event = { t, d, s: ++sequence }
    events.push(event)
    for (const socket of to) emit(socket, event)
  }

  function onPayload(socket: WebSocket, { op, d }: { op: number; d: Record<string, unknown> }): void {
    if (op === 1) return socket.send(JSON.stringify({ op: 11 }))
    if ((op === 2 || op === 6) && d['token'] !== token) return socket.close(4004, 'Authentication failed.')
    if (op === 2) {
      counts.identified++
      sockets.add(socket)
      push(
        'READY',
        {
          v: 10,
          user,
          guilds: [{ id: guildId, unavailable: true }],
          session_id: 'session',
          resume_gateway_url: url,
          shard: d['shard'] ?? [0, 1],
          application: { id: appId, flags: 0 },
        },
        [socket],
      )
      push('GUILD_CREATE', guildOf(guildId), [socket])
    }
    if (op === 6) {
      counts.resumed++
      sockets.add(socket)
      const seen = Number(d['seq'])
      for (const event of events) if (event.s > seen) emit(socket, event)
      push('RESUMED', {}, [socket])
    }
  }

  const wss = new WebSocketServer({ server, path: '/gateway' })
  wss.on('connection', (socket) => {
    socket.on('close', () => sockets.delete(socket))
    socket.on('message', (data: Buffer) => onPayload(socket, JSON.parse(data.toString('utf8'))))
    socket.send(JSON.stringify({ op: 10, d: { heartbeat_interval: 45_000 }, s: null, t: null }))
  })

  return {
    url,
    user,
    counts,
    sockets,
    /** Sends an event to all connected clients; others get it when they resume. */
    dispatch: (t: string, d: unknown) => push(t, d, sockets),
    /** Drops every connection without a close frame. */
    cut() {
      for (const socket of sockets) socket.terminate()
    },
    /** Asks every client to reconnect and resume. */
    reconnect() {
      for (const socket of sockets) socket.send(JSON.stringify({ op: 7, d: null }))
    },
    close() {
      for (const socket of wss.clients) socket.terminate()
      wss.close()
    },
  }
}

/** The fields of a server that discord.js requires. */
const guildOf = (id: string) => ({
  id,
  name: 'Acme',
  owner_id: '1',
  icon: null,
  features: [],
  roles: [],
  emojis: [],
  stickers: [],
  channels: [],
  threads: [],
  members: [],
  presences: [],
  voice_states: [],
  stage_instances: [],
  guild_scheduled_events: [],
  member_count: 1,
  preferred_locale: 'en-US',
  system_channel_flags: 0,
  premium_tier: 0,
  verification_level: 0,
  explicit_content_filter: 0,
  default_message_notifications: 0,
  mfa_level: 0,
  nsfw_level: 0,
  joined_at: '2026-01-01T00:00:00Z',
  large: false,
  unavailable: false,
})
