import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Problem, type JobRecord, type Origin } from '#contract'
import { KINDS, aRecord, openHarness } from '#queue/testing/harness'
import { buildApp } from '../app.ts'
import { readApiConfig } from '../config.ts'
import { links, testApp } from '../testing/app.ts'
import { declareAccess, type Access } from './guard.ts'
import { createKey, type Scope } from './keys.ts'

/**
 * Access rules of all routes. The list is compared with Fastify's own, so that every new route must be added here with an
 * explicit rule.
 */
const RULES: Readonly<Record<string, Access>> = {
  'POST /generate-backend': 'generate',
  'GET /jobs': 'read',
  'GET /jobs/:jobId': 'read',
  'DELETE /jobs/:jobId': 'generate',
  'GET /jobs/:jobId/request': 'read',
  'GET /jobs/:jobId/events': 'read',
  'GET /jobs/:jobId/archive': 'link',
  'POST /jobs/:jobId/refine': 'generate',
  'POST /jobs/:jobId/changes': 'generate',
  'POST /jobs/:jobId/plan': 'generate',
  'GET /jobs/:jobId/plan/diagram': 'read',
  'GET /preferences/:holder': 'bot',
  'PATCH /preferences/:holder': 'bot',
  'GET /health': 'open',
  'GET /ready': 'open',
  'GET /metrics': 'read',
  'GET /openapi.json': 'open',
  'GET /docs': 'open',
  'GET /docs/': 'open',
  'GET /docs/js/scalar.js': 'open',
}

const aKey = (name: string, scopes: Scope[], expiresAt: Date | null = null) =>
  createKey({ name, scopes, expiresAt })
const ann = aKey('ann', ['generate', 'read'])
const bob = aKey('bob', ['generate', 'read'])
const reader = aKey('ann', ['read'])
const writer = aKey('ann', ['generate'])
const bots = aKey('bots', ['bot'])
const ops = aKey('ops', ['admin'])
const ended = aKey('ann', ['admin'], new Date('2026-01-01'))
const keys = [ann, bob, reader, writer, bots, ops, ended].map(({ key }) => key)
/** A key that the API does not know. */
const stranger = aKey('ann', ['admin'])

const bearer = ({ secret }: { secret: string }) => ({ authorization: `Bearer ${secret}` })
const origin: Origin = { kind: 'slack', teamId: 'T1', channelId: 'C1', userId: 'U1', threadTs: null }
const inAnHour = new Date(Date.now() + 3_600_000)

let api: Awaited<ReturnType<typeof openApi>>
beforeAll(async () => {
  api = await openApi()
})
afterAll(() => api[Symbol.asyncDispose]())

type Ask = { headers?: Record<string, string>; jobId?: string; query?: string; cancelFirst?: boolean }

