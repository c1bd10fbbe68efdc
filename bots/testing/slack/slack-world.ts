// Longer than most files: Socket Mode and signed HTTP share one fake.
import { randomUUID, createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocketServer, type WebSocket } from 'ws'
import { ACK_WITHIN_MS } from '../ack-within.ts'
import { messageProblems, viewProblems } from '../../slack/testing/check-message.ts'
import { BOT_USER, TEAM } from './payloads.ts'

export const BOT_TOKEN = 'xoxb-test-bot'
export const APP_TOKEN = 'xapp-test-app'
export const SIGNING_SECRET = '8f742231b10e8888abcd99yyyzzz85a5'.replaceAll(/[^0-9a-f]/g, '0')

/** Methods that read or change stored messages and files. */
const KEPT = new Set([
  'chat.update',
  'conversations.history',
  'conversations.replies',
  'files.getUploadURLExternal',
  'files.completeUploadExternal',
  'files.delete',
])

export const CLIENT = { id: '123.456', secret: 'a-client-secret' }

type Params = Readonly<Record<string, string>>
export type WebCall = { readonly method: string; readonly params: Params; readonly token: string }
/** The result of an app installation in a workspace. */
export type Grant = { readonly teamId: string; readonly token: string; readonly expiresIn?: number }
type Methods = Readonly<Record<string, (params: Params, token: string) => object>>
/** Content shown to a person: a message's text and blocks, or a view. */
export type Seen = {
  readonly via: 'response_url' | 'ephemeral' | 'direct' | 'home' | 'modal'
  readonly content: Record<string, unknown>
}

/**
 * A fake Slack over the wire: the Web API, Socket Mode, response URLs and files. Every message and view is checked as
 * Slack would check it.
 *
 * @param options.methods additional methods and their responses
 * @param options.behind the URL of a fake that stores channels, threads and files, for the notifier's calls
 * @param options.unchecked skips the checks, where their time would matter
 */
