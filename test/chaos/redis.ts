import { mkdir } from 'node:fs/promises'
import { Redis } from 'ioredis'
import { run, type Running } from '../support/process.ts'
import { freePort } from '../support/ports.ts'

/** A Redis with an append-only file that can be killed, stopped and restarted. */
export async function startRedis(dir: string) {
  await mkdir(dir, { recursive: true })
  const port = await freePort()
  const url = `redis://127.0.0.1:${port}`
  const settings = ['--port', String(port), '--dir', dir, '--save', '', '--appendonly', 'yes']
  const policy = ['--appendfsync', 'everysec', '--maxmemory-policy', 'noeviction']
  let server: Running
  const client = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: () => 100 })
  client.on('error', () => {})

  async function start(): Promise<void> {
    server = run('redis-server', [...settings, ...policy])
    await server.line(/Ready to accept connections/)
  }
  await start()
  return {
    url,
    client,
    async stop(signal: 'SIGKILL' | 'SIGTERM') {
      server.child.kill(signal)
      await server.exited
    },
    start,
    /** Drops every connection. */
    async drop() {
      for (const type of ['normal', 'pubsub'])
        await client.call('CLIENT', 'KILL', 'TYPE', type, 'SKIPME', 'yes').catch(() => {})
    },
    async [Symbol.asyncDispose]() {
      client.disconnect()
      await server[Symbol.asyncDispose]()
    },
  }
}
export type ChaosRedis = Awaited<ReturnType<typeof startRedis>>
