import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { makeClient } from '#queue/connect'
import type { QueueBackend } from '#queue/backend'
import { parseRedisUrl } from '#queue/hosts/redis-url'
import { noTelemetry } from '#lib/telemetry'

/** A server that speaks RESP, greets like a Redis, and answers everything else with one error. */
export async function openFailingRedis(error: string): Promise<QueueBackend> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1')
      for (let command = takeCommand(text); command !== null; command = takeCommand(text)) {
        text = text.slice(command.length)
        socket.write(replyTo(command.name, error))
      }
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const target = parseRedisUrl(`redis://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const clients = new Set<ReturnType<typeof makeClient>>()
  return {
    kind: 'redis',
    description: target.description,
    telemetry: noTelemetry,
    flush: async () => {},
    connect(role) {
      const client = makeClient(target, role)
      client.on('error', () => {})
      clients.add(client)
      return client
    },
    async [Symbol.asyncDispose]() {
      for (const client of clients) client.disconnect()
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** The first whole command: an array of bulk strings. */
function takeCommand(text: string): { readonly name: string; readonly length: number } | null {
  const head = /^\*(\d+)\r\n/.exec(text)
  if (head === null) return null
  let at = head[0].length
  let name = ''
  for (let left = Number(head[1]); left > 0; left--) {
    const size = /^\$(\d+)\r\n/.exec(text.slice(at))
    if (size === null) return null
    const start = at + size[0].length
    const end = start + Number(size[1])
    if (text.length < end + 2) return null
    name ||= text.slice(start, end).toLowerCase()
    at = end + 2
  }
  return { name, length: at }
}

function replyTo(command: string, error: string): string {
  const info = 'redis_version:7.2.0\r\nloading:0\r\n'
  if (/^(NOAUTH|WRONGPASS|LOADING|MAXCLIENTS)/.test(error)) return `-${error}\r\n`
  switch (command) {
    case 'info':
      return `$${info.length}\r\n${info}\r\n`
    case 'client':
    case 'select':
    case 'multi':
      return '+OK\r\n'
    case 'subscribe':
      return '*3\r\n$9\r\nsubscribe\r\n$12\r\n{gb}:changes\r\n:1\r\n'
    case 'exec':
      return '-EXECABORT Transaction discarded because of previous errors.\r\n'
    default:
      return `-${error}\r\n`
  }
}
