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
import { startService } from '../../generator/llm/testing/service.ts'
import type { ModelCall } from './model-calls.ts'
import type { Rng } from './rng.ts'

/** Words by which a question can be told from every other, also where only the design is quoted. */
export const markerOf = (text: string): string | null => /marker-[0-9a-z]+/.exec(text)?.[0] ?? null

/**
 * A stand-in for OpenAI that answers each marked prompt with a design of its own, and its operation with code. In front
 * of it stands a gate that keeps what became of every question, and refuses some on bad days.
 */
export async function startOpenAi(deps: {
  readonly dice: Rng
  readonly answerMs: number
  /** The next number in the order of what happens. */
  readonly order: () => number
  /** Which process of a program runs now. */
  readonly lifeOf: (caller: string) => number
}) {
  const { dice, answerMs, order, lifeOf } = deps
  await using stack = new AsyncDisposableStack()
  const service = stack.use(await startService())
  service.mock.on(
    { predicate: () => true },
    ({ messages }) => {
      const text = JSON.stringify(messages)
      const marker = markerOf(text) ?? 'unmarked'
      if (isCode(text)) return { content: JSON.stringify({ code: completeTodoHandler, notes: '' }) }
      const rules = [...completeTodo.rules, `Known as ${marker}.`]
      const design = { ...todoWithComplete, operations: [{ ...completeTodo, rules }] }
      return { content: JSON.stringify(toLlm(design)) }
    },
    { latency: Math.max(1, Math.round(answerMs / 200)) },
  )
  const questions: ModelCall[] = []
  const unexpected: string[] = []
  let badShare = 0

  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request)
    // Which models there are is no question, and costs nothing.
    if (request.method === 'GET') {
      response.writeHead(200, { 'content-type': 'application/json' })
      return void response.end(JSON.stringify({ object: 'list', data: [{ id: 'gpt-4o', object: 'model' }] }))
    }
    const text = body.toString()
    const [, caller = '', ...rest] = (request.url ?? '').split('/')
    const question: ModelCall = {
      marker: markerOf(text) ?? 'unmarked',
      kind: isCode(text) ? 'code' : 'design',
      caller,
      life: lifeOf(caller),
      at: order(),
      fate: 'open',
      endedAt: 0,
    }
    questions.push(question)
    const end = (fate: ModelCall['fate']) => {
      if (question.fate !== 'open') return
      question.fate = fate
      question.endedAt = order()
    }
    if (dice.hits(badShare)) {
      end('refused')
      if (dice.hits(0.3)) return void request.socket.destroy()
      const status = dice.oneOf([429, 500, 503])
      response.writeHead(status, { 'content-type': 'application/json', 'retry-after': '1' })
      return void response.end(JSON.stringify({ error: { message: 'a bad day', type: 'server_error' } }))
    }
    const { hostname, port } = new URL(service.url)
    const { method, headers } = request
    const path = `/${rest.join('/')}`
    // Each with a connection of its own: the stand-in breaks them off.
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
        unexpected.push(
          `the stand-in answered ${answer.statusCode} to ${question.kind} of ${question.marker}`,
        )
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
    /** Its address for one program, by which its questions are known. */
    urlFor: (caller: string) => `http://127.0.0.1:${(server.address() as AddressInfo).port}/${caller}/v1`,
    questions,
    /** What the stand-in should not have said. */
    unexpected,
    /** What the stand-in itself took. */
    taken: () => service.mock.getRequests().length,
    /** How large a share of questions is refused from now on. */
    bad(share: number) {
      badShare = share
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

const isCode = (text: string) => text.includes('The file is src/operations')
