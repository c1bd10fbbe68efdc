// Longer than most files: one Slack, whose methods share the same channels, messages and files.
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { messageProblems } from './check-message.ts'

/*
 * A fake of the parts of Slack's Web API that the notifier uses, over HTTP. It stores channels, threads and files, checks
 * every message, and fails on demand, before or after applying a call.
 */

export type FakeMessage = {
  ts: string
  channel: string
  thread_ts?: string
  text: string
  blocks: unknown[]
  /** The original text, which people are notified of. */
  posted: string
  metadata?: unknown
  files?: string[]
  /** The number of edits, and the time of the last one in milliseconds. */
  edits: number
  editedAt: number[]
}

export type Fault =
  | { kind: 'error'; error: string }
  | { kind: 'status'; status: number; after?: boolean }
  | { kind: 'rate_limited'; seconds: number }
  /** The connection breaks; `after`: once the call has taken effect. */
  | { kind: 'reset'; after?: boolean }
  /** No response; `after`: once the call has taken effect. */
  | { kind: 'hang'; after?: boolean }
  /** `files.completeUploadExternal` returns ok but never shares the file. */
  | { kind: 'not_shared' }
  /** The same, but returns an error and shares the file some time later anyway. */
  | { kind: 'shared_late'; ms: number }

type Armed = { method: string; fault: Fault; left: number; skip: number }
type Params = Record<string, string>
type File = {
  id: string
  name: string
  bytes: Buffer | null
  sharedIn: { channel: string; ts: string } | null
}

class SlackRefusal extends Error {}

export type FakeSlack = Awaited<ReturnType<typeof startFakeSlack>>

