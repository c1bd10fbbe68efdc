import { GenerateResponse, Problem, type JobRecord } from '#contract'
import { IdempotencyConflictError } from '#queue/producer/errors'
import { describe, expect, it } from 'vitest'
import { testApp } from '../testing/app.ts'
import { jobId } from '../testing/jobs.ts'
import type { ScriptStep } from '../testing/scripted.ts'

type Submit = NonNullable<ScriptStep['jobs.submit']>
type Idempotency = Parameters<Submit>[1]

/** The API with a queue that takes `calls` jobs and remembers them. */
async function accepting(calls: number, submit?: Submit) {
  const seen: { record: JobRecord; idempotency: Idempotency }[] = []
  const step: ScriptStep = {
    'jobs.submit': async (record, idempotency) => {
      seen.push({ record, idempotency })
      return submit ? submit(record, idempotency) : { jobId: record.jobId, created: true }
    },
  }
  const test = await testApp(Array.from({ length: calls }, () => step))
  const post = (payload: unknown, headers: Record<string, string> = {}) =>
    test.app.inject({
      method: 'POST',
      url: '/generate-backend',
      headers: { 'content-type': 'application/json', ...headers },
      payload:
        typeof payload === 'string' || payload instanceof Uint8Array ? payload : JSON.stringify(payload),
    })
  return { seen, post, [Symbol.asyncDispose]: () => test[Symbol.asyncDispose]() }
}

describe('POST /generate-backend', () => {
  it('accepts a prompt and returns exactly three fields', async () => {
    await using api = await accepting(1)
    const before = Date.now()
    const reply = await api.post({ prompt: '  A to-do API\n' })

    const { record, idempotency } = api.seen[0]!
    expect(reply.statusCode).toBe(202)
    expect(reply.json()).toEqual({
      message: 'Job queued',
      jobId: record.jobId,
      statusUrl: `/jobs/${record.jobId}`,
    })
    expect(GenerateResponse.safeParse(reply.json()).success).toBe(true)
    expect(reply.headers.location).toBe(`/jobs/${record.jobId}`)
    expect(record).toMatchObject({ prompt: 'A to-do API', options: {}, spec: null, origin: { kind: 'rest' } })
    expect(Date.parse(record.createdAt)).toBeGreaterThanOrEqual(before)
    expect(idempotency).toBeUndefined()
  })

  it('passes on options, spec and origin', async () => {
    await using api = await accepting(1)
    const options = { name: 'My shop', auth: 'jwt', designer: 'offline' } as const
    const spec = 'CREATE TABLE products (id int);'
    expect((await api.post({ prompt: 'x', options, spec, origin: { kind: 'cli' } })).statusCode).toBe(202)
    expect(api.seen[0]?.record).toMatchObject({ prompt: 'x', options, spec, origin: { kind: 'cli' } })
  })

  it('gives every job a unique id', async () => {
    await using api = await accepting(20)
    for (let i = 0; i < 20; i++) await api.post({ prompt: 'x' })
    expect(new Set(api.seen.map(({ record }) => record.jobId)).size).toBe(20)
  })

  it('takes the longest prompt with the longest spec, in characters of four bytes', async () => {
    await using api = await accepting(1)
    const prompt = '🦀'.repeat(20_000)
    const reply = await api.post({ prompt, spec: '书'.repeat(1_000_000) })
    expect(reply.statusCode).toBe(202)
    expect(api.seen[0]?.record.prompt).toBe(prompt)
  })
})

describe('an idempotency key', () => {
  it('goes to the queue with a hash that does not depend on how the body is written', async () => {
    await using api = await accepting(4)
    const headers = { 'idempotency-key': 'order-4711' }
    await api.post('{"prompt": "x", "options": {"name": "a", "auth": "jwt"}}', headers)
    await api.post('{"options":{"auth":"jwt","name":"a"},"origin":{"kind":"rest"},"prompt":" x "}', headers)
    await api.post({ prompt: 'x' }, headers)
    await api.post({ prompt: 'y' }, headers)

    const [first, same, ...others] = api.seen.map(({ idempotency }) => idempotency)
    expect(first).toMatchObject({ key: 'order-4711', caller: 'anyone' })
    expect(same).toEqual(first)
    expect(new Set([first, ...others].map((each) => each?.bodyHash)).size).toBe(3)
  })

  it('answers a repeated request with the first job, and says so', async () => {
    await using api = await accepting(1, async () => ({ jobId, created: false }))
    const reply = await api.post({ prompt: 'x' }, { 'idempotency-key': 'k' })
    expect(reply.statusCode).toBe(202)
    expect(reply.json()).toEqual({ message: 'Job queued', jobId, statusUrl: `/jobs/${jobId}` })
    expect(reply.headers['idempotency-replayed']).toBe('true')
  })

  it('is refused with another body', async () => {
    await using api = await accepting(1, async () => {
      throw new IdempotencyConflictError()
    })
    const reply = await api.post({ prompt: 'x' }, { 'idempotency-key': 'k' })
    expect(reply.statusCode).toBe(409)
    expect(reply.json().error).toMatchObject({
      code: 'idempotency_conflict',
      message: 'This idempotency key was used for a different request. Use a new key for a new request.',
    })
  })

  it.each(['', 'a b', 'ä', 'x'.repeat(201)])('must be visible ASCII: %j', async (key) => {
    await using api = await accepting(0)
    const reply = await api.post({ prompt: 'x' }, { 'idempotency-key': key })
    expect(reply.statusCode).toBe(400)
    expect(reply.json().error.details).toEqual([
      {
        path: 'idempotency-key',
        message: 'Idempotency-Key must be 1 to 200 visible ASCII characters, without spaces.',
      },
    ])
  })
})

