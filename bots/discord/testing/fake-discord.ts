// Longer than most files: channels, messages, interactions and gateway share their state.
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { ACK_WITHIN_MS } from '../../testing/ack-within.ts'
import { validateRequest } from './check-request.ts'
import { startFakeGateway } from './fake-gateway.ts'
import { readMultipart } from './multipart.ts'

/*
 * A stand-in for Discord's HTTP API and gateway, as far as the bot and the notifier use them. It stores channels, threads,
 * messages and interactions, enforces deadlines, validates every body, and fails on demand.
 */

export const BOT_TOKEN = 'MTAwMDAwMDAwMDAwMDAwMDAw.GaBcDe.abcdefghijklmnopqrstuvwxyz0123456789AB'
export const APP_ID = '100000000000000000'
export const BOT_ID = '100000000000000001'
export const GUILD = '200000000000000000'
export const CHANNEL = '300000000000000000'
/** All permissions that the bot needs in a channel. */
export const ALL_PERMISSIONS = String(
  (1n << 10n) | (1n << 11n) | (1n << 15n) | (1n << 16n) | (1n << 35n) | (1n << 36n) | (1n << 38n),
)

const EPOCH = 1_420_070_400_000
const HOUR_MS = 3_600_000

export type FakeMessage = {
  id: string
  channel_id: string
  author: { id: string }
  components: unknown[]
  allowed_mentions: unknown
  attachments: { id: string; filename: string; size: number; url: string }[]
  bytes: Buffer | null
  nonce: string | null
  edits: number
  editedAt: number[]
  deleted: boolean
}
type Channel = {
  id: string
  type: number
  guild_id?: string
  parent_id?: string
  owner_id?: string
  name?: string
  members: string[]
}
export type InjectedFault =
  | { kind: 'error'; code: number; status?: number }
  | { kind: 'status'; status: number; after?: boolean }
  /** `global`: the limit covers all requests of the bot. */
  | { kind: 'rate_limited'; seconds: number; global?: boolean }
  /** The connection breaks; `after`: the request took effect. */
  | { kind: 'reset'; after?: boolean }
  /** No response; `after`: the request took effect. */
  | { kind: 'hang'; after?: boolean }
type ArmedFault = { route: RegExp; fault: InjectedFault; left: number; skip: number }
/** What a user sees in response to their action. */
export type UserVisible = {
  readonly via: 'callback' | 'original' | 'modal' | 'choices' | 'message'
  readonly content: Record<string, unknown>
}
type Interaction = {
  id: string
  token: string
  at: number
  /** The clock's offset at that time in milliseconds: only `advance` counts against the three-second deadline. */
  openedAt: number
  answered: boolean
  removed: boolean
  /** The deferred reply was sent or removed. */
  settled: boolean
  ack: () => void
}
type Json = Record<string, unknown>

class ApiError extends Error {
  readonly status: number
  readonly code: number
  constructor(status: number, code: number) {
    super(`${status} ${code}`)
    this.status = status
    this.code = code
  }
}

export type FakeDiscord = Awaited<ReturnType<typeof startFakeDiscord>>

