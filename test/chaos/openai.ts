import { once } from 'node:events'
import { createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { toLlm } from '../../generator/designers/model/testing/to-llm.ts'
import {
  completeTodo,
  completeTodoHandler,
  todoWithComplete,
} from '../../generator/codegen/testing/operations.ts'
import { emptyRefinement } from '../../generator/blueprint/testing/empty-refinement.ts'
import { startService } from '../../generator/llm/testing/service.ts'
import type { ModelCall } from './model-calls.ts'
import type { Rng } from './rng.ts'

/** The marker that identifies the job of a model call. */
export const markerOf = (text: string): string | null => /marker-[0-9a-z]+/.exec(text)?.[0] ?? null

/**
 * A fake OpenAI that answers each marked prompt with its own design, and its operation with code. A proxy records the fate
 * of every call and rejects some at a failure rate.
 */
export async function startOpenAi(deps: {
  readonly rng: Rng
  readonly answerMs: number
  /** Next sequence number of events. */
  readonly order: () => number
  /** Number of the current process of a program. */
  readonly lifeOf: (caller: string) => number
}) {
  const { rng, answerMs, order, lifeOf } = deps
  await using stack = new AsyncDisposableStack()
  const service = stack.use(await startService())
  service.mock.on(
    { predicate: () => true },
    ({ messages }) => {
      const text = JSON.stringify(messages)
      const marker = markerOf(text) ?? 'unmarked'
      if (isCode(text)) return { content: JSON.stringify({ code: completeTodoHandler, notes: '' }) }
      if (kindOf(text) !== 'design')
        return { content: JSON.stringify({ ...emptyRefinement, title: 'Changed' }) }
      const rules = [...completeTodo.rules, `Known as ${marker}.`]
      const design = { ...todoWithComplete, operations: [{ ...completeTodo, rules }] }
      return { content: JSON.stringify(toLlm(design)) }
    },
    { latency: Math.max(1, Math.round(answerMs / 200)) },
  )
  const modelCalls: ModelCall[] = []
  const unexpected: string[] = []
  let failureRate = 0

  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request)
    // Listing models is free and not recorded.
    if (request.method === 'GET') {
      response.writeHead(200, { 'content-type': 'application/json' })
      return void response.end(JSON.stringify({ object: 'list', data: [{ id: 'gpt-4o', object: 'model' }] }))
    }
    const text = body.toString()
    const [, caller = '', ...rest] = (request.url ?? '').split('/')
    const call: ModelCall = {
      marker: markerOf(text) ?? 'unmarked',
      kind: kindOf(text),
      caller,
      life: lifeOf(caller),
      at: order(),
      fate: 'open',
      endedAt: 0,
    }
    modelCalls.push(call)
    const end = (fate: ModelCall['fate']) => {
      if (call.fate !== 'open') return
      call.fate = fate
      call.endedAt = order()
    }
    if (rng.hits(failureRate)) {
      end('refused')
      if (rng.hits(0.3)) return void request.socket.destroy()
      const status = rng.oneOf([429, 500, 503])
      response.writeHead(status, { 'content-type': 'application/json', 'retry-after': '1' })
      return void response.end(
        JSON.stringify({ error: { message: 'injected failure', type: 'server_error' } }),
      )
    }
    const { hostname, port } = new URL(service.url)
    const { method, headers } = request
    const path = `/${rest.join('/')}`
    // One connection per call: the fake closes them.
    const onward = ask({
      agent: false,
      hostname,
      port,
      method,
      path,
      headers: { ...headers, connection: 'close' },
    })
    onward.on('response', (answer) => {
      if (answer.statusCode !== 200) {
        end('refused')
        unexpected.push(`the fake returned ${answer.statusCode} to ${call.kind} of ${call.marker}`)
      }
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    onward.on('error', () => response.destroy())
    response.on('finish', () => end('whole'))
    response.on('close', () => {
      end('lost')
      onward.destroy()
    })
    onward.end(body)
  }

  const server = createServer(
    (request, response) => void pass(request, response).catch(() => response.destroy()),
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  stack.defer(async () => {
    server.close()
    server.closeAllConnections()
    await once(server, 'close')
  })
  const owned = stack.move()
  return {
    /** The base URL for one program, which identifies its calls. */
    urlFor: (caller: string) => `http://127.0.0.1:${(server.address() as AddressInfo).port}/${caller}/v1`,
    modelCalls,
    /** Unexpected responses of the fake. */
    unexpected,
    /** Calls that reached the fake. */
    taken: () => service.mock.getRequests().length,
    /** Sets the share of rejected calls. */
    setFailureRate(share: number) {
      failureRate = share
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

/** A change names the version of the plan that it changes. */
function kindOf(text: string): ModelCall['kind'] {
  if (isCode(text)) return 'code'
  const version = /marker-[0-9a-z]+, change (\d+)/.exec(text)?.[1]
  return version === undefined ? 'design' : `change ${Number(version)}`
}

const isCode = (text: string) => text.includes('The file is src/operations')
