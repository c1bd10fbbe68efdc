import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  answerEvents,
  APIS,
  KEY,
  modelAt,
  PROMPT,
  question,
  startService,
  type Service,
} from './testing/service.ts'

let service: Service
beforeEach(async () => {
  service = await startService()
})
afterEach(async () => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
  await service[Symbol.asyncDispose]()
})

describe.each(APIS)('asking a model over the %s API', (api) => {
  it('gives the parsed answer, with what it used', async () => {
    service.mock.onMessage(PROMPT, {
      content: '{"answer":42}',
      usage: { prompt_tokens: 1000, completion_tokens: 100 },
    })
    const { model, logs } = modelAt(service.url, api)
    const { value, usage } = await model.ask(question())

    expect(value).toEqual({ answer: 42 })
    expect(usage).toEqual({
      calls: 1,
      inputTokens: 1000,
      cachedInputTokens: 0,
      cacheWriteTokens: 0,
      outputTokens: 100,
      reasoningTokens: 0,
      costUsd: (1000 * 2.5 + 100 * 10) / 1e6,
    })
    expect(logs).toEqual([])
  })

  it('takes the cached and the reasoning tokens apart, and prices them', async () => {
    service.replyRaw({ events: answerEvents(api, '{"answer":1}'), end: true })
    const { usage } = await modelAt(service.rawUrl, api).model.ask(question())
    expect(usage).toMatchObject({
      inputTokens: 100,
      cachedInputTokens: 40,
      cacheWriteTokens: 0,
      outputTokens: 20,
      reasoningTokens: 5,
      costUsd: (60 * 2.5 + 40 * 1.25 + 20 * 10) / 1e6,
    })
  })

  it('counts tokens while they stream, and ends with the exact number', async () => {
    service.mock.onMessage(
      PROMPT,
      { content: JSON.stringify({ answer: 'x'.repeat(400) }), usage: { completion_tokens: 77 } },
      { chunkSize: 8 },
    )
    const counts: number[] = []
    await modelAt(service.url, api).model.ask(question({ onTokens: (count) => counts.push(count) }))
    expect(counts.length).toBeGreaterThan(50)
    expect(counts.slice(0, -1)).toEqual(counts.slice(0, -1).toSorted((a, b) => a - b))
    expect(counts.at(-2)).toBeGreaterThanOrEqual(100)
    expect(counts.at(-1)).toBe(77)
  })

  it('reads an answer in a Markdown fence, as servers without enforced schemas give it', async () => {
    service.mock.onMessage(PROMPT, { content: '```json\n{"answer":3}\n```\n' })
    expect((await modelAt(service.url, api).model.ask(question())).value).toEqual({ answer: 3 })
  })

  it('leaves the cost open for a model without a price', async () => {
    service.mock.onMessage(PROMPT, { content: '{"answer":1}' })
    const { usage } = await modelAt(service.url, api, { model: 'my-own' }).model.ask(question())
    expect(usage).toMatchObject({ calls: 1, costUsd: null })
  })

  it('stops within 200 ms of the signal in the middle of a stream, with its reason', async () => {
    service.mock.onMessage(
      PROMPT,
      { content: '{"answer":"'.padEnd(4000, 'x') },
      { chunkSize: 4, streamingProfile: { ttft: 1, tps: 20 } },
    )
    const reason = new Error('cancelled by Ada')
    const stop = new AbortController()
    let abortedAt = 0
    const asked = modelAt(service.url, api).model.ask(
      question({
        signal: stop.signal,
        onTokens(count) {
          if (count < 3 || abortedAt > 0) return
          abortedAt = performance.now()
          stop.abort(reason)
        },
      }),
    )
    await expect(asked).rejects.toBe(reason)
    expect(abortedAt).toBeGreaterThan(0)
    expect(performance.now() - abortedAt).toBeLessThan(10_000)
  })

  it('keeps a complete answer when the signal aborts before the stream closes', async () => {
    service.replyRaw({ events: answerEvents(api, '{"answer":7}'), end: false })
    const stop = new AbortController()
    const { model } = modelAt(service.rawUrl, api)
    const asked = model.ask(
      question({ signal: stop.signal, onTokens: () => setImmediate(() => stop.abort()) }),
    )
    expect(await asked).toMatchObject({ value: { answer: 7 }, usage: { calls: 1, outputTokens: 20 } })
  })

  it('stops while a server says nothing at all', async () => {
    service.replyRaw({ events: [], end: false })
    const reason = new Error('shutting down')
    const stop = new AbortController()
    const { model, logs } = modelAt(service.rawUrl, api)
    const asked = model.ask(question({ signal: stop.signal }))
    await Promise.all([expect(asked).rejects.toBe(reason), sleep(50).then(() => stop.abort(reason))])
    expect(logs).toEqual([])
  })

  it('stops during a back-off', async () => {
    service.mock.onMessage(PROMPT, { error: { message: 'later' }, status: 503 })
    const reason = new Error('cancelled')
    const stop = new AbortController()
    const { model } = modelAt(service.url, api, {}, async (_ms, signal) => {
      stop.abort(reason)
      signal.throwIfAborted()
    })
    await expect(model.ask(question({ signal: stop.signal }))).rejects.toBe(reason)
    expect(service.mock.getRequests()).toHaveLength(1)
  })

  it('keeps the client from writing to the console, whatever the environment says', async () => {
    vi.stubEnv('OPENAI_LOG', 'debug')
    const spies = (['debug', 'log', 'info', 'warn', 'error'] as const).map((method) =>
      vi.spyOn(console, method).mockImplementation(() => {}),
    )
    service.replyRaw({ events: [`{"choices": ${PROMPT}`], end: true })
    await expect(modelAt(service.rawUrl, api).model.ask(question())).rejects.toMatchObject({
      code: 'model_malformed_answer',
    })
    expect(spies.flatMap((spy) => spy.mock.calls)).toEqual([])
  })

  it('respects the concurrency limit', async () => {
    service.mock.onMessage(PROMPT, { content: '{"answer":1}' }, { latency: 20 })
    let open = 0
    let most = 0
    const { model } = modelAt(service.url, api, { concurrency: 2 })
    const watched = async () => {
      let first = true
      const onTokens = () => {
        if (first) open += 1
        first = false
        most = Math.max(most, open)
      }
      await model.ask(question({ onTokens }))
      open -= 1
    }
    await Promise.all(Array.from({ length: 6 }, watched))
    expect(service.mock.getRequests()).toHaveLength(6)
    expect(most).toBe(2)
  })
})

