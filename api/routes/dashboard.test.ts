import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDashboardQueues } from '#queue/producer/dashboard-queues'
import { KINDS, aRecord, openHarness, silent } from '#queue/testing/harness'
import { createKey, type Scope } from '../access/keys.ts'
import { buildApp } from '../app.ts'
import { readApiConfig } from '../config.ts'
import { links } from '../testing/app.ts'

const aKey = (name: string, scopes: Scope[]) => createKey({ name, scopes, expiresAt: null })
const ops = aKey('ops', ['admin'])
const ann = aKey('ann', ['generate', 'read', 'bot'])
const basic = ({ secret }: { secret: string }) => ({
  authorization: `Basic ${Buffer.from(`me:${secret}`).toString('base64')}`,
})

let api: Awaited<ReturnType<typeof openApi>>
beforeAll(async () => {
  api = await openApi()
})
afterAll(() => api[Symbol.asyncDispose]())

/** The API with its board, on the embedded queue, with a job that waits. */
async function openApi() {
  await using stack = new AsyncDisposableStack()
  const { backend, jobs, store } = stack.use(await openHarness(KINDS[0]))
  const { queues } = stack.use(openDashboardQueues({ backend, log: silent }))
  const config = { ...readApiConfig({}), keys: [ops.key, ann.key] }
  const app = buildApp({
    jobs,
    store,
    config,
    log: pino({ level: 'silent' }),
    links,
    version: '1.0.0',
    queues,
  })
  stack.defer(() => app.close())
  await app.ready()
  const { jobId } = await jobs.submit(aRecord())
  const owned = stack.move()
  return { app, jobId, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

describe('the board of the queues', () => {
  it('shows an admin the page, with nothing from anywhere else', async () => {
    const page = await api.app.inject({ url: '/admin/queues', headers: basic(ops) })
    expect(page.statusCode).toBe(200)
    expect(page.headers['content-security-policy']).toContain("default-src 'none'")
    expect(page.body).not.toMatch(/(?:src|href)="(?:https?:)?\/\/|url\(/)
    expect(Number(page.headers['content-length'])).toBe(Buffer.byteLength(page.body))
    const [, script = ''] = /src="(static\/js\/main[^"]+)"/.exec(page.body) ?? []
    const code = await api.app.inject({ url: `/admin/queues/${script}`, headers: basic(ops) })
    expect(code.statusCode).toBe(200)
    expect(code.headers['content-type']).toContain('javascript')
  })

  it('shows the contents of the queues', async () => {
    const reply = await api.app.inject({
      url: '/admin/queues/api/queues?activeQueue=generate&page=1',
      headers: basic(ops),
    })
    expect(reply.statusCode).toBe(200)
    const { queues } = reply.json() as {
      queues: {
        name: string
        counts: Record<string, number>
        readOnlyMode: boolean
        description: string
        jobs: { id: string }[]
      }[]
    }
    expect(queues.map(({ name }) => name)).toEqual(['generate', 'deliver'])
    expect(queues[0]?.description).toContain('GET /jobs')
    expect(queues[0]).toMatchObject({ counts: { waiting: 1 }, readOnlyMode: true, jobs: [{ id: api.jobId }] })
  })

  it('is for admins alone, on each of its routes', async () => {
    const routes = api.app.guarded.filter(({ url }) => url.startsWith('/admin/queues'))
    expect(routes.length).toBeGreaterThan(10)
    for (const { method, url } of routes) {
      const path = url.replaceAll(/:\w+/g, 'generate').replace('*', 'x')
      const [verb] = [method].flat()
      const ask = (headers: Record<string, string>) =>
        api.app.inject({ method: verb as 'GET', url: path, headers })
      expect([url, (await ask({})).statusCode]).toEqual([url, 401])
      expect([url, (await ask({ authorization: `Bearer ${ann.secret}` })).statusCode]).toEqual([url, 403])
    }
  })

  it('is read-only for everyone', async () => {
    const url = `/admin/queues/api/queues/generate/${api.jobId}/clean`
    const reply = await api.app.inject({ method: 'PUT', url, headers: basic(ops) })
    expect(reply.statusCode).toBeGreaterThanOrEqual(400)
    expect(reply.statusCode).toBeLessThan(500)
  })

  it('is no part of the reference', async () => {
    expect((await api.app.inject('/openapi.json')).body).not.toContain('/admin')
  })
})