/** The API with keys on a real queue and store, with a job of ann's and one of a person in a chat. */
async function openApi() {
  await using stack = new AsyncDisposableStack()
  const { jobs, store } = stack.use(await openHarness(KINDS[0]))
  const log = pino({ level: 'silent' })
  const config = { ...readApiConfig({}), keys }
  const app = buildApp({ jobs, store, config, log, links, version: '1.0.0' })
  stack.defer(() => app.close())
  await app.ready()
  const queued = async (over: Partial<JobRecord>) => (await jobs.submit(aRecord(over))).jobId
  const ofAnn = await queued({ owner: 'ann' })
  const ofChat = await queued({ owner: 'bots', origin })
  const owned = stack.move()
  return {
    app,
    ofAnn,
    ofChat,
    jobs,
    store,
    newJob: queued,
    /** What a request to a route of the table is answered. */
    async ask(route: string, options: Ask = {}) {
      const [method = '', path = ''] = route.split(' ')
      if (options.cancelFirst && options.jobId) await jobs.cancel(options.jobId)
      const holder = 'channel:slack:T1:C1'
      const url =
        path.replace(':jobId', options.jobId ?? ofAnn).replace(':holder', holder) + (options.query ?? '')
      const reply = await app.inject({
        method: method as 'GET',
        url,
        headers: { 'content-type': 'application/json', ...options.headers },
        ...((method === 'POST' || method === 'PATCH') && { payload: bodyOf(path) }),
      })
      const problem = Problem.safeParse(reply.headers['content-type']?.includes('json') ? reply.json() : null)
      return { status: reply.statusCode, code: problem.data?.error.code, problem: problem.data?.error, reply }
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

const bodyOf = (path: string) =>
  path.startsWith('/preferences')
    ? { preferences: { plan: 'always' } }
    : path.endsWith('/plan')
      ? { decision: 'approve', version: 1 }
      : { prompt: 'a todo app' }

/** What keeps a browser from making anything of an answer but the text that it is. */
const HARDENED = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none';frame-ancestors 'none'",
  'cache-control': 'no-store',
  'x-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
}

const closed = Object.entries(RULES).filter(([, rule]) => rule !== 'open')
const ofAJob = closed.filter(([route]) => route.includes(':jobId'))

describe('the table of rules', () => {
  it('lists every route with its declared access', () => {
    const routes = api.app.guarded.flatMap(({ method, url, config }) =>
      [method].flat().map((each) => [`${each} ${url}`, config?.access] as const),
    )
    // Fastify makes HEAD of GET, with the same rule.
    const heads = routes.filter(([route]) => route.startsWith('HEAD '))
    expect(heads.filter(([route, rule]) => rule !== RULES[route.replace('HEAD', 'GET')])).toEqual([])
    const others = routes.filter(([route]) => !route.startsWith('HEAD '))
    expect(Object.fromEntries(others)).toEqual(RULES)
  })

  it('is required: a route without a rule fails the start', async () => {
    const { jobs, store } = api
    const log = pino({ level: 'silent' })
    const app = buildApp({ jobs, store, links, config: readApiConfig({}), log, version: '1.0.0' })
    app.register(async (scope) => {
      declareAccess(scope, 'admin')
      scope.get('/declared', async () => 'fine')
    })
    app.get('/forgotten', async () => 'secret')
    await expect(app.ready()).rejects.toThrow(
      'Routes without an access rule: GET /forgotten, HEAD /forgotten.',
    )
    await app.close()
  })

  it('makes open routes public', async () => {
    const open = Object.keys(RULES).filter((route) => RULES[route] === 'open')
    for (const route of open) expect([401, 403, 404, 421]).not.toContain((await api.ask(route)).status)
  })
})

describe.each(closed)('%s', (route, rule) => {
  it.each<[string, Record<string, string>, number, string]>([
    ['no key', {}, 401, 'key_missing'],
    ['an empty key', { authorization: 'Bearer ' }, 401, 'key_missing'],
    ['two keys in one', { authorization: `Bearer ${ann.secret} ${ann.secret}` }, 401, 'key_missing'],
    ['a key of nobody', bearer(stranger), 401, 'key_unknown'],
    ['a key that is cut', { authorization: `Bearer ${ann.secret.slice(0, -1)}` }, 401, 'key_unknown'],
    ['a key in capitals', { authorization: `Bearer ${ann.secret.toUpperCase()}` }, 401, 'key_unknown'],
    ['the hash of a key', { authorization: `Bearer ${ann.key.hash.toString('hex')}` }, 401, 'key_unknown'],
    ['a key that has ended', bearer(ended), 401, 'key_expired'],
    ['a key of nobody as X-API-Key', { 'x-api-key': stranger.secret }, 401, 'key_unknown'],
    ['a good key behind a bad one', { ...bearer(stranger), 'x-api-key': ann.secret }, 401, 'key_unknown'],
    ['a key in a cookie', { cookie: `key=${ann.secret}` }, 401, 'key_missing'],
  ])('refuses %s', async (_, headers, status, code) => {
    const { reply, ...answer } = await api.ask(route, { headers })
    expect(answer).toMatchObject({ status, code })
    expect(reply.headers['www-authenticate']).toBe('Bearer realm="backend-generator"')
    expect(reply.headers).toMatchObject(HARDENED)
    expect(reply.body).not.toMatch(/bgk_/)
  })

  it('refuses a key in the address', async () => {
    expect(await api.ask(route, { query: `?key=${ann.secret}&api_key=${ann.secret}` })).toMatchObject({
      status: 401,
    })
  })

  it('refuses a password, which a browser would remember', async () => {
    const basic = `Basic ${Buffer.from(`ann:${ann.secret}`).toString('base64')}`
    expect(await api.ask(route, { headers: { authorization: basic } })).toMatchObject({
      status: rule === 'admin' ? 403 : 401,
    })
  })

  it('rejects a key without the scope, and names the missing one', async () => {
    const wrong = rule === 'generate' ? reader : writer
    const { status, code, problem } = await api.ask(route, { headers: bearer(wrong) })
    expect([status, code]).toEqual([403, 'scope_missing'])
    expect(problem?.message).toContain(`this request requires ${rule === 'link' ? 'read' : rule}.`)
  })
})

describe.each(ofAJob)('%s', (route) => {
  it('responds to another caller’s job as to a missing one', async () => {
    const none = await api.ask(route, { headers: bearer(bob), jobId: '01jd8q4x7zk3m5n9p2r6s8t0vw' })
    const anns = await api.ask(route, { headers: bearer(bob) })
    const chats = await api.ask(route, { headers: bearer(ann), jobId: api.ofChat })
    const forBots = await api.ask(route, { headers: bearer(bots) })
    for (const answer of [none, anns, chats, forBots]) {
      expect([answer.status, answer.code]).toEqual([404, 'job_not_found'])
      expect(answer.problem?.message).toBe(none.problem?.message)
    }
  })

  it('does its work for the owner, under any of the owner’s keys, for a bot where a chat asked, and for admins', async () => {
    const jobId = await api.newJob({ owner: 'ann' })
    // So that its stream of events has an end.
    const [forOwner, forBots, forAdmins] = [
      await api.ask(route, { headers: bearer(ann), jobId, cancelFirst: true }),
      await api.ask(route, {
        headers: bearer(bots),
        jobId: await api.newJob({ owner: 'bots', origin }),
        cancelFirst: true,
      }),
      await api.ask(route, { headers: bearer(ops), jobId }),
    ]
    for (const { status } of [forOwner, forBots, forAdmins]) expect([200, 202, 409]).toContain(status)
  })

  it.each([
    ['that was signed for another job', '/jobs/01jd8q4x7zk3m5n9p2r6s8t0vw/archive', inAnHour],
    ['that has run out', null, new Date('2026-01-01')],
  ])('is not opened by a link %s', async (_, path, end) => {
    const signed = links.sign(path ?? `/jobs/${api.ofAnn}/archive`, end)
    const answer = await api.ask(route, { query: signed.slice(signed.indexOf('?')) })
    expect(answer.status).toBe(RULES[route] === 'link' ? 403 : 401)
    expect(answer.code).toMatch(/^(link_expired|link_invalid|key_missing)$/)
  })

  it('is opened by a signed link only where links lead', async () => {
    const [, path = ''] = route.split(' ')
    const signed = links.sign(path.replace(':jobId', api.ofAnn), inAnHour)
    const answer = await api.ask(route, { query: signed.slice(signed.indexOf('?')) })
    // The job has no archive yet, which is a 409 for authorized callers.
    expect(answer.status).toBe(RULES[route] === 'link' ? 409 : 401)
  })
})

describe('preferences', () => {
  it.each(closed.filter(([, rule]) => rule === 'bot'))('%s is for bots and admins alone', async (route) => {
    for (const key of [bots, ops]) expect((await api.ask(route, { headers: bearer(key) })).status).toBe(200)
    for (const key of [ann, reader, writer])
      expect(await api.ask(route, { headers: bearer(key) })).toMatchObject({
        status: 403,
        code: 'scope_missing',
      })
  })
})

describe('the list of jobs', () => {
  const listed = async (key: { secret: string }, query = '') => {
    const { reply, status, code } = await api.ask('GET /jobs', { headers: bearer(key), query })
    if (status !== 200) return { status, code }
    return reply.json().jobs.map(({ jobId }: { jobId: string }) => jobId)
  }

  it('contains a key’s own jobs, a person’s jobs for a bot, and all jobs for an admin', async () => {
    expect(await listed(ann)).toContain(api.ofAnn)
    expect(await listed(ann)).not.toContain(api.ofChat)
    expect(await listed(bob)).not.toContain(api.ofAnn)
    expect(await listed(bots, '?requester=slack:T1:U1')).toContain(api.ofChat)
    expect(await listed(bots)).toContain(api.ofChat)
    expect(await listed(bots)).not.toContain(api.ofAnn)
    expect(await listed(ops)).toEqual(expect.arrayContaining([api.ofAnn, api.ofChat]))
    expect(await listed(ops, '?owner=bots')).toContain(api.ofChat)
    expect(await listed(ops, '?owner=bots')).not.toContain(api.ofAnn)
    expect(await listed(ops, '?owner=bots&state=failed')).toEqual([])
  })

  it('is not that of others', async () => {
    expect(await listed(ann, '?requester=slack:T1:U1')).toEqual({
      status: 403,
      code: 'requester_not_allowed',
    })
    expect(await listed(ann, '?owner=bots')).toEqual({ status: 403, code: 'owner_not_allowed' })
    expect(await listed(bots, '?owner=ann')).toEqual({ status: 403, code: 'owner_not_allowed' })
  })
})

describe('asking for a backend', () => {
  const asking = async (key: { secret: string }, body: object, idempotencyKey?: string) => {
    const headers = { ...bearer(key), ...(idempotencyKey && { 'idempotency-key': idempotencyKey }) }
    const reply = await api.app.inject({ method: 'POST', url: '/generate-backend', headers, payload: body })
    return { status: reply.statusCode, body: reply.json() }
  }

  it('makes the key the owner of the job', async () => {
    const { body } = await asking(ann, { prompt: 'a todo app' })
    const { reply } = await api.ask('GET /jobs/:jobId/request', { headers: bearer(ann), jobId: body.jobId })
    expect(reply.json()).toMatchObject({ owner: 'ann', origin: { kind: 'rest' } })
  })

  it('for a person in a chat is for bots alone', async () => {
    expect((await asking(bots, { prompt: 'a todo app', origin })).status).toBe(202)
    expect((await asking(ops, { prompt: 'a todo app', origin })).status).toBe(202)
    const forged = await asking(ann, { prompt: 'a todo app', origin })
    expect([forged.status, forged.body.error.code]).toEqual([403, 'origin_not_allowed'])
  })

  it('twice under one idempotency key is one job for one caller, and two for two', async () => {
    const [first, again, other] = [
      await asking(ann, { prompt: 'a todo app' }, 'once'),
      await asking(ann, { prompt: 'a todo app' }, 'once'),
      await asking(bob, { prompt: 'a todo app' }, 'once'),
    ].map(({ body }) => body.jobId)
    expect(again).toBe(first)
    expect(other).not.toBe(first)
  })
})

describe('an API without keys', () => {
  it.each(['localhost', 'localhost:8080', '127.0.0.1:8080', '[::1]:8080', 'LOCALHOST', 'api.localhost:1'])(
    'answers to this machine: %s',
    async (host) => {
      await using test = await testApp([])
      expect((await test.app.inject({ url: '/health', headers: { host } })).statusCode).toBe(200)
    },
  )

  it.each([
    'evil.example',
    'evil.example:8080',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    '10.0.0.1',
  ])('rejects other host names, which an attacker could point here: %j', async (host) => {
    await using test = await testApp([])
    const reply = await test.app.inject({ url: '/jobs', headers: { host } })
    expect(reply.statusCode).toBe(421)
    expect(Problem.parse(reply.json()).error).toMatchObject({
      code: 'host_not_allowed',
      message: expect.stringContaining('npm run keys'),
    })
  })

  it('accepts any host behind an authenticating proxy', async () => {
    await using test = await testApp([], { config: { ...readApiConfig({}), allowAnonymous: true } })
    const reply = await test.app.inject({ url: '/health', headers: { host: 'backends.example.com' } })
    expect(reply.statusCode).toBe(200)
  })
})

describe('whatever is answered', () => {
  it.each([
    ['an answer', '/ready', 200],
    ['nothing there', '/nowhere', 404],
    ['a verb that is not possible', '/generate-backend', 405],
  ])('%s is hardened for browsers', async (_, url, status) => {
    const reply = await api.app.inject(url)
    expect([reply.statusCode === 503 ? 200 : reply.statusCode, reply.headers]).toEqual([
      status,
      expect.objectContaining(HARDENED),
    ])
  })

  it('also where the address cannot be read', async () => {
    const { statusCode, headers } = await api.app.inject('/jobs/%zz')
    expect(statusCode).toBe(400)
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'content-security-policy': HARDENED['content-security-policy'],
    })
  })
})

