import { type JobOutcome, type JobRecord, type JobSource } from '#contract'
import { IdempotencyConflictError } from '#queue/producer/errors'
import { describe, expect, it } from 'vitest'
import { testApp } from '../testing/app.ts'
import { completed, jobId, record, viewOf } from '../testing/jobs.ts'
import type { ScriptStep } from '../testing/scripted.ts'

const url = `/jobs/${jobId}/refine`
const headers = { 'content-type': 'application/json' }
const done = completed({ filename: 'todo.zip', bytes: 1, sha256: '0'.repeat(64) })
// The route only looks whether there is one.
const source = {} as JobSource

const known = (over: Partial<JobRecord> = {}): ScriptStep => ({
  'store.readRecord': async () => ({ ...record, ...over }),
})
const ended = (outcome: JobOutcome | null): ScriptStep => ({ 'store.readOutcome': async () => outcome })
const kept: ScriptStep = { 'store.readSource': async () => source }

/** The message with this idempotency key did not come while the job was running. */
const notAChange: ScriptStep = { 'jobs.findChange': async () => null }

/** A completed job, and a queue that takes the next one; `hasKey`: the requests have an idempotency key. */
async function refinable(over: Partial<JobRecord> = {}, times = 1, hasKey = false) {
  const seen: { record: JobRecord; bodyHash: string | undefined }[] = []
  const submit: ScriptStep = {
    'jobs.submit': async (record, idempotency) => {
      seen.push({ record, bodyHash: idempotency?.bodyHash })
      return { jobId: record.jobId, created: true }
    },
  }
  const once = [known(over), ended(done), kept, ...(hasKey ? [notAChange] : []), submit]
  const test = await testApp(Array.from({ length: times }, () => once).flat())
  return { ...test, seen }
}

