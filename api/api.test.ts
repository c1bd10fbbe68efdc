import { links } from './testing/app.ts'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { GenerateResponse, JobList, JobView, Problem, notStarted } from '#contract'
import { openQueueBackend } from '#queue/hosts/open-backend'
import { makeJobs } from '#queue/producer/jobs'
import { runGenerateWorker } from '#queue/consumer/generate-worker'
import { makeFileStore } from '#store/file-store'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildApp } from './app.ts'
import { readApiConfig } from './config.ts'
import { readEvents } from './testing/events.ts'
import { Readiness } from './routes/ready.ts'
import { completed } from './testing/jobs.ts'

/** The API on the real queue (embedded) and store, with a worker whose runs end as their prompt says. */
async function startApi() {
  const log = pino({ level: 'silent' })
  const dataDir = await mkdtemp(join(tmpdir(), 'api-'))
  const stack = new AsyncDisposableStack()
  stack.defer(() => rm(dataDir, { recursive: true, force: true }))
  const store = makeFileStore({ dir: join(dataDir, 'jobs') })
  const backend = await openQueueBackend({ dataDir, production: false, log, embedded: 'only' })
  stack.use(backend)
  const jobs = stack.use(makeJobs({ backend, store, log, limits: { queueTimeoutMs: 60_000 } }))
  const zip = randomBytes(200_000)
  const worker = runGenerateWorker({
    backend,
    store,
    log,
    info: {
      id: 'w1',
      startedAt: new Date().toISOString(),
      concurrency: 2,
      sandbox: 'none',
      designer: 'offline',
    },
    concurrency: 2,
    async run({ record, signal, progress }) {
      await progress({ ...notStarted, percent: 50, stage: 'render', attempt: 1 })
      if (record.prompt === 'never ends') await once(signal, 'abort')
      const archive = await store.writeArchive(record.jobId, 'Bücher.zip', zip)
      return completed(archive)
    },
    failureOutcome: () => {
      throw new Error('Nothing is given up here.')
    },
  })
  const stopWorker = () => worker.stop({ graceMs: 100 })
  stack.defer(stopWorker)
  await worker.ready()
  const app = buildApp({ jobs, store, config: readApiConfig({}), log, links, version: '1.0.0' })
  stack.defer(() => app.close())
  const origin = await app.listen({ host: '127.0.0.1', port: 0 })

  const call = (method: string, path: string, init: RequestInit = {}) =>
    fetch(origin + path, { method, ...init })
  const post = (body: unknown, headers: Record<string, string> = {}) =>
    call('POST', '/generate-backend', {
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    })
  const submit = async (prompt: string) => GenerateResponse.parse(await (await post({ prompt })).json()).jobId
  const events = async (jobId: string, headers: Record<string, string> = {}) =>
    readEvents(await call('GET', `/jobs/${jobId}/events`, { headers }))
  return {
    call,
    post,
    submit,
    events,
    zip,
    backend,
    stopWorker,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

describe('the API on the real queue and store', () => {
  let api: Awaited<ReturnType<typeof startApi>>
  beforeAll(async () => {
    api = await startApi()
  })
  afterAll(() => api[Symbol.asyncDispose]())

  it('takes a job from the prompt to the zip', async () => {
    const jobId = await api.submit('A library')
    const received = await Array.fromAsync(await api.events(jobId))
    expect(received[0]?.name).toBe('snapshot')
    expect(received.at(-1)).toMatchObject({ name: 'end', view: { state: 'completed', progress: 100 } })

    const view = JobView.parse(await (await api.call('GET', `/jobs/${jobId}`)).json())
    expect(received.at(-1)?.view).toEqual(view)
    const reply = await api.call('GET', view.archive?.url ?? '')
    const bytes = Buffer.from(await reply.arrayBuffer())
    expect(bytes.equals(api.zip)).toBe(true)
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(view.archive?.sha256)
    expect(reply.headers.get('content-disposition')).toContain(`filename*=UTF-8''B%C3%BCcher.zip`)

    const part = await api.call('GET', view.archive?.url ?? '', { headers: { range: 'bytes=1000-1999' } })
    expect(part.status).toBe(206)
    expect(Buffer.from(await part.arrayBuffer()).equals(api.zip.subarray(1_000, 2_000))).toBe(true)
    expect((await api.call('DELETE', `/jobs/${jobId}`)).status).toBe(409)
  })

  it('cancels a job that runs, once and for all', async () => {
    const jobId = await api.submit('never ends')
    const events = await api.events(jobId)
    for await (const { view } of events) if (view.state === 'active') break

    const first = await api.call('DELETE', `/jobs/${jobId}`)
    expect(first.status).toBe(200)
    expect(JobView.parse(await first.json()).state).toBe('cancelled')
    expect((await api.call('DELETE', `/jobs/${jobId}`)).status).toBe(200)
    const [snapshot, end, ...more] = await Array.fromAsync(await api.events(jobId))
    expect([snapshot?.name, end?.name, more]).toEqual(['snapshot', 'end', []])
    expect(end?.view.state).toBe('cancelled')
    const archive = await api.call('GET', `/jobs/${jobId}/archive`)
    expect([archive.status, await codeOf(archive)]).toEqual([409, 'job_cancelled'])
  })

  it('resumes a stream after any event, and stops an EventSource after the last', async () => {
    const jobId = await api.submit('A shop')
    const received = await Array.fromAsync(await api.events(jobId))
    for (const [index, { id }] of received.entries()) {
      if (id === null) continue
      const reply = await api.call('GET', `/jobs/${jobId}/events`, { headers: { 'last-event-id': id } })
      const rest = await Array.fromAsync(readEvents(reply))
      expect(rest.map((event) => event.id)).toEqual(received.slice(index + 1).map((event) => event.id))
      expect(reply.status).toBe(index === received.length - 1 ? 204 : 200)
    }
    const trimmed = await Array.fromAsync(await api.events(jobId, { 'last-event-id': '1-1' }))
    expect(trimmed.at(-1)?.name).toBe('end')
  })

  it('makes one job of one idempotency key, however often and at once it is sent', async () => {
    const headers = { 'idempotency-key': 'once' }
    const replies = await Promise.all(
      Array.from({ length: 8 }, () => api.post({ prompt: 'A club' }, headers)),
    )
    expect(replies.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 202))
    const ids = await Promise.all(
      replies.map(async (reply) => GenerateResponse.parse(await reply.json()).jobId),
    )
    expect(new Set(ids).size).toBe(1)
    expect(replies.filter((reply) => reply.headers.get('idempotency-replayed') === null)).toHaveLength(1)
    expect((await api.post({ prompt: 'Another club' }, headers)).status).toBe(409)
  })

  it('lists jobs from the newest to the oldest, page by page', async () => {
    const ids: string[] = []
    for (let i = 0; i < 3; i++) {
      ids.unshift(await api.submit(`Number ${i}`))
      await sleep(2)
    }
    const page = async (query: string) => JobList.parse(await (await api.call('GET', `/jobs${query}`)).json())
    const first = await page('?limit=2')
    const second = await page(`?limit=1&cursor=${first.nextCursor}`)
    expect([...first.jobs, ...second.jobs].map(({ jobId }) => jobId)).toEqual(ids)
    expect((await page('?state=cancelled')).jobs.map(({ prompt }) => prompt)).toEqual(['never ends'])
    const odd = await api.call('GET', '/jobs?cursor=odd')
    expect([odd.status, await codeOf(odd)]).toEqual([400, 'invalid_cursor'])
  })

  it('is ready', async () => {
    const reply = await api.call('GET', '/ready')
    expect(reply.status).toBe(200)
    expect(Readiness.parse(await reply.json()).checks.worker.workers).toMatchObject([
      { id: 'w1', sandbox: 'none' },
    ])
  })
})

describe('the API while the queue is down', () => {
  it('says so, and still gives out archives', async () => {
    await using api = await startApi()
    const jobId = await api.submit('A library')
    for await (const { name } of await api.events(jobId)) if (name === 'end') break
    await api.stopWorker()
    await api.backend[Symbol.asyncDispose]()

    const refused = await api.post({ prompt: 'Another' })
    expect(refused.status).toBe(503)
    expect(refused.headers.get('retry-after')).toBe('5')
    expect(await codeOf(refused)).toBe('queue_unavailable')
    const ready = await api.call('GET', '/ready')
    expect(ready.status).toBe(503)
    expect(Readiness.parse(await ready.json()).checks.queue.message).toMatch(/^The queue is unreachable/)
    expect((await api.call('GET', '/health')).status).toBe(200)
    expect((await api.call('GET', `/jobs/${jobId}/archive`)).status).toBe(200)
  })
})

const codeOf = async (reply: Response) => Problem.parse(await reply.json()).error.code
