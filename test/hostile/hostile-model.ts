import { once } from 'node:events'
import {
  createServer,
  request as ask,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { LLMock } from '@copilotkit/aimock'

type Request = { readonly messages: readonly { readonly content: unknown }[] }
type Fixture = Parameters<LLMock['addFixture']>[0]

/** The kind of a call, by the end of its text. */
export const CALLS = {
  design: 'Settings from the service',
  completion: 'The draft stands between',
  'repaired completion': 'Software compared these additions',
  'repaired design': 'Software checked this design',
  code: 'The file is ',
  'repaired code': 'Software checked this file',
  repair: 'The project was checked',
  judgement: 'What you judge stands between',
  'further examples': 'No test notices',
  review: 'The result stands between',
  refinement: 'The request for changes stands between',
} as const
export type Call = keyof typeof CALLS

/** One reply of the model over the wire; `raw` are stream events that aimock does not support. */
export type Reply =
  | (Pick<Fixture, 'response'> & Omit<Partial<Fixture>, 'match' | 'response'>)
  | { readonly raw: readonly (object | string)[] }

export type HostileModel = AsyncDisposable & {
  readonly url: string
  /** Sets the reply to `call` in conversations that contain `token`, or all of several texts. */
  answer(token: string | readonly string[], call: Call, reply: Reply): void
  /** The raw bodies of all requests of such conversations. */
  requests(token: string): readonly string[]
  /** The duration of each request of such conversations, from arrival to the end of the response, in milliseconds. */
  durations(token: string, call: Call): readonly number[]
}

/** A fake model service, with a reply for each kind of call of each conversation. */
export async function startHostileModel(): Promise<HostileModel> {
  const mock = new LLMock({ port: 0, strict: true, logLevel: 'silent' })
  await mock.start()
  const raw: { readonly fits: (body: string) => boolean; readonly events: readonly (object | string)[] }[] =
    []
  const bodies: string[] = []
  const timed: { readonly body: string; readonly ms: number }[] = []
  // A proxy between the client and aimock: records requests, and sends what aimock cannot.
  const answerOne = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const body = await text(incoming)
    bodies.push(body)
    const started = performance.now()
    outgoing.on('close', () => timed.push({ body, ms: performance.now() - started }))
    const own = raw.find(({ fits }) => fits(body))
    if (own) sendEvents(outgoing, own.events)
    else pass(new URL(incoming.url ?? '/', mock.url), incoming, body, outgoing)
  }
  const front = createServer((incoming, outgoing) => {
    answerOne(incoming, outgoing).catch(() => outgoing.destroy())
  }).listen(0, '127.0.0.1')
  await once(front, 'listening')
  return {
    url: `http://127.0.0.1:${(front.address() as AddressInfo).port}/v1`,
    answer(token, call, reply) {
      const isCall = (last: string) => last.includes(CALLS[call])
      const isMeant = (text: string) => [token].flat().every((one) => text.includes(one))
      if ('raw' in reply) {
        raw.push({ fits: (body) => isMeant(body) && isCall(body), events: reply.raw })
        return
      }
      const predicate = ({ messages }: Request) =>
        isMeant(JSON.stringify(messages)) && isCall(JSON.stringify(messages.at(-1)?.content))
      mock.addFixture({ chunkSize: 2000, ...reply, match: { predicate } } as Fixture)
    },
    requests: (token) => bodies.filter((body) => body.includes(token)),
    durations: (token, call) =>
      timed.filter(({ body }) => body.includes(token) && body.includes(CALLS[call])).map(({ ms }) => ms),
    async [Symbol.asyncDispose]() {
      front.closeAllConnections()
      front.close()
      const stopped = mock.stop()
      const instance = Reflect.get(mock, 'serverInstance') as { server: Server } | null
      instance?.server.closeAllConnections()
      await stopped
    },
  }
}

function sendEvents(outgoing: ServerResponse, events: readonly (object | string)[]): void {
  outgoing.writeHead(200, { 'content-type': 'text/event-stream' })
  for (const event of events)
    outgoing.write(`data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`)
  outgoing.end()
}

/** Forwards a request and its response until either side disconnects. */
function pass(url: URL, { method, headers }: IncomingMessage, body: string, outgoing: ServerResponse): void {
  const upstream = ask(url, { method, headers, agent: false }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
    answer.on('error', () => outgoing.destroy())
    answer.on('aborted', () => outgoing.destroy())
    answer.pipe(outgoing)
  })
  upstream.on('error', () => outgoing.destroy())
  outgoing.on('close', () => upstream.destroy())
  upstream.end(body)
}