describe('POST /jobs/:jobId/refine', () => {
  it('queues the next version and answers as for a first one', async () => {
    await using api = await refinable()
    const reply = await api.app.inject({
      method: 'POST',
      url,
      headers,
      payload: { prompt: ' add comments to tasks ' },
    })
    const next = api.seen[0]!.record
    expect(reply.statusCode).toBe(202)
    expect(reply.json()).toEqual({
      message: 'Job queued',
      jobId: next.jobId,
      statusUrl: `/jobs/${next.jobId}`,
    })
    expect(reply.headers.location).toBe(`/jobs/${next.jobId}`)
    expect(next).toMatchObject({
      prompt: 'add comments to tasks',
      parent: jobId,
      version: 2,
      options: {},
      spec: null,
      origin: { kind: 'rest' },
    })
  })

  it('counts on from the version that is refined, and designs as that was designed', async () => {
    const parent = { version: 4, options: { name: 'Shop', designer: 'offline' } } as const
    await using api = await refinable(parent, 2)
    const payload = { prompt: 'x', origin: { kind: 'cli' } }
    await api.app.inject({ method: 'POST', url, headers, payload })
    await api.app.inject({
      method: 'POST',
      url,
      headers,
      payload: { ...payload, options: { designer: 'openai' } },
    })
    const [inherited, said] = api.seen.map(({ record }) => record)
    expect(inherited).toMatchObject({
      version: 5,
      options: { designer: 'offline' },
      origin: { kind: 'cli' },
    })
    expect(said).toMatchObject({ options: { designer: 'openai' } })
  })

  it('answers a message that came while the job was running with the refinement that has it', async () => {
    const next = '01jd8q4x7zk3m5n9p2r6s8t0vx'
    const applied: ScriptStep = {
      'jobs.findChange': async () => ({ kind: 'applied', waiting: 1, jobId: next, prompt: 'x' }),
    }
    await using api = await testApp([known(), ended(done), kept, applied])
    const reply = await api.app.inject({
      method: 'POST',
      url,
      headers: { ...headers, 'idempotency-key': 'k' },
      payload: { prompt: 'x' },
    })
    expect(reply.statusCode).toBe(202)
    expect(reply.json().jobId).toBe(next)
    expect(reply.headers['idempotency-replayed']).toBe('true')
  })

  it('binds an idempotency key to the wish and to the job that is refined', async () => {
    await using api = await refinable({}, 3, true)
    const ask = (prompt: string) =>
      api.app.inject({
        method: 'POST',
        url,
        headers: { ...headers, 'idempotency-key': 'k' },
        payload: { prompt },
      })
    await ask('x')
    await ask('x ')
    await ask('y')
    const [first, same, other] = api.seen.map(({ bodyHash }) => bodyHash)
    expect(same).toBe(first)
    expect(other).not.toBe(first)
  })

  it('answers a repeated request with the first job, and refuses another under its key', async () => {
    const answers: ScriptStep[] = [
      { 'jobs.submit': async () => ({ jobId, created: false }) },
      {
        'jobs.submit': async () => {
          throw new IdempotencyConflictError()
        },
      },
    ]
    await using api = await testApp(answers.flatMap((step) => [known(), ended(done), kept, notAChange, step]))
    const ask = () =>
      api.app.inject({
        method: 'POST',
        url,
        headers: { ...headers, 'idempotency-key': 'k' },
        payload: { prompt: 'x' },
      })
    const replayed = await ask()
    expect(replayed.statusCode).toBe(202)
    expect(replayed.headers['idempotency-replayed']).toBe('true')
    const refused = await ask()
    expect(refused.statusCode).toBe(409)
    expect(refused.json().error.code).toBe('idempotency_conflict')
  })

  it.each([
    [404, 'job_not_found', 'Job not found', [{ 'store.readRecord': async () => null }]],
    [409, 'job_not_finished', 'refine it once', [known(), ended(null)]],
    [409, 'job_failed', 'Generate the whole backend again', [known(), ended(failedOutcome())]],
    [409, 'job_cancelled', 'nothing to refine', [known(), ended(cancelledOutcome())]],
    [410, 'source_gone', 'refine that one', [known(), ended(done), { 'store.readSource': async () => null }]],
  ] satisfies [number, string, string, ScriptStep[]][])(
    'is refused with %i %s where there is nothing to go on from',
    async (status, code, words, steps) => {
      await using api = await testApp(steps)
      const reply = await api.app.inject({ method: 'POST', url, headers, payload: { prompt: 'x' } })
      expect(reply.statusCode).toBe(status)
      expect(reply.json().error).toMatchObject({ code, message: expect.stringContaining(words) })
    },
  )

  it.each([
    ['{}', 'prompt is missing: say what to change, for example {"prompt": "Add comments to tasks"}'],
    ['{"prompt": "\\u200b"}', 'prompt is empty: say what to change, for example "Add comments to tasks".'],
    ['7', 'Send a JSON object such as {"prompt": "Add comments to tasks"}.'],
    ['{"prompt": "x", "spec": "y"}', 'Unknown field spec; expected prompt, options, origin and callbackUrl.'],
    ['{"prompt": "x", "options": {"name": "y"}}', 'Unknown field name; expected designer, plan and model.'],
  ])('says what is wrong with %s', async (payload, message) => {
    await using api = await testApp([])
    const reply = await api.app.inject({ method: 'POST', url, headers, payload })
    expect(reply.statusCode).toBe(400)
    expect(reply.json().error.message).toBe(message)
  })
})

function failedOutcome(): JobOutcome {
  const { steps, createdAt } = viewOf()
  return {
    state: 'failed',
    finishedAt: createdAt,
    startedAt: null,
    percent: 3,
    stage: 'design',
    steps,
    failure: { code: 'nothing_readable', message: 'Nothing was understood.' },
    report: null,
  }
}

function cancelledOutcome(): JobOutcome {
  const { steps, createdAt } = viewOf()
  return { state: 'cancelled', finishedAt: createdAt, startedAt: null, percent: 3, stage: 'design', steps }
}
