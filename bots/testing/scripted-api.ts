import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { GenerateRequest, Problem } from '#contract'

/** What came in: the body is parsed JSON, or null. */
export type ApiCall = {
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly idempotencyKey: string | null
  readonly body: GenerateRequest | null
}
export type ApiReply = {
  readonly status?: number
  readonly body: unknown
  readonly headers?: Record<string, string>
}
/** One expected call, such as `{ 'GET /jobs': () => ({ body: … }) }`; it checks its own arguments. */
export type ApiStep = Readonly<Record<string, (call: ApiCall) => ApiReply | Promise<ApiReply>>>

/**
 * An API over HTTP that follows a script: each call must be the next step; steps in one object may come in any order
 * among themselves. Lookups of a thread or of refinements are steps such as `GET /jobs?thread`, and find nothing without
 * one. Disposing it throws when a call came that was not expected, or when a step is left over.
 */
export async function scriptedApi(steps: readonly ApiStep[]) {
  const left = steps.map((step) => new Map(Object.entries(step)))
  const faults: string[] = []

  const path = (call: ApiCall) => /^\/[a-z]+(?=\/(?:channel|workspace|person):)/.exec(call.path)?.[0]

  async function perform(call: ApiCall): Promise<ApiReply> {
    while (left[0]?.size === 0) left.shift()
    const lookup = ['thread', 'parent'].find((name) => name in call.query)
    const name = `${call.method} ${call.path}${lookup ? `?${lookup}` : ''}`
    // The holder of preferences is in their answer.
    const known = path(call) === '/preferences' ? `${call.method} /preferences/*` : name
    const step = left[0]?.get(known)
    // Most threads have no job that is known, and most jobs no refinement.
    if (!step && lookup) return { body: { jobs: [], nextCursor: null } }
    if (!step) {
      const expected = left[0] ? [...left[0].keys()].join(' or ') : 'nothing more'
      throw new Error(`${name} was called, but ${expected} was expected.`)
    }
    left[0]!.delete(known)
    return step(call)
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const url = new URL(request.url ?? '/', 'http://api')
    const text = Buffer.concat(chunks).toString('utf8')
    try {
      const {
        status = 200,
        body,
        headers,
      } = await perform({
        method: request.method ?? '',
        path: url.pathname,
        query: Object.fromEntries(url.searchParams),
        idempotencyKey: (request.headers['idempotency-key'] as string | undefined) ?? null,
        body: text === '' ? null : JSON.parse(text),
      })
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
    } catch (error) {
      faults.push(error instanceof Error ? error.message : String(error))
      response.writeHead(500).end('{}')
    }
  }

  const server = createServer((request, response) => void answer(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
      if (faults.length > 0) throw new Error(faults.join('\n'))
      const never = left.flatMap((step) => [...step.keys()])
      if (never.length > 0) throw new Error(`Never called: ${never.join(', ')}.`)
    },
  }
}
export const queued = (jobId: string, headers: Record<string, string> = {}): ApiReply => ({
  status: 202,
  body: { message: 'Job queued', jobId, statusUrl: `/jobs/${jobId}` },
  headers,
})

export const refused = (status: number, code: string, message: string, details: string[] = []): ApiReply => {
  const error: Problem['error'] = {
    code,
    message,
    details: details.map((detail) => ({ path: 'prompt', message: detail })),
    requestId: 'r1',
  }
  return { status, body: { error } }
}
