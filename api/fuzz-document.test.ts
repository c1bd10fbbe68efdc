import { setTimeout as sleep } from 'node:timers/promises'
import * as fc from 'fast-check'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Problem } from '#contract'
import { KINDS, aRecord, completed, eventually, openHarness } from '#queue/testing/harness'
import { planningRun } from '#queue/testing/planning-run'
import { createKey } from './access/keys.ts'
import { buildApp } from './app.ts'
import { readApiConfig } from './config.ts'
import { links } from './testing/app.ts'
import { SMUGGLED, dribble, speak } from './testing/fuzz/raw.ts'
import { requestsTo, type Document, type FuzzRequest } from './testing/fuzz/requests.ts'
import { SEED } from '../test/support/random.ts'
import { ANSWER_MS, makeSend, type FuzzAnswer } from './testing/fuzz/send.ts'

/**
 * Every operation of the API's own document, with anything that can be sent to it: nothing fails, hangs or crashes.
 * `npm run test:fuzz` sends 6,000 requests and waits for the slow ones; TEST_SEED and FUZZ_REQUESTS change what is sent.
 */
const isLong = process.env['MODE'] === 'fuzz'
const seed = SEED
const total = Number(process.env['FUZZ_REQUESTS'] ?? (isLong ? 6_000 : 600))
const AT_ONCE = 8

/** What any request can be answered, besides what the document says of its operation. */
const GENERAL = [400, 404, 405, 408, 413, 415, 417, 421, 431]

const user = createKey({ name: 'fuzz', scopes: ['bot', 'admin'], expiresAt: null })
const reader = createKey({ name: 'reader', scopes: ['read'], expiresAt: null })

let api: Awaited<ReturnType<typeof openApi>>
beforeAll(async () => {
  api = await openApi()
}, 120_000)
afterAll(() => api[Symbol.asyncDispose]())

