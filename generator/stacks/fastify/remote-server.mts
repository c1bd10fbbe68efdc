/**
 * Replaces a project's `tests/support/server.ts` when its tests are replayed from outside: rows go straight into
 * the database file of the running service, and requests go to it over HTTP. Used in a copy of the project without
 * model-written code, so that only the template's modules are loaded.
 */
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { request, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import process from 'node:process'
import { DatabaseSync } from 'node:sqlite'
import { buffer } from 'node:stream/consumers'
import type { JudgedService } from '../stack.ts'

type Account = { id: string }
type Repositories = Record<string, object>
type Target = {
  repositories: Repositories
  nextNumber: (key: string) => number
  setPassword?: (accountId: string) => void
  me?: Account
}
type Passwords = { makePasswords: (given: { cost: number }) => { hash: (text: string) => Promise<string> } }
type Fixtures = { insertAccount?: (target: Target, values?: { role: string }) => Account }
type Doubles = {
  services: Record<string, Record<string, () => Promise<unknown>>>
  say: (call: string, answer: unknown) => void
  forget: () => void
}
type Sender = { headers: Record<string, string>; query?: Record<string, string> }

const ANSWER_WITHIN_MS = 30_000
const MAX_ANSWER_BYTES = 8_000_000

const { port, stub, apiKey, begun } = Reflect.get(globalThis, Symbol.for('judged')) as JudgedService
const own = (path: string) => new URL(path, import.meta.url)
const load = async <Module,>(path: string): Promise<Module | null> =>
  existsSync(own(path)) ? ((await import(own(path).href)) as Module) : null

const { makeRepositories } = (await load<{ makeRepositories: (database: DatabaseSync) => Repositories }>(
  '../../src/database/repositories.ts',
))!
const { insertAccount } = (await load<Fixtures>('./fixtures.ts'))!
const roles = await load<{ initialRole: string }>('../../src/auth/roles.ts')
const takesKeys = existsSync(own('../../src/auth/api-keys.ts'))
const { sentAs = () => ({ headers: {} }) } =
  (await load<{ sentAs: (value: string) => Sender }>('./sent-as.ts')) ?? {}
const doubles =
  (await load<{ makeServiceDoubles: () => Doubles }>('./services.ts'))?.makeServiceDoubles() ?? null
if (stub && doubles) standIn(stub, doubles)

const database = new DatabaseSync(process.env['DATABASE_PATH']!, {
  enableForeignKeyConstraints: true,
  timeout: 5000,
})
const repositories = makeRepositories(database)
/** As in the project's own `server.ts`. */
const passwords = (await load<Passwords>('../../src/auth/passwords.ts'))?.makePasswords({ cost: 16 })
const passwordHash = await passwords?.hash('correct horse battery staple')

// Outside of the tests, since loading takes time and tests have a time limit.
await begun

/** The running service with an empty database, for one test. */
export async function startServer(role = roles?.initialRole) {
  empty()
  doubles?.forget()
  const numbers = new Map<string, number>()
  const nextNumber = (key: string): number => {
    const number = (numbers.get(key) ?? 0) + 1
    numbers.set(key, number)
    return number
  }
  const target: Target = { repositories, nextNumber, ...(passwordHash !== undefined && { setPassword }) }
  const signUp = (as = role) => {
    const account = insertAccount!(target, as === undefined ? undefined : { role: as })
    return { account, ...sentAs(tokenOf(account)) }
  }
  const me = insertAccount ? signUp() : null
  const sender: Sender | null = me ?? (takesKeys ? sentAs(apiKey) : null)
  let further: Sender['headers'] = {}
  return {
    database,
    repositories,
    nextNumber,
    ...(passwordHash !== undefined && { setPassword }),
    ...(me && { me: me.account }),
    signUp,
    send: (method: string, url: string, body?: object, as: Sender | null = sender) =>
      send(method, withQuery(url, as?.query), body, { ...further, ...as?.headers }),
    setHeaders(headers: Sender['headers']): void {
      further = headers
    },
    say: doubles?.say,
    expectStatus({ statusCode, body }: Answer, status: number): void {
      assert.equal(statusCode, status, `Expected ${status} from outside, answered ${statusCode}: ${body}`)
    },
    async [Symbol.asyncDispose]() {},
  }
}

function withQuery(url: string, query: Sender['query']): string {
  const asked = new URLSearchParams(query).toString()
  return asked === '' ? url : `${url}${url.includes('?') ? '&' : '?'}${asked}`
}

function empty(): void {
  const tables = database
    .prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> '_migrations'`)
    .all()
  database.exec('PRAGMA foreign_keys = OFF')
  for (const { name } of tables) database.exec(`DELETE FROM "${String(name)}"`)
  database.exec('PRAGMA foreign_keys = ON')
}

function setPassword(accountId: string): void {
  database
    .prepare('INSERT INTO "_credentials" ("account_id", "password_hash") VALUES (?, ?)')
    .run(accountId, passwordHash!)
}

function tokenOf({ id }: Account): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const now = Math.floor(Date.now() / 1000)
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub: String(id), iat: now, exp: now + 3600 })}`
  return `${signed}.${createHmac('sha256', process.env['JWT_SECRET']!).update(signed).digest('base64url')}`
}

type Answer = { statusCode: number; headers: IncomingMessage['headers']; rawPayload: Buffer; body: string }

async function send(method: string, url: string, body: object | undefined, headers: Sender['headers']) {
  const encoded = await encode(body)
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const outgoing = request(
      {
        host: '127.0.0.1',
        port,
        method,
        path: url,
        headers: { ...headers, ...(encoded && { 'content-type': encoded.type }) },
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      },
      resolve,
    )
    outgoing.on('error', reject)
    outgoing.end(encoded?.bytes)
  })
  let bytes = 0
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > MAX_ANSWER_BYTES) response.destroy(new Error('It answers without end.'))
  })
  const rawPayload = await buffer(response)
  const text = rawPayload.toString('utf8')
  const answer: Answer = {
    statusCode: response.statusCode ?? 0,
    headers: response.headers,
    rawPayload,
    body: text,
  }
  return Object.assign(answer, { json: () => JSON.parse(text) as unknown })
}

