import { once } from 'node:events'
import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { startS3rver, BUCKET, S3RVER_KEYS } from '../support/s3rver.ts'
import type { Rng } from './rng.ts'

/** How the bucket fails: not at all, late answers, errors, or connections that are cut before or after the work is done. */
export const FAULT_MODES = ['fine', 'slow', 'error 500', 'slow down 503', 'cut'] as const
export type Weather = (typeof FAULT_MODES)[number]

/** How many requests a bad weather hits. */
const SHARE = 0.4

/** An S3 server with a proxy before it that makes its weather. Its address is the proxy's. */
export async function startBucket(dice: Rng) {
  await using stack = new AsyncDisposableStack()
  const server = stack.use(await startS3rver({ conditional: true }))
  let weather: Weather = 'fine'
  const hits: Record<string, number> = {}
  /** Paths of what was written, below the bucket. */
  const written = new Set<string>()

  const proxy = createServer((incoming, outgoing) => {
    const hit = weather !== 'fine' && dice.hits(SHARE)
    if (hit) hits[weather] = (hits[weather] ?? 0) + 1
    answer(hit ? weather : 'fine', incoming, outgoing).catch(() => outgoing.destroy())
  })

  async function answer(how: Weather, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    switch (how) {
      case 'slow':
        await sleep(dice.between(300, 2_500))
        return pass(incoming, outgoing, 'whole')
      case 'error 500':
        return refuse(incoming, outgoing, 500, 'InternalError')
      case 'slow down 503':
        return refuse(incoming, outgoing, 503, 'SlowDown')
      case 'cut':
        if (dice.hits(0.3)) return void incoming.destroy()
        return pass(incoming, outgoing, 'lost')
      case 'fine':
        return pass(incoming, outgoing, 'whole')
    }
  }

  /** `lost`: the server does its work, and the answer does not arrive, or half of it. */
  async function pass(incoming: IncomingMessage, outgoing: ServerResponse, fate: 'whole' | 'lost') {
    const { method, url, headers } = incoming
    const sent = forward(server.endpoint + url, { method, headers, agent: false })
    // Also once the answer is there: the stand-in may send more than it announced.
    sent.on('error', () => outgoing.destroy())
    incoming.pipe(sent)
    const [reply] = (await once(sent, 'response')) as [IncomingMessage]
    if (method === 'PUT' && reply.statusCode === 200)
      written.add(new URL(url ?? '', server.endpoint).pathname)
    if (fate === 'whole') {
      outgoing.writeHead(reply.statusCode ?? 500, reply.headers)
      reply.pipe(outgoing)
      return
    }
    const whole = Buffer.concat(await reply.toArray())
    if (whole.length > 1) {
      outgoing.writeHead(reply.statusCode ?? 500, reply.headers)
      outgoing.write(whole.subarray(0, whole.length / 2))
    }
    outgoing.destroy()
  }

  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  stack.defer(() => {
    proxy.closeAllConnections()
    proxy.close()
  })
  const { port } = proxy.address() as AddressInfo
  const owned = stack.move()
  return {
    /** What a program needs to keep its jobs there. */
    env: {
      STORE_URL: `s3://${BUCKET}/storm`,
      STORE_S3_ENDPOINT: `http://127.0.0.1:${port}`,
      AWS_ACCESS_KEY_ID: S3RVER_KEYS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: S3RVER_KEYS.secretAccessKey,
      LINK_SECRET: 'l'.repeat(32),
    },
    /** Past the weather, for whoever looks at what is stored in the end. */
    endpoint: server.endpoint,
    weather(next: Weather) {
      weather = next
    },
    /** What was written so far, as `jobId/checkpoint`. */
    checkpoints: () =>
      new Set(
        [...written].flatMap(
          (path) => /\/jobs\/([^/]+)\/checkpoints\/(.+)$/.exec(path)?.slice(1).join('/') ?? [],
        ),
      ),
    /** How many requests each weather has hit. */
    hits: () => hits,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}
export type ChaosBucket = Awaited<ReturnType<typeof startBucket>>

async function refuse(incoming: IncomingMessage, outgoing: ServerResponse, status: number, code: string) {
  incoming.resume()
  await once(incoming, 'end')
  outgoing.writeHead(status, { 'content-type': 'application/xml' })
  outgoing.end(`<?xml version="1.0"?><Error><Code>${code}</Code></Error>`)
}
