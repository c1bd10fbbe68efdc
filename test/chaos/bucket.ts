import { once } from 'node:events'
import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { startS3rver, BUCKET, S3RVER_KEYS } from '../support/s3rver.ts'
import type { Rng } from './rng.ts'

/** Fault modes of the bucket: none, slow responses, errors, or connections cut before or after the operation. */
export const FAULT_MODES = ['fine', 'slow', 'error 500', 'slow down 503', 'cut'] as const
export type FaultMode = (typeof FAULT_MODES)[number]

/** Share of requests that a fault mode affects. */
const SHARE = 0.4

/** An S3 server behind a fault-injecting proxy. */
export async function startBucket(rng: Rng) {
  await using stack = new AsyncDisposableStack()
  const server = stack.use(await startS3rver({ conditional: true }))
  let faultMode: FaultMode = 'fine'
  const hits: Record<string, number> = {}
  /** Paths of written objects. */
  const written = new Set<string>()

  const proxy = createServer((incoming, outgoing) => {
    const hit = faultMode !== 'fine' && rng.hits(SHARE)
    if (hit) hits[faultMode] = (hits[faultMode] ?? 0) + 1
    answer(hit ? faultMode : 'fine', incoming, outgoing).catch(() => outgoing.destroy())
  })

  async function answer(how: FaultMode, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    switch (how) {
      case 'slow':
        await sleep(rng.between(300, 2_500))
        return pass(incoming, outgoing, 'whole')
      case 'error 500':
        return refuse(incoming, outgoing, 500, 'InternalError')
      case 'slow down 503':
        return refuse(incoming, outgoing, 503, 'SlowDown')
      case 'cut':
        if (rng.hits(0.3)) return void incoming.destroy()
        return pass(incoming, outgoing, 'lost')
      case 'fine':
        return pass(incoming, outgoing, 'whole')
    }
  }

  /** `lost`: the server completes the operation, but the response is cut or missing. */
  async function pass(incoming: IncomingMessage, outgoing: ServerResponse, fate: 'whole' | 'lost') {
    const { method, url, headers } = incoming
    const sent = forward(server.endpoint + url, { method, headers, agent: false })
    // Even after the response: the fake may send more than announced.
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
    /** Environment for programs that use the bucket. */
    env: {
      STORE_URL: `s3://${BUCKET}/chaos`,
      STORE_S3_ENDPOINT: `http://127.0.0.1:${port}`,
      AWS_ACCESS_KEY_ID: S3RVER_KEYS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: S3RVER_KEYS.secretAccessKey,
      LINK_SECRET: 'l'.repeat(32),
    },
    /** Bypasses the proxy, for the final checks. */
    endpoint: server.endpoint,
    setFaultMode(next: FaultMode) {
      faultMode = next
    },
    /** Written checkpoints, as `jobId/checkpoint`. */
    checkpoints: () =>
      new Set(
        [...written].flatMap(
          (path) => /\/jobs\/([^/]+)\/checkpoints\/(.+)$/.exec(path)?.slice(1).join('/') ?? [],
        ),
      ),
    /** Affected requests by fault mode. */
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
