import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { answerEvents, type Api } from './service.ts'

export type Body = Record<string, unknown>
/** What a server does with a request: refuse it with a body, or answer with this text. */
export type Behaviour = (body: Body, text: string) => { refuse: unknown; status?: number } | string

export type ModelServer = AsyncDisposable & { readonly url: string; readonly bodies: Body[] }

/** A model server on a free port, in either API, with the given behaviour. */
export async function startModelServer(api: Api, behaviour: Behaviour): Promise<ModelServer> {
  const bodies: Body[] = []
  const server = createServer(async (request, response) => {
    const body = (await json(request)) as Body
    bodies.push(body)
    const reply = behaviour(body, JSON.stringify(body))
    if (typeof reply !== 'string') {
      response.writeHead(reply.status ?? 400, { 'content-type': 'application/json' })
      return void response.end(JSON.stringify(reply.refuse))
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    for (const event of answerEvents(api, reply))
      response.write(`data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`)
    response.end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    bodies,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