async function encode(body: object | undefined): Promise<{ type: string; bytes: Buffer } | undefined> {
  if (body === undefined) return undefined
  if (!(body instanceof FormData))
    return { type: 'application/json', bytes: Buffer.from(JSON.stringify(body)) }
  const form = new Response(body)
  return { type: form.headers.get('content-type') ?? '', bytes: Buffer.from(await form.arrayBuffer()) }
}

type Route = { variable: string; method: string; path: RegExp; answer: () => Promise<unknown> }

/** Responds to the project's calls as its test doubles do. */
function standIn(server: Server, { services }: Doubles): void {
  const routes = readdirSync(own('../../src/services/'))
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => routesIn(readFileSync(own(`../../src/services/${name}`), 'utf8'), services))
  const reply = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    // The first path segment is the variable with the base URL of the service.
    const [variable = '', ...rest] = new URL(incoming.url ?? '/', 'http://stub').pathname.slice(1).split('/')
    const found = routes.find(
      (route) =>
        route.variable === plain(variable) &&
        route.method === incoming.method &&
        route.path.test(`/${rest.join('/')}`),
    )
    const answer = await found?.answer()
    outgoing.writeHead(found ? 200 : 404, { 'content-type': 'application/json' })
    outgoing.end(answer === undefined ? '' : JSON.stringify(answer))
  }
  server.on('request', (incoming, outgoing) => {
    incoming.resume()
    reply(incoming, outgoing).catch(() => outgoing.destroy())
  })
}

/** The calls in the source of a generated client. */
function routesIn(source: string, services: Doubles['services']): Route[] {
  const service = services[/name: '([^']+)'/.exec(source)?.[1] ?? '']
  const property = /baseUrl: config\.(\w+)/.exec(source)?.[1]
  if (service === undefined || property === undefined) return []
  const calls = source.matchAll(/(\w+): \([^)]*\) =>\s*call\(\{\s*method: '([A-Z]+)',\s*path:\s*'([^']+)'/g)
  return [...calls].map(([, id, method, path]) => ({
    variable: plain(property),
    method: method!,
    path: new RegExp(`^${path!.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/:\w+/g, '[^/]+')}$`),
    answer: () => service[id!]!(),
  }))
}

/** `MAIL_URL` and `mailUrl` are the same. */
function plain(name: string): string {
  return name.replaceAll('_', '').toLowerCase()
}
