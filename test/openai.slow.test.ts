import { once } from 'node:events'
import { createServer } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, vi } from 'vitest'
import { designOffline } from '../generator/designers/offline/design-offline.ts'
import { toLlm } from '../generator/designers/model/testing/to-llm.ts'
import { answerEvents, KEY, startService } from '../generator/llm/testing/service.ts'
import { descendants } from './support/descendants.ts'
import { makeQueues } from './support/queues.ts'
import { archive, ended, post, startMain, temporaryFolder, view } from './support/service.ts'

/** Generation with a model, end to end, from the prompt to the archive. */

const settings = (url: string) => ({ OPENAI_API_KEY: KEY, OPENAI_BASE_URL: url, REVIEW: '0' })

describe('with a model', () => {
  it('builds what the model designed, counts its tokens, and does not ask it for the offline designer', async () => {
    await using openai = await startService()
    const design = toLlm(designOffline({ prompt: 'a library with books and authors' }).blueprint)
    openai.mock.onMessage('shelves', { content: JSON.stringify(design) })
    await using data = await temporaryFolder('data')
    await using service = await startMain({ dataDir: data.path, env: settings(openai.url) })
    const offline = await post(service.url, { prompt: 'a todo app', options: { designer: 'offline' } })
    expect(await ended(service.url, offline)).toMatchObject({
      state: 'completed',
      report: { designer: { kind: 'offline' } },
    })
    expect(openai.mock.getRequests()).toEqual([])

    const job = await ended(service.url, await post(service.url, { prompt: 'something for my shelves' }))
    expect(job.error).toBeNull()
    expect(job.report).toMatchObject({
      designer: { kind: 'openai', model: 'gpt-4o' },
      verification: { passed: true },
      ledger: { calls: 1 },
    })
    expect(job.report!.ledger.inputTokens).toBeGreaterThan(0)
    const bytes = await archive(service.url, job.jobId)
    expect(bytes.includes(KEY)).toBe(false)
    expect(service.output()).not.toContain(KEY)
  })

  it('fails with a clear reason when the key is rejected, or the service does not know the model', async () => {
    await using openai = await startService()
    const refuse = (words: string, status: number, error: { message: string; code?: string }) =>
      openai.mock.onMessage(words, { error: { type: 'invalid_request_error', ...error }, status })
    refuse('todo', 401, { message: 'Incorrect API key' })
    refuse('shelves', 404, {
      message: 'The model `gpt-4o` does not exist or you do not have access to it.',
      code: 'model_not_found',
    })
    await using data = await temporaryFolder('data')
    const env = { ...settings(openai.url), OPENAI_MODEL: 'gpt-4o' }
    await using service = await startMain({ dataDir: data.path, env })
    const rejected = await ended(service.url, await post(service.url, { prompt: 'a todo app' }))
    expect(rejected).toMatchObject({ state: 'failed', result: { success: false, files: [] } })
    expect(rejected.error?.message).toMatch(/key/i)
    expect(rejected.error?.hint).toMatch(/OPENAI_API_KEY/)
    // A second check is unnecessary.
    expect(openai.mock.getRequests()).toHaveLength(1)

    const job = await ended(service.url, await post(service.url, { prompt: 'something for my shelves' }))
    expect(job).toMatchObject({
      state: 'failed',
      attempt: 1,
      error: { code: 'model_not_found', hint: expect.stringContaining('OPENAI_MODEL') },
    })
    expect(openai.mock.getRequests()).toHaveLength(2)
    expect(JSON.stringify([rejected, job])).not.toContain(KEY)
    expect(service.output()).not.toContain(KEY)
  })

  it('uses and reports the replacement when no model is set and the default is retired', async () => {
    await using openai = await startService()
    openai.listModels([{ id: 'gpt-4o', shutdown_date: '2026-01-14' }, { id: 'gpt-6-luna' }])
    const design = toLlm(designOffline({ prompt: 'a library with books and authors' }).blueprint)
    openai.replyRaw({ events: answerEvents('chat', JSON.stringify(design)), end: true })
    await using data = await temporaryFolder('data')
    await using service = await startMain({ dataDir: data.path, env: settings(openai.rawUrl) })
    const notice =
      'The model gpt-4o was retired on 2026-01-14, and OPENAI_MODEL is not set, so gpt-6-luna is used instead.'
    expect(service.output()).toContain(notice)
    const ready = await fetch(`${service.url}/ready`)
    expect([ready.status, await ready.json()]).toMatchObject([200, { warnings: [notice] }])
    const jobId = await post(service.url, { prompt: 'something for my shelves' })
    await vi.waitUntil(() => openai.bodies.length > 0, { timeout: 60_000 })
    expect(openai.bodies.map(({ model }) => model)).toEqual(['gpt-6-luna'])
    await fetch(`${service.url}/jobs/${jobId}`, { method: 'DELETE' })
  })

  it('fails a job without a call when the configured model is retired', async () => {
    await using openai = await startService()
    openai.listModels([{ id: 'gpt-4.1', shutdown_date: '2026-01-14' }])
    await using data = await temporaryFolder('data')
    const env = { ...settings(openai.rawUrl), OPENAI_MODEL: 'gpt-4.1' }
    await using service = await startMain({ dataDir: data.path, env })
    const job = await ended(service.url, await post(service.url, { prompt: 'a todo app' }))
    expect(job).toMatchObject({
      state: 'failed',
      error: {
        code: 'model_retired',
        message: 'The model gpt-4.1 was retired on 2026-01-14.',
        hint: 'Its replacement is gpt-6-luna: set OPENAI_MODEL=gpt-6-luna.',
      },
    })
    expect(openai.bodies).toEqual([])
    const { warnings } = (await (await fetch(`${service.url}/ready`)).json()) as { warnings: string[] }
    expect(warnings).toEqual([expect.stringContaining('gpt-4.1 was retired')])
  })

  it('aborts a hanging model call within two seconds of a cancel', async () => {
    let open = 0
    const silent = createServer((request, response) => {
      open += 1
      request.resume()
      response.on('close', () => (open -= 1))
    }).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const { port } = silent.address() as { port: number }
    await using data = await temporaryFolder('data')
    await using service = await startMain({
      dataDir: data.path,
      env: settings(`http://127.0.0.1:${port}/v1`),
    })
    const jobId = await post(service.url, { prompt: 'a todo app' })
    await vi.waitUntil(() => open > 0, { timeout: 60_000 })
    expect((await fetch(`${service.url}/jobs/${jobId}`, { method: 'DELETE' })).status).toBe(200)
    await vi.waitUntil(() => open === 0, { timeout: 60_000 })
    expect((await view(service.url, jobId)).state).toBe('cancelled')
    silent.closeAllConnections()
    silent.close()
  })
})