/** The API on a real queue and store, listening, with a job in every state that lasts. */
async function openApi() {
  await using stack = new AsyncDisposableStack()
  const kind = KINDS.findLast(({ skip }) => !skip) ?? KINDS[0]
  const { jobs, store, worker } = stack.use(await openHarness(kind))
  const zip = Buffer.from('a zip, as far as anybody here can tell')
  const outcome = completed()
  const plan = planningRun(store)
  worker(async (job) => {
    const { record } = job
    if (record.options.plan === 'always') return plan(job)
    if (outcome.state !== 'completed') throw new Error('a completed job was wanted')
    return { ...outcome, archive: await store.writeArchive(record.jobId, 'todo.zip', zip) }
  })
  const faults: string[] = []
  const log = pino({ level: 'error' }, { write: (line: string) => faults.push(line) })
  const config = {
    ...readApiConfig({ WEBHOOK_SECRET: 'w'.repeat(32), CORS_ORIGINS: 'https://tools.example.com' }),
    keys: [user.key, reader.key],
  }
  const app = buildApp({ jobs, store, config, log, links, version: '1.0.0' })
  stack.defer(() => app.close())
  const origin = await app.listen({ host: '127.0.0.1', port: 0 })
  const modes = ['never', 'never', 'never', 'always', 'always'] as const
  const known = await Promise.all(
    modes.map(async (mode) => (await jobs.submit(aRecord({ options: { plan: mode } }))).jobId),
  )
  for (const jobId of known.slice(3)) await eventually(async () => (await jobs.view(jobId))?.needs)
  await jobs.cancel(known[2] ?? '')
  const document = (await (await fetch(`${origin}/openapi.json`)).json()) as Document
  const send = stack.use(makeSend(origin))
  const owned = stack.move()
  return { origin, document, known, send, faults, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

/** What is wrong with an answer; null where nothing is. */
function faultIn(request: FuzzRequest, { status, type, body, ms }: FuzzAnswer): string | null {
  if (status >= 500 || status < 200) return `was answered ${status}`
  if (ms > ANSWER_MS / 2) return `took ${Math.round(ms)} ms`
  if (request.declared.length > 0 && ![...request.declared, ...GENERAL].includes(status))
    return `was answered ${status}, of which the document says nothing`
  const hasBody = request.method !== 'HEAD' && status >= 400
  if (hasBody && !(type.startsWith('application/json') && Problem.safeParse(parsed(body)).success))
    return `was refused in another shape than a problem: ${body.slice(0, 200)}`
  return null
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

describe(`the API, fuzzed from its own document (TEST_SEED=${seed})`, () => {
  it(
    `answers ${total} requests as the document says, and fails with none`,
    async () => {
      const slow = Array.from({ length: 20 }, () => dribble(api.origin, user.secret, 50))
      const requests = fc.sample(
        requestsTo(api.document, { known: api.known, keys: [user.secret, reader.secret] }),
        {
          seed,
          numRuns: total,
        },
      )
      const faults: string[] = []
      const statuses = new Map<string, number>()
      const left = requests[Symbol.iterator]()
      async function work() {
        for (const request of left) {
          const fault = await api.send(request).then(
            (answer) => {
              const name = `${request.operation} ${answer.status}`
              statuses.set(name, (statuses.get(name) ?? 0) + 1)
              return faultIn(request, answer)
            },
            (error: Error) => `was not answered: ${error.message}`,
          )
          if (fault !== null)
            faults.push(
              `${request.method} ${request.url.slice(0, 120)} ${JSON.stringify(request.headers).slice(0, 200)} ${fault}`,
            )
        }
      }
      await Promise.all(Array.from({ length: AT_ONCE }, work))
      for (const one of slow) one[Symbol.dispose]()
      if (isLong)
        console.log(
          `fuzz: ${total} requests, TEST_SEED=${seed}\n${[...statuses]
            .toSorted()
            .map(([name, count]) => `  ${name}: ${count}`)
            .join('\n')}`,
        )

      expect(faults.slice(0, 5), `${faults.length} faults`).toEqual([])
      expect(api.faults).toEqual([])
      expect((await fetch(`${api.origin}/health`)).status).toBe(200)
      // It would prove little if one operation were never reached, or nothing ever came through.
      const reached = new Set([...statuses.keys()].map((name) => name.replace(/ \d+$/, '')))
      const all = Object.entries(api.document.paths).flatMap(([path, methods]) =>
        Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
      )
      expect([...reached].toSorted()).toEqual(all.toSorted())
      expect(statuses.get('POST /generate-backend 202')).toBeGreaterThan(0)
      expect(statuses.get('GET /jobs 200')).toBeGreaterThan(0)
      expect(statuses.get('GET /preferences/{holder} 200')).toBeGreaterThan(0)
      expect(statuses.get('PATCH /preferences/{holder} 200')).toBeGreaterThan(0)
    },
    isLong ? 600_000 : 180_000,
  )

  it.each(Object.entries(SMUGGLED))('takes no second request out of one with %s', async (_, bytes) => {
    const { statuses, text, closed } = await speak(api.origin, bytes, user.secret, 3_000)
    expect(text).not.toMatch(/HTTP\/1\.1 (2|5)\d\d/)
    expect(statuses.length).toBeLessThanOrEqual(1)
    expect(closed).toBe(true)
  })

  it('serves others while bodies come slowly', async () => {
    const slow = Array.from({ length: 50 }, () => dribble(api.origin, user.secret, 20))
    await sleep(200)
    const began = performance.now()
    expect((await fetch(`${api.origin}/health`)).status).toBe(200)
    expect(performance.now() - began).toBeLessThan(20_000)
    for (const one of slow) one[Symbol.dispose]()
  })

  if (isLong) {
    it('does not wait for a body without end', { timeout: 120_000 }, async () => {
      const slow = Array.from({ length: 10 }, () => dribble(api.origin, user.secret, 500))
      const answers = await Promise.all(slow.map(({ ended }) => ended))
      // Node looks for those that are late every half minute.
      for (const answer of answers)
        expect(answer).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n[^]*"code":"request_timeout"/)
    })
  }
})