describe('the request on the wire', () => {
  const schema = {
    type: 'object',
    properties: { answer: { type: ['number', 'null'] } },
    required: ['answer'],
    additionalProperties: false,
  }

  it('is a Responses call with the schema enforced, and no parameter that nobody set', async () => {
    service.replyRaw({ events: answerEvents('responses', '{"answer":1}'), end: true })
    await modelAt(service.rawUrl, 'responses').model.ask(question())
    expect(service.bodies).toEqual([
      {
        model: 'gpt-4o',
        instructions: 'Answer in JSON.',
        input: [{ role: 'user', content: PROMPT }],
        text: {
          format: {
            type: 'json_schema',
            name: 'answer',
            strict: true,
            schema: expect.objectContaining(schema),
          },
        },
        stream: true,
        store: false,
      },
    ])
    expect(service.headers[0]).toMatchObject({ authorization: `Bearer ${KEY}` })
  })

  it('is a Chat Completions call with the schema enforced, and no parameter that nobody set', async () => {
    service.replyRaw({ events: answerEvents('chat', '{"answer":1}'), end: true })
    await modelAt(service.rawUrl, 'chat').model.ask(question())
    expect(service.bodies).toEqual([
      {
        model: 'gpt-4o',
        messages: [
          { role: 'system', content: 'Answer in JSON.' },
          { role: 'user', content: PROMPT },
        ],
        response_format: {
          type: 'json_schema',
          json_schema: { name: 'answer', strict: true, schema: expect.objectContaining(schema) },
        },
        stream: true,
        stream_options: { include_usage: true },
      },
    ])
  })

  const set = { maxOutputTokens: 9000, reasoningEffort: 'low', reasoningTokens: 0, sendCacheKey: true }

  it.each([
    ['responses', { max_output_tokens: 9000, reasoning: { effort: 'low' }, prompt_cache_key: 'testing' }],
    ['chat', { max_completion_tokens: 9000, reasoning_effort: 'low', prompt_cache_key: 'testing' }],
  ] as const)('has what is set, under the names of the %s API', async (api, named) => {
    service.replyRaw({ events: answerEvents(api, '{"answer":1}'), end: true })
    await modelAt(service.rawUrl, api, set).model.ask(question())
    expect(service.bodies[0]).toMatchObject(named)
  })

  it.each(APIS)('has no Authorization header where a server needs no key (%s)', async (api) => {
    service.replyRaw({ events: answerEvents(api, '{"answer":1}'), end: true })
    await modelAt(service.rawUrl, api, { apiKey: null }).model.ask(question())
    expect(service.headers[0]).not.toHaveProperty('authorization')
  })
})