export async function startFakeSlack() {
  const messages: FakeMessage[] = []
  const files = new Map<string, File>()
  const calls: { method: string; params: Params; at: number }[] = []
  /** Problems of received messages; empty at the end of a test. */
  const problems: string[] = []
  /** Uploaded for messages to show. */
  const pictures = new Set<string>()
  const closedChannels = new Map<string, string>()
  let armed: Armed[] = []
  let down = false
  let count = 0
  let refuseRich = false
  let refuseFileBlocks: string | null = null
  let chaos: ((method: string) => Fault | null) | null = null

  const nextTs = () => `${Math.floor(Date.now() / 1000)}.${String(++count).padStart(6, '0')}`
  const find = (channel: string | undefined, ts: string | undefined) =>
    messages.find((message) => message.channel === channel && message.ts === ts)
  const need = (params: Params, name: string): string => {
    const value = params[name]
    if (value === undefined || value === '') throw new SlackRefusal('invalid_arguments')
    return value
  }
  const openChannel = (params: Params, name = 'channel'): string => {
    const channel = need(params, name)
    const closed = closedChannels.get(channel)
    if (closed !== undefined) throw new SlackRefusal(closed)
    return channel
  }

  function takeMessage(params: Params): { text: string; blocks: unknown[] } {
    const text = params['text'] ?? ''
    const blocks = params['blocks'] === undefined ? [] : (JSON.parse(params['blocks']) as unknown[])
    const rich = blocks.some((block) => ['plan', 'rich_text'].includes((block as { type: string }).type))
    if (refuseRich && rich) throw new SlackRefusal('invalid_blocks')
    const wrong = messageProblems({ text, blocks })
    if (wrong.length === 0) return { text, blocks }
    problems.push(...wrong)
    throw new SlackRefusal('invalid_blocks')
  }

  const methods: Record<string, (params: Params, fault: Fault | null) => object> = {
    'auth.test': () => ({ user_id: 'UBOT', team_id: 'T1' }),

    'chat.postMessage'(params) {
      const channel = openChannel(params)
      const threadTs = params['thread_ts']
      const taken = takeMessage(params)
      const message: FakeMessage = {
        ts: nextTs(),
        channel,
        ...(threadTs && { thread_ts: threadTs }),
        ...taken,
        posted: JSON.stringify(taken),
        ...(params['metadata'] && { metadata: JSON.parse(params['metadata']) }),
        edits: 0,
        editedAt: [],
      }
      messages.push(message)
      return { channel, ts: message.ts }
    },

    'chat.update'(params) {
      const channel = openChannel(params)
      const message = find(channel, need(params, 'ts'))
      if (!message) throw new SlackRefusal('message_not_found')
      Object.assign(message, takeMessage(params))
      message.edits++
      message.editedAt.push(Date.now())
      return { channel, ts: message.ts }
    },

    'conversations.history': (params) => page(params, (message) => message.thread_ts === undefined),
    'conversations.replies'(params) {
      const ts = need(params, 'ts')
      return page(params, (message) => message.ts === ts || message.thread_ts === ts)
    },

    'conversations.open'(params) {
      const user = need(params, 'users')
      const closed = closedChannels.get(user)
      if (closed !== undefined) throw new SlackRefusal(closed)
      return { channel: { id: `D${user}` } }
    },

    'files.getUploadURLExternal'(params) {
      const id = `F${++count}`
      if (!/^\d+$/.test(need(params, 'length'))) throw new SlackRefusal('invalid_arguments')
      files.set(id, { id, name: need(params, 'filename'), bytes: null, sharedIn: null })
      return { file_id: id, upload_url: `${url}upload/${id}` }
    },

    'files.completeUploadExternal'(params, fault) {
      // Without a channel the file is private, such as a picture that a message shows.
      if (params['channel_id'] === undefined) {
        const [wanted] = JSON.parse(need(params, 'files')) as { id: string }[]
        const file = files.get(wanted?.id ?? '')
        if (!file || file.bytes === null) throw new SlackRefusal('file_not_found')
        pictures.add(file.id)
        return { files: [{ id: file.id }] }
      }
      const channel = openChannel(params, 'channel_id')
      const said = takeComment(params)
      const [wanted] = JSON.parse(need(params, 'files')) as { id: string }[]
      const file = files.get(wanted?.id ?? '')
      if (!file || file.bytes === null) throw new SlackRefusal('file_not_found')
      if (fault?.kind === 'not_shared') return { files: [{ id: file.id }] }
      if (fault?.kind === 'shared_late') {
        setTimeout(() => files.has(file.id) && show(file, channel, params['thread_ts'], said), fault.ms)
        throw new SlackRefusal('internal_error')
      }
      show(file, channel, params['thread_ts'], said)
      return { files: [{ id: file.id }] }
    },

    'files.info'(params) {
      const file = files.get(need(params, 'file'))
      if (!file) throw new SlackRefusal('file_not_found')
      const shared = file.sharedIn && { [file.sharedIn.channel]: [{ ts: file.sharedIn.ts }] }
      return {
        file: {
          id: file.id,
          shares: shared ? { public: shared } : {},
          ...(pictures.has(file.id) && { mimetype: 'image/png' }),
        },
      }
    },

    'files.delete'(params) {
      const id = need(params, 'file')
      if (!files.delete(id)) throw new SlackRefusal('file_not_found')
      const at = messages.findIndex((message) => message.files?.includes(id))
      if (at >= 0) messages.splice(at, 1)
      return {}
    },
  }

  /** What a file is shared with: a comment, or else blocks. */
  function takeComment(params: Params): { text: string; blocks: unknown[] } {
    const { initial_comment: comment, blocks } = params
    if (comment) return { ...takeMessage({ text: comment }), blocks: [] }
    if (blocks === undefined) return { text: '', blocks: [] }
    if (refuseFileBlocks) throw new SlackRefusal(refuseFileBlocks)
    return { ...takeMessage({ text: 'blocks', blocks }), text: '' }
  }

  function show(
    file: File,
    channel: string,
    threadTs: string | undefined,
    said: { text: string; blocks: unknown[] },
  ): void {
    const ts = nextTs()
    const posted = said.text === '' && said.blocks.length === 0 ? '' : JSON.stringify(said)
    const shown = { ...said, posted, files: [file.id], edits: 0, editedAt: [] }
    messages.push({ ts, channel, ...(threadTs && { thread_ts: threadTs }), ...shown })
    file.sharedIn = { channel, ts }
  }

  function page(params: Params, belongs: (message: FakeMessage) => boolean): object {
    const channel = openChannel(params)
    const oldest = Number(params['oldest'] ?? 0)
    const found = messages.filter(
      (message) => message.channel === channel && belongs(message) && Number(message.ts) >= oldest,
    )
    const from = Number(params['cursor'] ?? 0)
    const to = from + Number(params['limit'] ?? 100)
    const withMetadata = params['include_all_metadata'] === 'true'
    const shown = found.slice(from, to).map(({ metadata, files: ids, ...rest }) => ({
      ...rest,
      user: 'UBOT',
      ...(ids === undefined && { bot_id: 'BUS' }),
      ...(withMetadata && { metadata }),
      ...(ids && { files: ids.map(toFile) }),
    }))
    return { messages: shown, response_metadata: { next_cursor: to < found.length ? String(to) : '' } }
  }

  const toFile = (id: string) => ({ id, name: files.get(id)?.name, size: files.get(id)?.bytes?.length })

  function takeFault(method: string): Fault | null {
    const random = chaos?.(method) ?? null
    if (random !== null) return random
    const hit = armed.find((one) => one.method === method)
    if (!hit || hit.skip-- > 0) return null
    hit.left--
    armed = armed.filter(({ left }) => left > 0)
    return hit.fault
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks)
    const path = (request.url ?? '').replace(/^\/api\//, '')
    const upload = /^upload\/(F\d+)$/.exec(path)
    const method = upload ? 'upload' : path
    const params = upload ? {} : Object.fromEntries(new URLSearchParams(body.toString('utf8')))
    calls.push({ method, params, at: Date.now() })
    if (down) return void request.socket.destroy()

    const fault = takeFault(method)
    const late = fault !== null && 'after' in fault && fault.after === true
    if (fault !== null && !late && fault.kind !== 'not_shared' && fault.kind !== 'shared_late')
      return fail(fault, request, response)
    const result = perform()
    if (fault !== null && late) return fail(fault, request, response)
    if (upload) return void response.writeHead(200).end('OK')
    send(response, result)

    function perform(): object {
      try {
        if (upload) {
          const file = files.get(upload[1]!)
          if (file) file.bytes = body
          return {}
        }
        if (!request.headers.authorization?.startsWith('Bearer xoxb-')) throw new SlackRefusal('not_authed')
        const run = methods[method]
        if (!run) throw new SlackRefusal('unknown_method')
        return { ok: true, ...run(params, fault) }
      } catch (error) {
        if (error instanceof SlackRefusal) return { ok: false, error: error.message }
        throw error
      }
    }
  }

  async function fail(fault: Fault, request: IncomingMessage, response: ServerResponse): Promise<void> {
    switch (fault.kind) {
      case 'error':
        return send(response, { ok: false, error: fault.error })
      case 'status':
        return void response.writeHead(fault.status).end('out of order')
      case 'rate_limited':
        response.setHeader('retry-after', String(fault.seconds))
        response.statusCode = 429
        return send(response, { ok: false, error: 'ratelimited' })
      case 'reset':
        return void request.socket.destroy()
      case 'hang':
        return undefined
      case 'not_shared':
      case 'shared_late':
        throw new Error('only for files.completeUploadExternal')
    }
  }

  const send = (response: ServerResponse, body: object) => {
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(body))
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      problems.push(String(error))
      response.destroy()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}/api/`

  return {
    /** For `slackApiUrl`. */
    url,
    messages,
    files,
    calls,
    problems,
    /** Fails the next `times` calls of a method after `skip` calls; `upload` means uploading the bytes. */
    inject(method: string, fault: Fault, times = 1, skip = 0) {
      armed.push({ method, fault, left: times, skip })
    },
    /** Every connection is refused until it is set to false. */
    set down(value: boolean) {
      down = value
    },
    /** Called for every request to decide whether and how it fails. */
    set chaos(value: ((method: string) => Fault | null) | null) {
      chaos = value
    },
    /** Plans and rich text are rejected, as by an old workspace. */
    set refuseRich(value: boolean) {
      refuseRich = value
    },
    /** A file is not shared with blocks, but with an error. */
    set refuseFileBlocks(error: string | null) {
      refuseFileBlocks = error
    },
    /** Calls for a channel or, for direct messages, a user return this error. */
    close(channelOrUser: string, error: string) {
      closedChannels.set(channelOrUser, error)
    },
    deleteMessage(ts: string) {
      messages.splice(
        messages.findIndex((message) => message.ts === ts),
        1,
      )
    },
    callsOf: (method: string) => calls.filter((call) => call.method === method),
    async called(method: string, times = 1, withinMs = 90_000) {
      const until = Date.now() + withinMs
      while (calls.filter((call) => call.method === method).length < times) {
        if (Date.now() > until)
          throw new Error(`${method} was not called ${times} times within ${withinMs} ms`)
        await sleep(5)
      }
    },
    /** Stops listening: connections are refused until `accept`. */
    refuse: close,
    async accept() {
      server.listen(port, '127.0.0.1')
      await once(server, 'listening')
    },
    [Symbol.asyncDispose]: close,
  }

  async function close() {
    if (!server.listening) return
    server.close()
    server.closeAllConnections()
    await once(server, 'close')
  }
}