describe('web pages of other origins', () => {
  async function ask(origin: string, method: 'GET' | 'OPTIONS', corsOrigins: readonly string[]) {
    await using test = await testApp([], { config: { ...readApiConfig({}), corsOrigins } })
    const headers = { origin, 'access-control-request-method': 'POST' }
    return await test.app.inject({ method, url: method === 'GET' ? '/health' : '/generate-backend', headers })
  }

  it('get nothing to read and no permission to ask', async () => {
    for (const method of ['GET', 'OPTIONS'] as const) {
      const reply = await ask('https://evil.example', method, [])
      expect(Object.keys(reply.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
    }
    expect((await ask('https://evil.example', 'OPTIONS', [])).statusCode).toBe(405)
  })

  it('may ask and read where the operator has named them, and the others still may not', async () => {
    const named = ['https://tools.example.com']
    const asked = await ask(named[0]!, 'OPTIONS', named)
    expect(asked.statusCode).toBe(204)
    expect(asked.headers['access-control-allow-origin']).toBe(named[0])
    expect(asked.headers['access-control-allow-headers']).toContain('Authorization')
    expect(asked.headers['access-control-allow-credentials']).toBeUndefined()
    const read = await ask(named[0]!, 'GET', named)
    expect(read.headers['access-control-allow-origin']).toBe(named[0])
    const other = await ask('https://evil.example', 'GET', named)
    expect(other.headers['access-control-allow-origin']).toBeUndefined()
  })
})

describe('a job that has expired', () => {
  it('is reported to its owner only', async () => {
    const jobId = await api.newJob({ owner: 'ann' })
    await api.jobs.cancel(jobId)
    await api.store.expireJob(jobId, new Date())
    const status = async (who: { secret: string }) =>
      (await api.ask('GET /jobs/:jobId', { jobId, headers: bearer(who) })).status
    expect([await status(ann), await status(ops), await status(bob), await status(bots)]).toEqual([
      410, 410, 404, 404,
    ])
  })
})
