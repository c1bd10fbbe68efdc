import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import type { Origin } from '#contract'
import { NO_QUOTAS } from '#queue/producer/quotas'
import { KINDS, KINDS_HERE, openHarness } from '#queue/testing/harness'
import { buildApp } from '../app.ts'
import { readApiConfig, type ApiConfig } from '../config.ts'
import { links } from '../testing/app.ts'
import { createKey } from './keys.ts'

const ci = createKey({ name: 'ci', scopes: ['generate', 'read'], expiresAt: null })
const cd = createKey({ name: 'cd', scopes: ['read'], expiresAt: null })
const bots = createKey({ name: 'bots', scopes: ['bot'], expiresAt: null })
const origin: Origin = { kind: 'slack', teamId: 'T1', channelId: 'C1', userId: 'U1', threadTs: null }

/** Two processes of the API on one queue. */
async function openTwo(kind: (typeof KINDS_HERE)[number], settings: Partial<ApiConfig>) {
  await using stack = new AsyncDisposableStack()
  const { backend, jobs, store } = stack.use(await openHarness(kind, { ...settings }))
  const config = { ...readApiConfig({}), keys: [ci.key, cd.key, bots.key], ...settings }
  const log = pino({ level: 'silent' })
  const apps = [1, 2].map(() => {
    const redis = backend.connect('plain')
    const app = buildApp({ jobs, store, config, log, links, redis, version: '1.0.0' })
    stack.defer(() => app.close())
    return app
  })
  const owned = stack.move()
  let turn = 0
  return {
    /** Asks one process after the other. */
    ask: (key: { secret: string } | null, url: string, payload?: object) =>
      apps[turn++ % 2]!.inject({
        method: payload ? 'POST' : 'GET',
        url,
        headers: key ? { authorization: `Bearer ${key.secret}` } : {},
        ...(payload && { payload }),
      }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

describe.each(KINDS_HERE.filter(({ skip }) => !skip))('requests on $name', (kind) => {
  it('are limited for a key by all processes together, and the refusal says when to come back', async () => {
    await using api = await openTwo(kind, { requestsPerMinute: { key: 4, user: 0 } })
    for (const left of ['3', '2', '1', '0']) {
      const reply = await api.ask(ci, '/jobs')
      expect(reply.statusCode).toBe(200)
      expect(reply.headers).toMatchObject({ 'ratelimit-limit': '4', 'ratelimit-remaining': left })
    }
    const refused = await api.ask(ci, '/jobs')
    expect(refused.statusCode).toBe(429)
    const seconds = Number(refused.headers['retry-after'])
    expect(seconds).toBeGreaterThan(50)
    expect(refused.headers).toMatchObject({
      'ratelimit-limit': '4',
      'ratelimit-remaining': '0',
      'ratelimit-reset': String(seconds),
    })
    expect(refused.json().error).toMatchObject({
      code: 'too_many_requests',
      message: `The API key "ci" has sent more than 4 requests within a minute. Try again in ${seconds} s.`,
    })
    // Other keys, open routes, bots and unauthorized callers are unaffected.
    expect((await api.ask(cd, '/jobs')).statusCode).toBe(200)
    expect((await api.ask(null, '/health')).statusCode).toBe(200)
    expect((await api.ask(null, '/jobs')).statusCode).toBe(401)
    for (let i = 0; i < 6; i++) expect((await api.ask(bots, '/jobs')).statusCode).toBe(200)
  })

  it('are limited for a person in a chat, whom a bot names', async () => {
    await using api = await openTwo(kind, { requestsPerMinute: { key: 0, user: 2 } })
    const list = (user: string) => api.ask(bots, `/jobs?requester=slack:T1:${user}`)
    expect((await list('U1')).statusCode).toBe(200)
    expect((await api.ask(bots, '/generate-backend', { prompt: 'a todo app', origin })).statusCode).toBe(202)
    const refused = await list('U1')
    expect(refused.statusCode).toBe(429)
    expect(refused.json().error.message).toMatch(/^You have sent more than 2 requests within a minute\./)
    expect((await list('U2')).statusCode).toBe(200)
  })

  it('of a person are not used up by a key that may not speak for them', async () => {
    await using api = await openTwo(kind, { requestsPerMinute: { key: 0, user: 1 } })
    const forged = () => api.ask(ci, '/generate-backend', { prompt: 'a todo app', origin })
    for (let i = 0; i < 3; i++) expect((await forged()).statusCode).toBe(403)
    expect((await api.ask(bots, '/jobs?requester=slack:T1:U1')).statusCode).toBe(200)
  })
})

describe('a limit of jobs', () => {
  it('is refused with what is used, and when to ask again, in words and in headers', async () => {
    const quotas = { ...NO_QUOTAS, user: { ...NO_QUOTAS.user, jobsPerDay: 1 } }
    await using api = await openTwo(KINDS[0], { quotas })
    const ask = () => api.ask(bots, '/generate-backend', { prompt: 'a todo app', origin })
    expect((await ask()).statusCode).toBe(202)
    const refused = await ask()
    expect(refused.statusCode).toBe(429)
    expect(refused.json().error).toMatchObject({ code: 'jobs_per_day', details: [] })
    expect(refused.json().error.message).toMatch(
      /^You have requested 1 backend today; the limit is 1 a day\./,
    )
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
    expect(refused.headers).toMatchObject({
      'ratelimit-limit': '1',
      'ratelimit-remaining': '0',
      'ratelimit-reset': refused.headers['retry-after'],
    })
  })
})
