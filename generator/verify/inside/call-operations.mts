/** Sends the calls of a conformance plan to the running service, one after the other. Uses only Node. */
import { request } from 'node:http'
import type { Call, CallAnswer, Value } from '../conformance/plan.ts'
import { fillValue, fillText, isFound, missing, type Sent } from './fill-values.mts'
import { encodeBody } from './encode-body.mts'

export type CallOrders = {
  readonly calls: readonly Call[]
  /** For all of them together; what is not called by then is not called. */
  readonly budgetMs: number
  /** One that does not answer in time has no answer. */
  readonly answerMs: number
  /** In characters; longer ones are cut. */
  readonly answerLength: number
  readonly totalLength: number
  readonly sentLength: number
  readonly apiKey: string
}

type Answered = Pick<CallAnswer, 'status' | 'headers' | 'body' | 'bytes' | 'isCut' | 'problem'>

export async function callOperations(
  orders: CallOrders,
  { port, send }: { readonly port: number; readonly send: (answer: CallAnswer) => void },
): Promise<void> {
  const end = performance.now() + orders.budgetMs
  const sent: Sent = { answers: new Map(), bodies: new Map(), apiKey: orders.apiKey }
  /** The base path under which the first operation was found is that of the others. */
  const works = new Set<string>()
  let total = 0
  for (const [index, call] of orders.calls.entries()) {
    if (call.method === '') continue
    if (performance.now() > end) return
    const { sent: body, ...answer } = await answerTo(call, index)
    total += answer.body.length
    const kept = total > orders.totalLength ? { ...answer, body: '', isCut: true } : answer
    send({ ...kept, ...(body !== undefined && body.length <= orders.sentLength && { sent: body }) })
  }

  async function answerTo(call: Call, index: number): Promise<CallAnswer> {
    const prefixes = call.prefixes.toSorted((a, b) => Number(works.has(b)) - Number(works.has(a)))
    // A key of an account that nobody has is no credential.
    const ways = call.credentials
      .map((way, at) => ({ at, way, isHeld: way.every(({ value }) => isHeld(fillText(value, sent))) }))
      .filter(({ isHeld }) => isHeld)
    let answer: CallAnswer | null = null
    for (const prefix of prefixes) {
      for (const { at, way } of ways.length > 0 ? ways : [{ at: 0, way: [] }]) {
        answer = await attempt({ ...call, credentials: [way] }, index, prefix)
        answer = { ...answer, credential: at }
        if (answer.status !== 401) break
      }
      // A route that is not there answers 404, and so does a row: only the first says that it may be elsewhere.
      if (answer!.status !== 404 || works.has(prefix)) break
    }
    // Routes of the project's own have no base path.
    const isStated = call.operation !== ''
    if (isStated && answer!.status !== 0 && answer!.status !== 404) works.add(answer!.prefix)
    const parsed = parse(answer!.body)
    if (answer!.status < 400) {
      if (parsed !== undefined) sent.answers.set(index, parsed)
      if (answer!.sent !== undefined) sent.bodies.set(index, parse(answer!.sent))
    }
    return answer!
  }

  async function attempt(call: Call, index: number, prefix: string): Promise<CallAnswer> {
    const query = new URLSearchParams()
    const headers: Record<string, string> = {}
    const cookies: string[] = []
    const put = (place: string, name: string, value: Value) => {
      const text = fillText(value, sent)
      if (text === missing) return
      if (place === 'query') query.append(name, text)
      else if (place === 'cookie') cookies.push(`${name}=${encodeURIComponent(text)}`)
      else headers[name] = headerText(text)
    }
    for (const [name, value] of call.query) put('query', name, value)
    for (const [name, value] of Object.entries(call.headers)) put('header', name, value)
    for (const [name, value] of Object.entries(call.cookies)) put('cookie', name, value)
    for (const { in: place, name, value } of call.credentials[0] ?? []) put(place, name, value)
    if (cookies.length > 0) headers['cookie'] = cookies.join('; ')
    const path = call.path.replaceAll(/\{([^{}]+)\}/g, (whole, name: string) => {
      const value = fillText(call.params[name] ?? '', sent)
      return value === missing ? whole : encodeURIComponent(value)
    })
    const body = call.body && encodeBody(call.body, (value) => fillValue(value, sent))
    if (body) headers['content-type'] = body.type
    const search = query.size === 0 ? '' : `?${query.toString()}`
    const answer = await ask({
      method: call.method,
      path: `${prefix}${path}${search}`,
      headers,
      body: body?.bytes,
    })
    const isMadeUp = Object.values(call.params).some((value) => !isFound(value, sent))
    return {
      call: index,
      prefix,
      credential: 0,
      isMadeUp,
      ...answer,
      ...(body?.json !== undefined && { sent: body.json }),
    }
  }

  function ask(given: {
    readonly method: string
    readonly path: string
    readonly headers: Record<string, string>
    readonly body: Buffer | undefined
  }): Promise<Answered> {
    const { promise, resolve } = Promise.withResolvers<Answered>()
    const fail = (error: Error) =>
      resolve({
        status: 0,
        headers: {},
        body: '',
        bytes: 0,
        isCut: false,
        problem: error.message.slice(0, 300),
      })
    try {
      const outgoing = request(
        {
          host: '127.0.0.1',
          port,
          method: given.method,
          path: given.path,
          headers: {
            accept: '*/*',
            ...given.headers,
            ...(given.body && { 'content-length': given.body.length }),
          },
          agent: false,
          signal: AbortSignal.timeout(orders.answerMs),
        },
        (response) => {
          const chunks: Buffer[] = []
          let bytes = 0
          response.on('data', (chunk: Buffer) => {
            bytes += chunk.length
            if (bytes <= orders.answerLength) chunks.push(chunk)
          })
          response.on('end', () => {
            const type = String(response.headers['content-type'] ?? '')
            const isText = /json|text|xml|html|csv|javascript/i.test(type)
            resolve({
              status: response.statusCode ?? 0,
              headers: Object.fromEntries(
                Object.entries(response.headers)
                  .slice(0, 60)
                  .map(([name, value]) => [name, String(value).slice(0, 2_000)]),
              ),
              body: isText && bytes <= orders.answerLength ? Buffer.concat(chunks).toString('utf8') : '',
              bytes,
              isCut: bytes > orders.answerLength,
            })
          })
          response.on('error', fail)
        },
      )
      outgoing.on('error', fail)
      outgoing.end(given.body)
    } catch (error) {
      fail(error as Error)
    }
    return promise
  }
}

const isHeld = (text: string): boolean => text !== missing && !/^(\w+ )?$/.test(text)

/** Headers hold no line breaks and nothing beyond Latin-1. */
const headerText = (text: string): string => text.replaceAll(/[^\t\u0020-\u007e\u0080-\u00ff]/g, '?')

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
