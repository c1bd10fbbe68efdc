import { setImmediate } from 'node:timers/promises'
import { QueueUnavailableError } from '#queue/errors'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { readApiConfig } from '../config.ts'
import { testApp } from '../testing/app.ts'
import type { ScriptStep } from '../testing/scripted.ts'

const worker = {
  id: 'w1',
  startedAt: '2026-11-23T09:00:00.000Z',
  concurrency: 2,
  sandbox: 'bubblewrap' as const,
  designer: 'openai' as const,
}
const fine: ScriptStep[] = [
  { 'jobs.ping': async () => {} },
  { 'jobs.workers': async () => [worker] },
  { 'store.check': async () => {} },
]
const fails = async () => {
  throw new QueueUnavailableError()
}

afterEach(() => void vi.useRealTimers())

describe('GET /health', () => {
  it('is ok while the process runs, even if dependencies are down', async () => {
    await using test = await testApp([])
    const reply = await test.app.inject('/health')
    expect(reply.statusCode).toBe(200)
    expect(reply.json()).toEqual({
      service: 'backend-generator',
      status: 'ok',
      version: '1.2.3',
      uptimeSeconds: expect.any(Number),
    })
  })
})

describe('GET /ready', () => {
  it('is ready when the queue, a worker and the store are, and says what the worker is', async () => {
    await using test = await testApp(fine)
    const reply = await test.app.inject('/ready')
    expect(reply.statusCode).toBe(200)
    const ready = { ready: true, message: null }
    expect(reply.json()).toEqual({
      status: 'ready',
      checks: { queue: ready, worker: { ...ready, workers: [worker] }, store: ready },
      warnings: [],
    })
  })

  it('says why a worker does not know yet whether its sandbox works', async () => {
    const busy = { ...worker, sandbox: 'static' as const, sandboxNote: 'static for now: too busy' }
    await using test = await testApp([fine[0]!, { 'jobs.workers': async () => [busy] }, fine[2]!])
    const reply = await test.app.inject('/ready')
    expect(reply.statusCode).toBe(200)
    expect(reply.json().checks.worker.workers).toEqual([busy])
  })

  it('says what a worker says of its model, once, and stays ready', async () => {
    const modelNote = 'The model gpt-4o will be retired on 2027-01-14, in 47 days.'
    const workers = [
      { ...worker, model: 'gpt-4o', modelNote },
      { ...worker, id: 'w2', model: 'gpt-4o', modelNote },
    ]
    await using test = await testApp([fine[0]!, { 'jobs.workers': async () => workers }, fine[2]!])
    const reply = await test.app.inject('/ready')
    expect(reply.statusCode).toBe(200)
    expect(reply.json()).toMatchObject({ warnings: [modelNote], checks: { worker: { workers } } })
  })

  it('is not ready while a limit in dollars meets a worker that does not know the price of its model', async () => {
    const mine = { ...worker, model: 'mine', modelPriced: false }
    const config = readApiConfig({ LIMIT_USER_COST_PER_DAY: '2' })
    const steps = [fine[0]!, { 'jobs.workers': async () => [mine] }, fine[2]!]
    await using test = await testApp(steps, { config })
    const reply = await test.app.inject('/ready')
    expect(reply.statusCode).toBe(503)
    expect(reply.json().checks.worker).toEqual({
      ready: false,
      message: expect.stringMatching(
        /^LIMIT_USER_COST_PER_DAY is set, but the worker w1 does not know what the model mine costs.*OPENAI_PRICES/,
      ),
      workers: [mine],
    })
  })

  it('says that no worker runs', async () => {
    await using test = await testApp([fine[0]!, { 'jobs.workers': async () => [] }, fine[2]!])
    const reply = await test.app.inject('/ready')
    expect(reply.statusCode).toBe(503)
    expect(reply.json()).toMatchObject({
      status: 'not_ready',
      checks: {
        queue: { ready: true },
        worker: {
          ready: false,
          message: 'No worker is running: start one with "npm run worker". Jobs wait until then.',
        },
      },
    })
  })

  it('reports an unreachable queue, and that workers are unknown', async () => {
    await using test = await testApp([{ 'jobs.ping': fails }, { 'jobs.workers': fails }, fine[2]!])
    const reply = await test.app.inject('/ready')
    expect(reply.statusCode).toBe(503)
    expect(reply.json().checks).toEqual({
      queue: {
        ready: false,
        message: 'The queue is unreachable: check that Redis is running and that REDIS_URL is correct.',
      },
      worker: {
        ready: false,
        message: 'Workers are unknown while the queue is unreachable.',
        workers: [],
      },
      store: { ready: true, message: null },
    })
  })

  it('says that the store cannot be used, without showing a path', async () => {
    const denied: ScriptStep = {
      'store.check': async () => {
        throw Object.assign(new Error("EACCES: permission denied, open '/srv/data/jobs'"), { code: 'EACCES' })
      },
    }
    await using test = await testApp([fine[0]!, fine[1]!, denied])
    const reply = await test.app.inject('/ready')
    expect(reply.statusCode).toBe(503)
    expect(reply.json().checks.store).toEqual({
      ready: false,
      message: 'The archive store is unavailable: EACCES.',
    })
  })

  it('times out hanging checks', async () => {
    const hangs: ScriptStep = { 'store.check': () => new Promise<void>(() => {}) }
    await using test = await testApp([fine[0]!, fine[1]!, hangs])
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const answer = test.app.inject('/ready')
    while (vi.getTimerCount() < 1) await setImmediate()
    await vi.advanceTimersByTimeAsync(3_000)
    const reply = await answer
    expect(reply.statusCode).toBe(503)
    expect(reply.json().checks.store.message).toBe(
      'The archive store is unavailable: No response within 3 s.',
    )
  })
})
