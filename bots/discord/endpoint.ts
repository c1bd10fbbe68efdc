import { createPublicKey, verify, type KeyObject } from 'node:crypto'
import { once } from 'node:events'
import { finished } from 'node:stream/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { APIInteractionResponse } from 'discord.js'
import type { Logger } from '#lib/log'
import { errorSummary } from './errors.ts'

export const ENDPOINT = '/discord/interactions'
/** The largest interaction is a form with a text of 4,000 characters. */
const MAX_BYTES = 512 * 1024
/** How far a signature's timestamp may be from the local clock, in seconds. */
const MAX_SKEW_S = 300

/** Converts Discord's public key, 32 bytes in hexadecimal, to a key of node:crypto. */
export const publicKeyOf = (hex: string): KeyObject =>
  createPublicKey({
    key: Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), Buffer.from(hex, 'hex')]),
    format: 'der',
    type: 'spki',
  })

/** Whether the signature is valid and recent. */
export function isSigned(
  key: KeyObject,
  request: { signature: string | undefined; timestamp: string | undefined; body: Buffer },
  nowMs = Date.now(),
): boolean {
  const { signature, timestamp, body } = request
  if (signature === undefined || timestamp === undefined) return false
  if (!/^[0-9a-f]{128}$/i.test(signature) || !/^\d{1,12}$/.test(timestamp)) return false
  if (Math.abs(nowMs / 1000 - Number(timestamp)) > MAX_SKEW_S) return false
  return verify(null, Buffer.concat([Buffer.from(timestamp), body]), key, Buffer.from(signature, 'hex'))
}

export type Endpoint = AsyncDisposable & { readonly address: string }

/** Listens for interactions over HTTP. TLS is left to a proxy in front. */
export async function openEndpoint(deps: {
  readonly host: string
  readonly port: number
  /** In hexadecimal digits. */
  readonly publicKey: string
  /** Resolves once `send` has; that one resolves when the response was handed to the network. */
  readonly answer: (payload: unknown, send: (reply: APIInteractionResponse) => Promise<void>) => Promise<void>
  readonly log: Logger
}): Promise<Endpoint> {
  const { host, port, log } = deps
  const key = publicKeyOf(deps.publicKey)

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refuse = (status: number, message: string) => void response.writeHead(status).end(message)
    const path = (request.url ?? '').split('?', 1)[0]
    if (path !== ENDPOINT) return refuse(404, 'not found')
    if (request.method !== 'POST') return refuse(405, 'use POST')
    const body = await bodyOf(request)
    if (body === null) return refuse(413, 'too large')
    const signature = request.headers['x-signature-ed25519']
    const timestamp = request.headers['x-signature-timestamp']
    if (
      Array.isArray(signature) ||
      Array.isArray(timestamp) ||
      !isSigned(key, { signature, timestamp, body })
    )
      return refuse(401, 'invalid request signature')
    await deps.answer(JSON.parse(body.toString('utf8')), async (reply) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(reply))
      // Rejects when the connection breaks first: nobody would see what the work comes to.
      await finished(response)
    })
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      log.error({ reason: errorSummary(error) }, 'Discord request failed')
      if (!response.headersSent) response.writeHead(400)
      response.end()
    })
  })
  server.requestTimeout = 10_000
  server.listen(port, host)
  await once(server, 'listening')
  const bound = server.address() as AddressInfo
  return {
    address: `http://${host}:${bound.port}${ENDPOINT}`,
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeIdleConnections()
      const grace = setTimeout(() => server.closeAllConnections(), 5_000)
      await once(server, 'close')
      clearTimeout(grace)
    },
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length
    if (bytes > MAX_BYTES) return null
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks)
}