/** @param options.unchecked skips validation, for measurements that it would distort */
export async function startFakeDiscord(options: { readonly unchecked?: boolean } = {}) {
  const channels = new Map<string, Channel>([
    [CHANNEL, { id: CHANNEL, type: 0, guild_id: GUILD, name: 'general', members: [] }],
  ])
  const messages: FakeMessage[] = []
  const interactions = new Map<string, Interaction>()
  const commands = new Map<string, Json[]>()
  const calls: { method: string; route: string; path: string; at: number }[] = []
  const seen: UserVisible[] = []
  const problems: string[] = []
  const closed = new Map<string, number>()
  let armed: ArmedFault[] = []
  let down = false
  let forgetNonces = false
  let chaos: ((call: string) => InjectedFault | null) | null = null
  let offset = 0
  let count = 0
  let onChange: (() => void) | null = null

  const now = () => Date.now() + offset
  const nextId = () => String((BigInt(now() - EPOCH) << 22n) + BigInt(++count % 4_000_000))
  const show = (via: UserVisible['via'], content: Json) => {
    seen.push({ via, content })
    onChange?.()
  }

  function openChannel(id: string): Channel {
    const refused = closed.get(id)
    if (refused !== undefined) throw new ApiError(refused === 10_003 ? 404 : 403, refused)
    const channel = channels.get(id)
    if (!channel) throw new ApiError(404, 10_003)
    return channel
  }
  const liveMessage = (channelId: string, id: string) => {
    const message = messages.find((one) => one.channel_id === channelId && one.id === id && !one.deleted)
    if (!message) throw new ApiError(404, 10_008)
    return message
  }
  const publicFields = ({
    bytes: _bytes,
    deleted: _gone,
    editedAt: _at,
    edits: _edits,
    ...message
  }: FakeMessage) => message

  function addMessage(channelId: string, body: Json, files: { name: string; bytes: Buffer }[]): FakeMessage {
    openChannel(channelId)
    const nonce = typeof body['nonce'] === 'string' ? body['nonce'] : null
    const duplicate = messages.find(
      (one) => one.nonce !== null && one.nonce === nonce && one.channel_id === channelId,
    )
    if (duplicate && body['enforce_nonce'] === true && !forgetNonces) return duplicate
    const id = nextId()
    const message: FakeMessage = {
      id,
      channel_id: channelId,
      author: { id: BOT_ID },
      components: (body['components'] as unknown[] | undefined) ?? [],
      allowed_mentions: body['allowed_mentions'],
      attachments: files.map(({ name, bytes }, index) => ({
        id: String(index),
        filename: name,
        size: bytes.length,
        url: `${origin}/cdn/${id}/${name}`,
      })),
      bytes: files[0]?.bytes ?? null,
      nonce,
      edits: 0,
      editedAt: [],
      deleted: false,
    }
    messages.push(message)
    if (channelId !== CHANNEL && channels.get(channelId)?.type === 1) show('message', body)
    else if (body['message_reference']) show('message', body)
    else onChange?.()
    return message
  }

  type Request = {
    params: string[]
    body: Json
    files: { name: string; bytes: Buffer }[]
    query: URLSearchParams
  }
  type Route = {
    method: string
    path: RegExp
    route: string
    open?: true
    run: (request: Request) => unknown
  }
  const interactionOf = (token: string): Interaction => {
    const found = [...interactions.values()].find((one) => one.token === token)
    if (!found || now() - found.at > 15 * 60_000) throw new ApiError(401, 50_027)
    if (!found.answered || found.removed) throw new ApiError(404, 10_008)
    return found
  }

  const routes: Route[] = [
    {
      method: 'GET',
      path: /^\/gateway\/bot$/,
      route: '/gateway/bot',
      run: () => ({
        url: gateway.url,
        shards: 1,
        session_start_limit: { total: 1000, remaining: 999, reset_after: 0, max_concurrency: 1 },
      }),
    },
    { method: 'GET', path: /^\/users\/@me$/, route: '/users/@me', run: () => gateway.user },
    {
      method: 'GET',
      path: /^\/applications\/@me$/,
      route: '/applications/@me',
      run: () => ({ id: APP_ID, name: 'Backends', flags: 0 }),
    },
    ...[
      '/applications/{application_id}/commands',
      '/applications/{application_id}/guilds/{guild_id}/commands',
    ].flatMap((route): Route[] => {
      const path = new RegExp(`^${route.replaceAll(/\{\w+\}/g, '(\\d+)')}$`)
      const key = ({ params }: Request) => params.join(':')
      return [
        { method: 'GET', path, route, run: (request) => commands.get(key(request)) ?? [] },
        {
          method: 'PUT',
          path,
          route,
          run(request) {
            const list = (request.body as unknown as Json[]).map((command) => ({
              ...command,
              id: nextId(),
              application_id: APP_ID,
              version: nextId(),
              nsfw: false,
              default_member_permissions: null,
            }))
            commands.set(key(request), list)
            return list
          },
        },
      ]
    }),
    {
      method: 'POST',
      path: /^\/interactions\/(\d+)\/([^/]+)\/callback$/,
      route: '/interactions/{interaction_id}/{interaction_token}/callback',
      open: true,
      run({ params: [id = '', token], body }) {
        const interaction = interactions.get(id)
        if (!interaction || interaction.token !== token || offset - interaction.openedAt > 3_000)
          throw new ApiError(404, 10_062)
        if (interaction.answered) throw new ApiError(400, 40_060)
        interaction.answered = true
        interaction.ack()
        const { type, data } = body as { type: number; data?: Json }
        if (type === 4 || type === 7) show('callback', data ?? {})
        if (type === 8) show('choices', data ?? {})
        if (type === 9) show('modal', data ?? {})
        return null
      },
    },
    {
      method: 'PATCH',
      path: /^\/webhooks\/(\d+)\/([^/]+)\/messages\/@original$/,
      route: '/webhooks/{webhook_id}/{webhook_token}/messages/@original',
      open: true,
      run({ params: [, token = ''], body }) {
        interactionOf(token).settled = true
        show('original', body)
        return { id: nextId() }
      },
    },
    {
      method: 'DELETE',
      path: /^\/webhooks\/(\d+)\/([^/]+)\/messages\/@original$/,
      route: 'delete original',
      open: true,
      run({ params: [, token = ''] }) {
        const interaction = interactionOf(token)
        interaction.removed = true
        interaction.settled = true
        return null
      },
    },
    {
      method: 'POST',
      path: /^\/users\/@me\/channels$/,
      route: '/users/@me/channels',
      run({ body }) {
        const id = `9${String(body['recipient_id']).slice(1)}`
        if (!channels.has(id)) channels.set(id, { id, type: 1, members: [] })
        return channels.get(id)
      },
    },
    {
      method: 'GET',
      path: /^\/channels\/(\d+)$/,
      route: 'get channel',
      run: ({ params: [id = ''] }) => openChannel(id),
    },
    {
      method: 'POST',
      path: /^\/channels\/(\d+)\/messages$/,
      route: '/channels/{channel_id}/messages',
      run: ({ params: [id = ''], body, files }) => publicFields(addMessage(id, body, files)),
    },
    {
      method: 'GET',
      path: /^\/channels\/(\d+)\/messages$/,
      route: 'get messages',
      run({ params: [id = ''], query }) {
        openChannel(id)
        const after = BigInt(query.get('after') ?? '0')
        const found = messages.filter(
          (one) => one.channel_id === id && !one.deleted && BigInt(one.id) > after,
        )
        const limit = Number(query.get('limit') ?? '50')
        const page = query.has('after') ? found.slice(0, limit) : found.slice(-limit)
        return page.reverse().map(publicFields)
      },
    },
    {
      method: 'PATCH',
      path: /^\/channels\/(\d+)\/messages\/(\d+)$/,
      route: '/channels/{channel_id}/messages/{message_id}',
      run({ params: [channelId = '', id = ''], body }) {
        openChannel(channelId)
        const message = liveMessage(channelId, id)
        const age = now() - (Number(BigInt(id) >> 22n) + EPOCH)
        if (age > HOUR_MS && message.edits > 0) throw new ApiError(400, 30_046)
        message.components = (body['components'] as unknown[] | undefined) ?? message.components
        message.edits++
        message.editedAt.push(now())
        onChange?.()
        return publicFields(message)
      },
    },
    {
      method: 'DELETE',
      path: /^\/channels\/(\d+)\/messages\/(\d+)$/,
      route: 'delete message',
      run({ params: [channelId = '', id = ''] }) {
        liveMessage(channelId, id).deleted = true
        return null
      },
    },
    {
      method: 'POST',
      path: /^\/channels\/(\d+)\/messages\/(\d+)\/threads$/,
      route: '/channels/{channel_id}/messages/{message_id}/threads',
      run({ params: [channelId = '', id = ''], body }) {
        const { guild_id } = openChannel(channelId)
        liveMessage(channelId, id)
        if (channels.has(id)) throw new ApiError(400, 160_004)
        const thread: Channel = {
          id,
          type: 11,
          ...(guild_id !== undefined && { guild_id }),
          parent_id: channelId,
          owner_id: BOT_ID,
          name: String(body['name']),
          members: [],
        }
        channels.set(id, thread)
        return thread
      },
    },
    {
      method: 'POST',
      path: /^\/channels\/(\d+)\/threads$/,
      route: '/channels/{channel_id}/threads',
      run({ params: [channelId = ''], body }) {
        openChannel(channelId)
        const thread: Channel = {
          id: nextId(),
          type: 12,
          guild_id: GUILD,
          parent_id: channelId,
          owner_id: BOT_ID,
          name: String(body['name']),
          members: [],
        }
        channels.set(thread.id, thread)
        return thread
      },
    },
    {
      method: 'GET',
      path: /^\/guilds\/(\d+)\/threads\/active$/,
      route: 'active threads',
      run: ({ params: [id] }) => ({
        threads: [...channels.values()].filter(
          ({ type, guild_id }) => type >= 10 && type <= 12 && guild_id === id,
        ),
        members: [],
      }),
    },
    {
      method: 'PUT',
      path: /^\/channels\/(\d+)\/thread-members\/(\d+)$/,
      route: 'add member',
      run({ params: [id = '', userId = ''] }) {
        const { members } = openChannel(id)
        if (!members.includes(userId)) members.push(userId)
        return null
      },
    },
  ]

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', origin)
    const method = request.method ?? ''
    const raw = await bytesOf(request)
    if (down) return void request.socket.destroy()
    if (url.pathname.startsWith('/cdn/')) return serve(url.pathname, response)
    const path = url.pathname.replace(/^\/api\/v10/, '').replaceAll('%40', '@')
    const route = routes.find((one) => one.method === method && one.path.test(path))
    calls.push({ method, route: route?.route ?? path, path, at: now() })
    if (!route) {
      problems.push(`${method} ${path} is not an endpoint that the bot may call`)
      return send(response, 404, { code: 0, message: '404: Not Found' })
    }
    const token = request.headers.authorization
    if (!route.open && token !== `Bot ${BOT_TOKEN}`)
      return send(response, 401, { code: 0, message: '401: Unauthorized' })
    if (route.open && token !== undefined) problems.push(`the bot token was sent to ${route.route}`)

    const fault = take(`${method} ${path}`)
    const late = fault !== null && 'after' in fault && fault.after === true
    if (fault !== null && !late) return fail(fault, request, response)
    const { body, files } = read(request, raw)
    if (method !== 'GET' && method !== 'DELETE' && !route.route.includes(' ') && !options.unchecked) {
      const wrong = validateRequest(method, route.route, body)
      if (wrong.length > 0) {
        problems.push(...wrong)
        return send(response, 400, { code: 50_035, message: 'Invalid Form Body' })
      }
    }
    try {
      const params = (route.path.exec(path) ?? []).slice(1)
      const result = route.run({ params, body: body as Json, files, query: url.searchParams })
      if (fault !== null) return await fail(fault, request, response)
      if (result === null) return void response.writeHead(204, limits(route.route)).end()
      send(response, 200, result, limits(route.route))
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      send(response, error.status, { code: error.code, message: 'refused' })
    }
  }

  function read(request: IncomingMessage, raw: Buffer) {
    const type = request.headers['content-type'] ?? ''
    if (type.startsWith('multipart/form-data')) return readMultipart(type, raw)
    return { body: raw.length === 0 ? {} : (JSON.parse(raw.toString('utf8')) as unknown), files: [] }
  }

  function serve(path: string, response: ServerResponse): void {
    const message = messages.find(({ attachments }) => attachments.some(({ url }) => url.endsWith(path)))
    const file = uploads.get(path) ?? message?.bytes
    if (!file) return void response.writeHead(404).end()
    response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(file)
  }
  const uploads = new Map<string, Buffer>()

  function take(call: string): InjectedFault | null {
    const random = chaos?.(call) ?? null
    if (random !== null) return random
    const match = armed.find(({ route }) => route.test(call))
    if (!match) return null
    if (match.skip > 0) {
      match.skip--
      return null
    }
    if (--match.left === 0) armed = armed.filter((one) => one !== match)
    return match.fault
  }

  async function fail(
    fault: InjectedFault,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    switch (fault.kind) {
      case 'error':
        return send(response, fault.status ?? (fault.code === 10_003 || fault.code === 10_008 ? 404 : 403), {
          code: fault.code,
          message: 'refused',
        })
      case 'status':
        return void response.writeHead(fault.status).end('server error')
      case 'rate_limited':
        return send(
          response,
          429,
          {
            message: 'You are being rate limited.',
            retry_after: fault.seconds,
            global: fault.global ?? false,
          },
          {
            'retry-after': String(fault.seconds),
            'x-ratelimit-scope': fault.global ? 'global' : 'user',
            ...(fault.global && { 'x-ratelimit-global': 'true' }),
          },
        )
      case 'reset':
        return void request.socket.destroy()
      case 'hang':
        return undefined
    }
  }

  /** Generous limits; rate limiting is tested with the fault `rate_limited`. */
  const limits = (route: string) => ({
    'x-ratelimit-limit': '50',
    'x-ratelimit-remaining': '49',
    'x-ratelimit-reset': String((now() + 1_000) / 1000),
    'x-ratelimit-reset-after': '1.000',
    'x-ratelimit-bucket': Buffer.from(route).toString('hex').slice(0, 32),
  })
  const send = (
    response: ServerResponse,
    status: number,
    body: unknown,
    headers: Record<string, string> = {},
  ) =>
    void response
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(JSON.stringify(body))

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      // The client aborted the request.
      if (request.errored) return
      problems.push(String(error))
      response.destroy()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const origin = `http://127.0.0.1:${port}`
  const gateway = startFakeGateway({
    server,
    origin,
    token: BOT_TOKEN,
    botId: BOT_ID,
    appId: APP_ID,
    guildId: GUILD,
  })

  return {
    origin,
    /** For `DISCORD_API_URL`. */
    apiUrl: `${origin}/api`,
    channels,
    messages,
    commands,
    calls,
    seen,
    problems,
    gateway,
    /** Channels that fail with this code from now on. */
    closed,
    /** Calls (`POST /channels/…/messages`) that fail: after `skip` the next `times`. */
    inject(route: RegExp, fault: InjectedFault, times = 1, skip = 0) {
      armed.push({ route, fault, left: times, skip })
    },
    /** While true, every connection is closed before the request is read. */
    set down(value: boolean) {
      down = value
      if (value) gateway.cut()
    },
    /** Decides for each call (`POST /channels/…/messages`) whether and how it fails. */
    set chaos(value: ((call: string) => InjectedFault | null) | null) {
      chaos = value
    },
    /** Duplicate messages are created twice, as when a nonce has expired. */
    set forgetNonces(value: boolean) {
      forgetNonces = value
    },
    /** Advances the clock. */
    advance(ms: number) {
      offset += ms
    },
    /** Hosts a file as an attachment. */
    upload(name: string, bytes: Buffer) {
      const id = nextId()
      uploads.set(`/cdn/${id}/${name}`, bytes)
      return { id, filename: name, size: bytes.length, url: `${origin}/cdn/${id}/${name}` }
    },
    newId: nextId,

    /** Opens an interaction; `acknowledged` resolves with the time until its initial response, in milliseconds. */
    openInteraction(id: string = nextId()) {
      const acked = Promise.withResolvers<void>()
      const started = performance.now()
      const token = `token-of-${id}`
      interactions.set(id, {
        id,
        token,
        at: now(),
        openedAt: offset,
        answered: false,
        removed: false,
        settled: false,
        ack: acked.resolve,
      })
      const late = sleep(ACK_WITHIN_MS, null, { ref: false }).then(() => {
        throw new Error(`not acknowledged within ${ACK_WITHIN_MS} ms`)
      })
      const acknowledged = Promise.race([acked.promise, late]).then(() => performance.now() - started)
      acknowledged.catch(() => {})
      return { id, token, acknowledged }
    },

    /** Waits until the deferred reply to an interaction was sent or removed. */
    async settled(id: string): Promise<void> {
      while (interactions.get(id)?.settled === false) await sleep(10)
    },

    /** Marks an interaction as answered in an HTTP response. */
    answered(id: string) {
      const interaction = interactions.get(id)
      if (interaction) interaction.answered = true
    },

    /** Waits until a call (`POST /channels/…/messages`) was made `times` times. */
    async called(call: RegExp, times = 1, withinMs = 90_000) {
      const until = Date.now() + withinMs
      while (calls.filter(({ method, path }) => call.test(`${method} ${path}`)).length < times) {
        if (Date.now() > until) throw new Error(`${call} was not called ${times} times within ${withinMs} ms`)
        await sleep(5)
      }
    },

    /** Waits for what the user sees next, after the first `after` responses. */
    async nextShown(after = 0, withinMs = 60_000): Promise<UserVisible> {
      const until = Date.now() + withinMs
      while (seen.length <= after) {
        if (Date.now() > until) throw new Error(`nothing was shown within ${withinMs} ms`)
        await Promise.race([
          new Promise<void>((resolve) => (onChange = resolve)),
          sleep(50, undefined, { ref: false }),
        ])
      }
      return seen[after]!
    },

    /** Stops listening, so that connections are refused until `accept`. */
    async refuse() {
      gateway.cut()
      await close()
    },
    async accept() {
      server.listen(port, '127.0.0.1')
      await once(server, 'listening')
    },
    async [Symbol.asyncDispose]() {
      gateway.close()
      await close()
      if (problems.length > 0) throw new Error(`Discord would refuse this:\n${problems.join('\n')}`)
    },
  }

  async function close() {
    if (!server.listening) return
    server.close()
    server.closeAllConnections()
    await once(server, 'close')
  }
}

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