export async function startSlackWorld(
  options: { readonly methods?: Methods; readonly behind?: string; readonly unchecked?: boolean } = {},
) {
  const calls: WebCall[] = []
  const seen: Seen[] = []
  const problems: string[] = []
  const faults = new Map<string, string>()
  const outside = new Set<string>()
  const files = new Map<string, { type: string; bytes: Buffer }>()
  const groups = new Map<string, string[]>()
  const threads = new Map<string, unknown[]>()
  const people = new Map<string, object>()
  const creators = new Map<string, string>()
  const sockets = new Set<WebSocket>()
  const grants = new Map<string, Grant>()
  const granted = new Map([[BOT_TOKEN, TEAM]])
  const acks = new Map<string, (payload: unknown) => void>()
  let down = false
  let looked: (() => void) | null = null

  const see = (via: Seen['via'], content: Record<string, unknown>) => {
    if (!options.unchecked)
      problems.push(...(via === 'home' || via === 'modal' ? viewProblems(content) : messageProblems(content)))
    seen.push({ via, content })
    looked?.()
  }
  const message = (params: Params) => ({ text: params['text'], blocks: JSON.parse(params['blocks'] ?? '[]') })

  const methods: Methods = {
    ...options.methods,
    'auth.test': (_, token) => ({
      team_id: granted.get(token),
      team: 'Acme',
      user_id: BOT_USER,
      bot_id: 'B1',
    }),
    'oauth.v2.access': (params) => install(params),
    'apps.connections.open': () => ({ url: `${origin.replace('http', 'ws')}/socket?ticket=secret-ticket` }),
    'views.open'(params) {
      const view = JSON.parse(params['view'] ?? '{}')
      // People see it only until the details are loaded.
      if (view.callback_id === 'job_details') problems.push(...viewProblems(view))
      else see('modal', view)
      return { view: { id: 'V1' } }
    },
    'views.update'(params) {
      see('modal', JSON.parse(params['view'] ?? '{}'))
      return { view: { id: params['view_id'] } }
    },
    'views.publish'(params) {
      see('home', JSON.parse(params['view'] ?? '{}'))
      return { view: { id: 'V2' } }
    },
    'chat.postEphemeral'(params) {
      if (outside.has(params['channel'] ?? '')) return { ok: false, error: 'not_in_channel' }
      see('ephemeral', message(params))
      return { message_ts: '1700000000.000900' }
    },
    'chat.postMessage'(params) {
      see('direct', message(params))
      return { channel: params['channel'], ts: '1700000000.000901' }
    },
    'conversations.info': (params) => ({
      channel: {
        id: params['channel'],
        is_member: !outside.has(params['channel'] ?? ''),
        creator: creators.get(params['channel'] ?? '') ?? 'U0',
      },
    }),
    'users.info': (params) => ({
      user: { id: params['user'], team_id: TEAM, ...people.get(params['user'] ?? '') },
    }),
    'conversations.open': (params) => ({ channel: { id: `D${params['users']}` } }),
    'conversations.replies': (params) => ({ messages: threads.get(params['ts'] ?? '') ?? [] }),
    'usergroups.users.list': (params) => ({ users: groups.get(params['usergroup'] ?? '') ?? [] }),
    'files.info': (params) =>
      files.has(params['file'] ?? '')
        ? {
            file: {
              id: params['file'],
              name: 'schema.sql',
              url_private_download: `${origin}/files/${params['file']}`,
            },
          }
        : { ok: false, error: 'file_not_found' },
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks).toString('utf8')
    const path = request.url ?? ''
    if (down) return void request.socket.destroy()
    if (path.startsWith('/response/')) {
      if (path.endsWith('/used-up')) return void response.writeHead(404).end('used_url')
      const content = JSON.parse(body)
      if (content.response_type !== 'ephemeral') problems.push('an answer that everybody sees')
      see('response_url', content)
      return void response.end('ok')
    }
    if (path.startsWith('/files/')) {
      const file = files.get(path.slice('/files/'.length))
      if (!file) return void response.writeHead(404).end()
      if (request.headers.authorization !== `Bearer ${BOT_TOKEN}`)
        return void response.writeHead(302, { location: '/login' }).end()
      return void response.writeHead(200, { 'content-type': file.type }).end(file.bytes)
    }
    const method = path.replace('/api/', '')
    const params = Object.fromEntries(new URLSearchParams(body))
    const token = request.headers.authorization?.replace('Bearer ', '') ?? ''
    calls.push({ method, params, token })
    const send = (reply: object) =>
      void response.setHeader('content-type', 'application/json').end(JSON.stringify({ ok: true, ...reply }))
    const known = method === 'apps.connections.open' ? token === APP_TOKEN : granted.has(token)
    if (!known && method !== 'oauth.v2.access') return send({ ok: false, error: 'invalid_auth' })
    const fault = faults.get(method)
    if (fault) return send({ ok: false, error: fault })
    if (options.behind !== undefined && isKept(method, params)) {
      const { authorization = '', 'content-type': type = '' } = request.headers
      const headers = { authorization, 'content-type': type }
      const kept = await fetch(`${options.behind}${method}`, { method: 'POST', headers, body })
      return void response
        .writeHead(kept.status, { 'content-type': 'application/json' })
        .end(await kept.text())
    }
    const run = methods[method]
    if (run) return send(run(params, token))
    problems.push(`${method} is no method that the app may use`)
    send({ ok: false, error: 'unknown_method' })
  }

  /** Slack's side of an installation: each code is exchanged for one token. */
  function install({ code = '', client_id: client, client_secret: secret }: Params): object {
    if (client !== CLIENT.id || secret !== CLIENT.secret) return { ok: false, error: 'invalid_client_id' }
    const grant = grants.get(code)
    if (!grant || !grants.delete(code)) return { ok: false, error: 'invalid_code' }
    granted.set(grant.token, grant.teamId)
    return {
      app_id: 'A1',
      authed_user: { id: 'UADMIN' },
      scope: 'commands,chat:write',
      token_type: 'bot',
      access_token: grant.token,
      bot_user_id: BOT_USER,
      team: { id: grant.teamId, name: `Workspace ${grant.teamId}` },
      enterprise: null,
      is_enterprise_install: false,
      ...(grant.expiresIn && { expires_in: grant.expiresIn, refresh_token: 'xoxe-1' }),
    }
  }

  const isKept = (method: string, params: Params) =>
    KEPT.has(method) ||
    (method === 'chat.postMessage' && params['metadata'] !== undefined) ||
    (method === 'files.info' && !files.has(params['file'] ?? ''))

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      problems.push(String(error))
      response.destroy()
    })
  })
  const sockServer = new WebSocketServer({ server, path: '/socket' })
  sockServer.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('message', (data: Buffer) => {
      const { envelope_id: id, payload } = JSON.parse(data.toString('utf8'))
      if (!acks.has(id)) problems.push('an envelope was acknowledged twice, or never sent')
      acks.get(id)?.(payload)
      acks.delete(id)
    })
    socket.send(JSON.stringify({ type: 'hello', num_connections: 1, connection_info: { app_id: 'A1' } }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  return {
    origin,
    apiUrl: `${origin}/api/`,
    calls,
    seen,
    /** What Slack would have rejected; empty at the end of a test. */
    problems,
    files,
    /** Grants by code. */
    grants,
    groups,
    threads,
    /** What Slack says of people, such as `is_admin`. */
    people,
    /** Creators of channels. */
    creators,
    /** Channels that the bot is not in. */
    outside,
    /** Makes a method return this error from now on. */
    faults,
    sockets,
    set down(value: boolean) {
      down = value
      if (value) for (const socket of sockets) socket.terminate()
    },
    /** A response URL for a request. */
    responseUrl: (name: string = randomUUID()) => `${origin}/response/${name}`,
    callsOf: (method: string) => calls.filter((call) => call.method === method),

    /** Sends an envelope over Socket Mode; resolves with the acknowledgement and its latency in ms. */
    async deliver(
      type: 'slash_commands' | 'interactive' | 'events_api',
      payload: unknown,
      more: object = {},
    ): Promise<{ payload: unknown; ms: number }> {
      const [socket] = sockets
      if (!socket) throw new Error('nobody is connected')
      const id = randomUUID()
      const acknowledged = Promise.withResolvers<unknown>()
      acks.set(id, acknowledged.resolve)
      const started = performance.now()
      const accepts_response_payload = type !== 'events_api'
      socket.send(JSON.stringify({ type, envelope_id: id, payload, accepts_response_payload, ...more }))
      const late = sleep(ACK_WITHIN_MS, null, { ref: false }).then(() => {
        throw new Error(`not acknowledged within ${ACK_WITHIN_MS} ms`)
      })
      return { payload: await Promise.race([acknowledged.promise, late]), ms: performance.now() - started }
    },

    /** Waits for the next content shown to a person, after the first `after`. */
    async nextShown(after = 0, withinMs = 60_000): Promise<Seen> {
      const until = Date.now() + withinMs
      while (seen.length <= after) {
        if (Date.now() > until) throw new Error(`nothing was shown within ${withinMs} ms`)
        await Promise.race([
          new Promise<void>((resolve) => (looked = resolve)),
          sleep(50, undefined, { ref: false }),
        ])
      }
      return seen[after]!
    },

    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.terminate()
      sockServer.close()
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
      if (problems.length > 0) throw new Error(`Slack would not take it:\n${problems.join('\n')}`)
    },
  }
}
/** All texts of a message or view, in reading order. */
export function wordsOf(content: unknown): string {
  if (Array.isArray(content)) return content.map(wordsOf).join(' ')
  if (typeof content !== 'object' || content === null) return ''
  return Object.entries(content)
    .map(([key, value]) =>
      typeof value === 'string' ? (key === 'text' || key === 'user_id' ? value : '') : wordsOf(value),
    )
    .filter((words) => words !== '')
    .join(' ')
}

