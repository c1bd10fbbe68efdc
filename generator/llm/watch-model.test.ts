import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeLog } from '#lib/log'
import { readModelConfig, type ModelConfig } from './config.ts'
import { makeOpenAiModel } from './openai.ts'
import { answerEvents, KEY, question } from './testing/service.ts'
import { watchModel } from './watch-model.ts'

/** A service that lists models, answers, and keeps the name of each model that it was asked for. */
let models: object[] | 'silent' | 'broken'
let asked: string[]
let listed: number
let url: string
const server = createServer(async (request, response) => {
  if (request.method === 'GET') {
    listed += 1
    if (models === 'silent') return
    if (models === 'broken') return void response.writeHead(502).end('<html>')
    return void response.end(JSON.stringify({ object: 'list', data: models }))
  }
  asked.push((JSON.parse((await request.toArray()).join('')) as { model: string }).model)
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  for (const event of answerEvents('responses', '{"answer":1}'))
    response.write(`data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`)
  response.end()
})
beforeEach(async () => {
  asked = []
  listed = 0
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
})
afterEach(async () => {
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
})

/** As at OpenAI, but for the address. */
function configOf(env: Record<string, string> = {}): ModelConfig {
  const config = readModelConfig({ OPENAI_API_KEY: KEY, ...env })!
  return { ...config, baseUrl: url }
}

/** A manual clock whose days end on demand. */
async function start(env: Record<string, string>, day: string) {
  let now = new Date(`${day}T10:00:00Z`)
  let nextDay = () => {}
  const pauses: number[] = []
  const logs: string[] = []
  const log = makeLog({ level: 'info', destination: { write: (line) => void logs.push(line) } })
  const config = configOf(env)
  const stop = new AbortController()
  const watch = await watchModel({
    config,
    log,
    signal: stop.signal,
    now: () => now,
    // Short where it must run out.
    listWithinMs: models === 'silent' ? 100 : 60_000,
    pause: (ms, signal) => {
      pauses.push(ms)
      return new Promise((resolve, reject) => {
        nextDay = () => resolve(null)
        signal.addEventListener('abort', () => reject(signal.reason), { once: true })
      })
    },
  })
  const model = makeOpenAiModel({ config, log, status: watch.status, pause: async () => {} })
  return {
    watch,
    model,
    pauses,
    logs,
    setDay: (to: string) => (now = new Date(`${to}T10:00:00Z`)),
    nextDay: () => nextDay(),
    [Symbol.asyncDispose]: () => watch[Symbol.asyncDispose](),
  }
}

describe('a worker with a model', () => {
  it('asks gpt-4o while it is served, then its replacement, and says so each time once', async () => {
    models = [{ id: 'gpt-4o' }, { id: 'gpt-6-luna', shutdown_date: null }]
    await using run = await start({}, '2026-11-14')
    await run.model.ask(question())
    expect(run.logs).toEqual([])

    models = [{ id: 'gpt-4o', shutdown_date: '2027-01-14' }, { id: 'gpt-6-luna' }]
    run.setDay('2026-11-28')
    run.nextDay()
    await until(() => run.logs.length > 0)
    expect(run.logs.join()).toContain('will be retired on 2027-01-14, in 47 days')
    await run.model.ask(question())

    run.setDay('2027-01-14')
    const { usage } = await run.model.ask(question())
    expect(run.model.name).toBe('gpt-6-luna')
    expect(asked).toEqual(['gpt-4o', 'gpt-4o', 'gpt-6-luna'])
    expect(usage.costUsd).toBeCloseTo((60 * 0.1 + 40 * 0.01 + 20 * 0.5) / 1e6, 12)
    expect(run.watch.status().message).toContain('so gpt-6-luna is used instead')
  })

  it('asks nothing of a model that was set and is gone, and says why at once', async () => {
    models = [{ id: 'gpt-4.1', shutdown_date: '2027-01-14' }]
    await using run = await start({ OPENAI_MODEL: 'gpt-4.1' }, '2027-01-14')
    await expect(run.model.ask(question())).rejects.toMatchObject({
      code: 'model_retired',
      retryable: false,
      message: 'The model gpt-4.1 was retired on 2027-01-14.',
      hint: 'Its replacement is gpt-6-luna: set OPENAI_MODEL=gpt-6-luna.',
      usage: { calls: 0 },
    })
    expect(asked).toEqual([])
    expect(run.logs).toHaveLength(1)
  })

  it.each(['silent', 'broken'] as const)('goes by the known dates where the list is %s', async (how) => {
    models = how
    await using run = await start({}, '2027-01-14')
    expect(run.watch.status()).toMatchObject({ kind: 'replaced', model: 'gpt-6-luna' })
    expect(run.pauses).toEqual([3_600_000])
  })

  it('asks for the list again each day, and in an hour after a failure', async () => {
    models = 'broken'
    await using run = await start({}, '2026-11-01')
    models = [{ id: 'gpt-4o' }]
    run.nextDay()
    await until(() => run.pauses.length === 2)
    expect(run.pauses).toEqual([3_600_000, 24 * 3_600_000])
    expect(listed).toBe(2)
  })
})

async function until(done: () => boolean): Promise<void> {
  while (!done()) await new Promise((resolve) => setImmediate(resolve))
}