describe('a request that is refused', () => {
  const EMPTY =
    'prompt is empty: say what to build, for example "A REST API for a library with books, authors and loans".'

  it.each<[what: string, body: unknown, message: string, paths: string[]]>([
    ['an empty prompt', { prompt: '' }, EMPTY, ['prompt']],
    ['a blank prompt', { prompt: ' \n\t\u00a0\u200b\u2060\ufeff\u0000 ' }, EMPTY, ['prompt']],
    [
      'no prompt',
      {},
      'prompt is missing: say what to build, for example {"prompt": "A REST API for a library with books, authors and loans"}',
      ['prompt'],
    ],
    ['a prompt that is a number', { prompt: 42 }, 'prompt must be text.', ['prompt']],
    ['a prompt that is null', { prompt: null }, 'prompt must be text.', ['prompt']],
    [
      'a long prompt',
      { prompt: 'x'.repeat(20_431) },
      'prompt has 20,431 characters, but the limit is 20,000: shorten it, or attach the details as spec.',
      ['prompt'],
    ],
    [
      'half a character',
      '{"prompt": "a \\ud800"}',
      'prompt contains an unpaired surrogate: send valid Unicode.',
      ['prompt'],
    ],
    [
      'a misspelt field',
      { prompt: 'x', promt: 'y' },
      'Unknown field promt; expected prompt, options, defaults, spec, origin and callbackUrl.',
      ['promt'],
    ],
    [
      'a field of an option that does not exist',
      { prompt: 'x', options: { colour: 'red' } },
      'Unknown field colour; expected name, auth, designer, plan and model.',
      ['options.colour'],
    ],
    [
      'a wrong word',
      { prompt: 'x', options: { auth: 'basic' } },
      'options.auth must be "none" or "jwt" or "apiKey".',
      ['options.auth'],
    ],
    [
      'options that are text',
      { prompt: 'x', options: 'jwt' },
      'options must be a JSON object, not text.',
      ['options'],
    ],
    [
      'options that are a list',
      { prompt: 'x', options: [] },
      'options must be a JSON object, not a list.',
      ['options'],
    ],
    ['an empty spec', { prompt: 'x', spec: ' ' }, 'spec is empty.', ['spec']],
    [
      'a long spec',
      { prompt: 'x', spec: 'y'.repeat(1_000_001) },
      'spec has 1,000,001 characters, but the limit is 1,000,000.',
      ['spec'],
    ],
    [
      'an origin without a kind',
      { prompt: 'x', origin: {} },
      expect.stringContaining('origin'),
      ['origin.kind'],
    ],
    [
      'two things at once',
      { prompt: '', options: { name: 7 } },
      `${EMPTY} options.name must be text, not a number.`,
      ['prompt', 'options.name'],
    ],
    [
      'a list',
      [],
      'Send a JSON object such as {"prompt": "A REST API for a library with books, authors and loans"}.',
      [''],
    ],
    [
      'null',
      'null',
      'Send a JSON object such as {"prompt": "A REST API for a library with books, authors and loans"}.',
      [''],
    ],
    [
      'nothing',
      '',
      'Send a JSON object such as {"prompt": "A REST API for a library with books, authors and loans"}.',
      [''],
    ],
    ['a key twice', '{"prompt": "x", "prompt": "y"}', 'Duplicate key "prompt".', ['prompt']],
    [
      'a poisoned key',
      '{"prompt": "x", "__proto__": {"options": {}}}',
      'The key "__proto__" is not allowed.',
      ['__proto__'],
    ],
    [
      'malformed JSON',
      '{"prompt": "x"',
      expect.stringMatching(/^The body is not valid JSON: .* Example: \{"prompt"/),
      [],
    ],
  ])('%s', async (_what, body, message, paths) => {
    await using api = await accepting(0)
    const reply = await api.post(body)
    expect(reply.statusCode).toBe(400)
    const problem = Problem.parse(reply.json())
    expect(problem.error.message).toEqual(message)
    expect(problem.error.details.map(({ path }) => path)).toEqual(paths)
    expect(problem.error.requestId).toBe(reply.headers['x-request-id'])
  })

  it('truncates long names, and reports at most ten errors', async () => {
    await using api = await accepting(0)
    const body: Record<string, unknown> = { prompt: 'x' }
    for (let i = 0; i < 500; i++) body[`${i}-${'k'.repeat(1_000)}`] = i
    const reply = await api.post(body)
    expect(reply.statusCode).toBe(400)
    expect(reply.json().error.details).toHaveLength(10)
    expect(reply.json().error.message).toMatch(/\(And 7 more: see details\.\)$/)
    expect(reply.body.length).toBeLessThan(4_000)
  })

  it.each([
    ['a form', 'application/x-www-form-urlencoded'],
    ['plain text', 'text/plain'],
    ['no media type', 'json'],
  ])('%s', async (_what, type) => {
    await using api = await accepting(0)
    const reply = await api.post('{"prompt": "x"}', { 'content-type': type })
    expect(reply.statusCode).toBe(415)
    expect(reply.json().error).toMatchObject({
      code: 'unsupported_media_type',
      message: 'The body must be JSON: send it with the header Content-Type: application/json.',
    })
  })

  it('a compressed body', async () => {
    await using api = await accepting(0)
    const reply = await api.post('{"prompt": "x"}', { 'content-encoding': 'gzip' })
    expect(reply.statusCode).toBe(415)
    expect(reply.json().error.code).toBe('unsupported_encoding')
  })

  it('a body that is far too large', async () => {
    await using api = await accepting(0)
    const reply = await api.post(Buffer.alloc(5_000_000, ' '))
    expect(reply.statusCode).toBe(413)
    expect(Problem.parse(reply.json()).error.code).toBe('body_too_large')
  })
})