/** The buttons of a message or view, with action IDs and values. */
export function buttonsOf(content: unknown): { action: string; value: string }[] {
  if (Array.isArray(content)) return content.flatMap(buttonsOf)
  if (typeof content !== 'object' || content === null) return []
  if ('type' in content && content.type === 'button' && 'action_id' in content)
    // What follows the dot tells the buttons of one block apart.
    return [
      {
        action: String(content.action_id).split('.')[0]!,
        value: 'value' in content ? String(content.value) : '',
      },
    ]
  return Object.values(content).flatMap(buttonsOf)
}

/** Posts an event over HTTP with Slack's signature. `at` is the time of signing, in milliseconds. */
export async function post(
  address: string,
  payload: Record<string, unknown>,
  options: {
    kind: 'command' | 'interactive' | 'event'
    secret?: string
    at?: number
    headers?: Record<string, string>
  },
): Promise<{ status: number; body: string; ms: number }> {
  const { kind, secret = SIGNING_SECRET, at = Date.now() } = options
  const body =
    kind === 'event'
      ? JSON.stringify(payload)
      : new URLSearchParams(
          kind === 'command' ? (payload as Record<string, string>) : { payload: JSON.stringify(payload) },
        ).toString()
  const timestamp = String(Math.floor(at / 1000))
  const signature = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')
  const started = performance.now()
  const response = await fetch(address, {
    method: 'POST',
    headers: {
      'content-type': kind === 'event' ? 'application/json' : 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': `v0=${signature}`,
      ...options.headers,
    },
    body,
  })
  return { status: response.status, body: await response.text(), ms: performance.now() - started }
}