const CANCELLED = { status: 200, body: { state: 'cancelled' } }

async function cancel(url: string, jobId: string) {
  const answer = await fetch(`${url}/jobs/${jobId}`, { method: 'DELETE' })
  return {
    status: answer.status,
    body: (await answer.json()) as { state?: string; error?: { code: string } },
  }
}

describe('a cancelled job', () => {
  it('leaves no process after two seconds, and stays cancelled', async () => {
    const queues = makeQueues()
    try {
      await using data = await temporaryFolder('data')
      // The embedded queue: redis-server would be a legitimate child process.
      await using service = await startMain({ dataDir: data.path, env: queues.kinds[0]!.env })
      let jobId: string
      let started: number
      for (;;) {
        jobId = await post(service.url, { prompt: 'a todo app' })
        while ((await descendants(service.child.pid!)).length === 0) await sleep(5)
        started = performance.now()
        const first = await cancel(service.url, jobId)
        // On a machine so busy that the job was faster, the next one is cancelled.
        if (first.status === 409 && first.body.error?.code === 'job_finished') continue
        expect(first).toMatchObject(CANCELLED)
        expect(await cancel(service.url, jobId)).toMatchObject(CANCELLED)
        break
      }
      while ((await descendants(service.child.pid!)).length > 0 && performance.now() - started < 5000)
        await sleep(10)
      expect(performance.now() - started).toBeLessThan(20_000)
      await sleep(500)
      expect(await view(service.url, jobId)).toMatchObject({ state: 'cancelled', archive: null })
      expect((await fetch(`${service.url}/jobs/${jobId}/archive`)).status).toBe(409)
    } finally {
      queues.remove()
    }
  })
})
