import { inspect } from 'node:util'
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { retryAfterMs } from './service-errors.ts'
import { ModelError, type ModelErrorCode } from './model-error.ts'
import {
  answerEvents,
  APIS,
  KEY,
  modelAt,
  PROMPT,
  question,
  startService,
  type Api,
  type RawReply,
  type Service,
} from './testing/service.ts'
import { runs } from '../../test/support/random.ts'
import { CLOSED_PORT } from '../../test/support/ports.ts'

let service: Service
beforeEach(async () => {
  service = await startService()
})
afterEach(() => service[Symbol.asyncDispose]())

/** What services really do: repeat the key or the prompt in their own error texts. */
const leaky = `Incorrect API key provided: ${KEY}. The prompt was: ${PROMPT}`
const good = { content: '{"answer":1}', usage: { prompt_tokens: 10, completion_tokens: 5 } }

type Case = {
  readonly fault: string
  readonly status: number
  readonly error?: { readonly code?: string; readonly type?: string; readonly param?: string }
  readonly retryAfter?: number
  readonly code: ModelErrorCode
  readonly sentence: RegExp
  readonly hint: RegExp
  readonly waits: readonly number[]
}

const BACK_OFF = [750, 1500, 3000]

const cases: readonly Case[] = [
  {
    fault: 'a wrong key',
    status: 401,
    error: { code: 'invalid_api_key', type: 'invalid_request_error' },
    code: 'model_unauthorized',
    sentence: /did not accept the API key/,
    hint: /OPENAI_API_KEY/,
    waits: [],
  },
  {
    fault: 'a key without the right',
    status: 403,
    code: 'model_forbidden',
    sentence: /not allowed to use this model/,
    hint: /OPENAI_MODEL/,
    waits: [],
  },
  {
    fault: 'a model that does not exist',
    status: 404,
    error: { code: 'model_not_found' },
    code: 'model_not_found',
    sentence: /does not recognize the configured model/,
    hint: /OPENAI_MODEL/,
    waits: [],
  },
  {
    fault: 'a rate limit that does not end',
    status: 429,
    error: { code: 'rate_limit_exceeded', type: 'requests' },
    retryAfter: 7,
    code: 'model_rate_limited',
    sentence: /rate limiting this account/,
    hint: /in 7 seconds/,
    waits: [7250, 7500, 8000],
  },
  {
    fault: 'a rate limit of an hour',
    status: 429,
    error: { code: 'rate_limit_exceeded' },
    retryAfter: 3600,
    code: 'model_rate_limited',
    sentence: /rate limiting/,
    hint: /in 60 minutes/,
    waits: [],
  },
  {
    fault: 'an exhausted quota',
    status: 429,
    error: { code: 'insufficient_quota', type: 'insufficient_quota' },
    code: 'model_quota_exhausted',
    sentence: /no credit left, or reached its spending limit/,
    hint: /must add credit/,
    waits: [],
  },
  {
    fault: 'an exhausted credit',
    status: 429,
    error: { code: 'credit_balance_exhausted' },
    code: 'model_quota_exhausted',
    sentence: /no credit left/,
    hint: /must add credit/,
    waits: [],
  },
  {
    fault: 'a spending limit',
    status: 429,
    error: { code: 'organization_spend_limit_reached' },
    code: 'model_quota_exhausted',
    sentence: /spending limit/,
    hint: /raise the limit/,
    waits: [],
  },
  {
    fault: 'a fault of the service',
    status: 500,
    error: { type: 'server_error' },
    code: 'model_unavailable',
    sentence: /had an internal error/,
    hint: /in a few minutes/,
    waits: BACK_OFF,
  },
  {
    fault: 'an overloaded service',
    status: 503,
    code: 'model_unavailable',
    sentence: /had an internal error/,
    hint: /in a few minutes/,
    waits: BACK_OFF,
  },
  {
    fault: 'an input that is too long',
    status: 400,
    error: { code: 'context_length_exceeded' },
    code: 'model_input_too_long',
    sentence: /context window of the model/,
    hint: /Shorten the request/,
    waits: [],
  },
  {
    fault: 'a parameter that the model does not know',
    status: 400,
    error: { code: 'unsupported_parameter', param: 'reasoning_effort' },
    code: 'model_bad_request',
    sentence: /rejected the request parameters/,
    hint: /The service reported: unsupported_parameter/,
    waits: [],
  },
  {
    fault: 'a request that the content filter refuses',
    status: 400,
    error: { code: 'content_policy_violation' },
    code: 'model_filtered',
    sentence: /content filter refused the request/,
    hint: /Rephrase/,
    waits: [],
  },
]

describe.each(APIS)('over the %s API', (api) => {
  it.each(cases)('$fault is $code', async ({ status, error, retryAfter, code, sentence, hint, waits }) => {
    service.mock.onMessage(PROMPT, {
      error: { message: leaky, ...error },
      status,
      ...(retryAfter !== undefined && { retryAfter }),
    })
    const outcome = await faultOf(api, service.url)
    expect(outcome).toMatchObject({ code, waits })
    expect(outcome.fault.message).toMatch(sentence)
    expect(outcome.fault.hint).toMatch(hint)
    expect(outcome.fault.status).toBe(status)
    expect(outcome.fault.usage.calls).toBe(waits.length + 1)
    expect(service.mock.getRequests()).toHaveLength(waits.length + 1)
  })

  it('a transient error is retried, and every attempt counts in the usage', async () => {
    const { model, waits, logs } = modelAt(service.url, api)
    service.mock.onMessage(PROMPT, good)
    service.mock.nextRequestError(500, { message: leaky })
    const { value, usage } = await model.ask(question())
    expect(value).toEqual({ answer: 1 })
    expect(waits).toEqual([750])
    expect(usage).toMatchObject({ calls: 2, inputTokens: 10, outputTokens: 5 })
    expect(logs).toHaveLength(1)
    expect(JSON.parse(logs[0]!)).toMatchObject({
      code: 'model_unavailable',
      status: 500,
      attempt: 1,
      waitMs: 750,
    })
    expectNoSecrets(logs.join('\n'))
  })

  it('a truncated answer is final, and its cost is known', async () => {
    service.mock.onMessage(PROMPT, {
      content: '{"answer":',
      finishReason: 'length',
      usage: { prompt_tokens: 10, completion_tokens: 50 },
    })
    const { code, waits, fault } = await faultOf(api, service.url)
    expect({ code, waits }).toEqual({ code: 'model_truncated', waits: [] })
    expect(fault.message).toMatch(/output limit of the model/)
    expect(fault.hint).toMatch(/OPENAI_MAX_OUTPUT_TOKENS/)
    expect(fault.usage).toMatchObject({ calls: 1, inputTokens: 10, outputTokens: 50 })
  })

  it('a filtered answer is final', async () => {
    service.mock.onMessage(PROMPT, { content: '{', finishReason: 'content_filter' })
    const { code, waits, fault } = await faultOf(api, service.url)
    expect({ code, waits }).toEqual({ code: 'model_filtered', waits: [] })
    expect(fault.message).toMatch(/stopped the answer/)
  })

  it('an interrupted stream is retried once, because it may have been charged', async () => {
    service.mock.onMessage(
      PROMPT,
      { content: '{"answer":'.padEnd(500, '1') },
      { chunkSize: 5, truncateAfterChunks: 6, latency: 2 },
    )
    const { code, waits, fault } = await faultOf(api, service.url)
    expect({ code, waits }).toEqual({ code: 'model_stream_cut', waits: [750] })
    expect(fault.message).toMatch(/was lost in the middle/)
    expect(fault).toMatchObject({ retryable: false, usage: { calls: 2 } })
  })

  it.each<[string, ModelErrorCode, RegExp, string]>([
    ['half a JSON', 'model_malformed_answer', /not valid JSON/, '{"answer": [1,'],
    ['prose', 'model_malformed_answer', /not valid JSON/, `Sure! About ${PROMPT}:`],
    ['blanks', 'model_empty_answer', /returned an empty answer/, ' \n '],
  ])('an answer of %s is repeated once', async (_what, code, sentence, content) => {
    service.mock.onMessage(PROMPT, { content, usage: { prompt_tokens: 10, completion_tokens: 3 } })
    const outcome = await faultOf(api, service.url)
    expect(outcome).toMatchObject({ code, waits: [750] })
    expect(outcome.fault.message).toMatch(sentence)
    expect(outcome.fault.usage).toMatchObject({ calls: 2, inputTokens: 20, outputTokens: 6 })
  })

  it('a timeout is retried once', async () => {
    service.replyRaw({ events: [], end: false })
    const { code, waits, fault } = await faultOf(api, service.rawUrl, { timeoutMs: 80 })
    expect({ code, waits }).toEqual({ code: 'model_timeout', waits: [750] })
    expect(fault.message).toMatch(/did not answer in time/)
    expect(fault.hint).toMatch(/OPENAI_TIMEOUT_SECONDS/)
  })

  it('a stream that is too slow as a whole is a timeout as well', async () => {
    service.mock.onMessage(
      PROMPT,
      { content: '{"answer":'.padEnd(2000, '1') },
      { chunkSize: 4, streamingProfile: { ttft: 1, tps: 50 } },
    )
    const { code, waits } = await faultOf(api, service.url, { timeoutMs: 150 })
    expect({ code, waits }).toEqual({ code: 'model_timeout', waits: [750] })
  })

  it('a refused connection is retried like any error that is free of charge', async () => {
    const { code, waits, fault } = await faultOf(api, `http://127.0.0.1:${CLOSED_PORT}/v1`)
    expect({ code, waits }).toEqual({ code: 'model_unreachable', waits: BACK_OFF })
    expect(fault.message).toMatch(/could not be reached/)
    expect(fault).toMatchObject({ retryable: true, billable: false })
  })

  it.each<[string, ModelErrorCode, readonly number[], RegExp, Record<Api, RawReply['events']>]>([
    [
      'a refusal',
      'model_refused',
      [],
      /declined to answer/,
      {
        chat: [
          { choices: [{ index: 0, delta: { refusal: `I cannot: ${PROMPT}` }, finish_reason: null }] },
          { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
          '[DONE]',
        ],
        responses: [
          { type: 'response.refusal.delta', delta: `I cannot: ${PROMPT}` },
          { type: 'response.refusal.done', refusal: `I cannot: ${PROMPT}` },
          { type: 'response.completed', response: { status: 'completed', error: null } },
        ],
      },
    ],
    [
      'an error in the middle of a stream',
      'model_unavailable',
      BACK_OFF,
      /internal error/,
      {
        chat: [{ choices: [] }, { error: { message: leaky, type: 'server_error' } }],
        responses: [{ type: 'error', code: 'server_error', message: leaky, param: null }],
      },
    ],
    [
      'a quota that ends in the middle of a stream',
      'model_quota_exhausted',
      [],
      /no credit left/,
      {
        chat: [{ choices: [] }, { error: { message: leaky, code: 'insufficient_quota' } }],
        responses: [
          {
            type: 'response.failed',
            response: { status: 'failed', error: { code: 'insufficient_quota', message: leaky } },
          },
        ],
      },
    ],
    [
      'an event that is not JSON',
      'model_malformed_answer',
      [750],
      /not valid JSON/,
      { chat: [`{"choices": ${PROMPT}`], responses: [`{"type": ${PROMPT}`] },
    ],
    [
      'a stream that ends without an end',
      'model_stream_cut',
      [750],
      /was lost/,
      {
        chat: [{ choices: [{ index: 0, delta: { content: '{"answer":1}' }, finish_reason: null }] }],
        responses: [{ type: 'response.output_text.delta', delta: '{"answer":1}' }],
      },
    ],
  ])('%s is %s', async (_what, code, waits, sentence, events) => {
    service.replyRaw({ events: events[api], end: true })
    const outcome = await faultOf(api, service.rawUrl)
    expect(outcome).toMatchObject({ code, waits })
    expect(outcome.fault.message).toMatch(sentence)
    expect(service.bodies).toHaveLength(waits.length + 1)
  })
})

it.each(APIS)('whatever a stream holds, it ends in an answer or in a fault with a code (%s)', async (api) => {
  const known = [...answerEvents('chat', '{}'), ...answerEvents('responses', '{}')].filter(
    (event) => typeof event === 'object',
  )
  const types = known.flatMap((event) => ('type' in event ? [event.type] : []))
  const odd = fc.oneof(
    fc.constantFrom(...known),
    fc.object({ maxDepth: 2 }),
    fc.json(),
    fc.record({ type: fc.constantFrom(...types), response: fc.jsonValue(), delta: fc.jsonValue() }),
    fc.record({ choices: fc.jsonValue(), usage: fc.jsonValue() }),
    fc.record({ choices: fc.array(fc.record({ delta: fc.jsonValue(), finish_reason: fc.jsonValue() })) }),
    fc.string().map((text) => text.replace(/[\r\n]/g, ' ')),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(odd, { maxLength: 6 }), async (events) => {
      service.replyRaw({ events, end: true })
      const outcome = await modelAt(service.rawUrl, api)
        .model.ask(question())
        .catch((error: unknown) => error)
      expect(outcome).toSatisfy((it) => it instanceof ModelError || Object.hasOwn(it as object, 'value'))
    }),
    { numRuns: runs(25) },
  )
})

describe('how long a service asks to wait', () => {
  const now = Date.parse('2030-01-01T00:00:00Z')
  it.each([
    [{ 'retry-after': '2' }, 2000],
    [{ 'retry-after': '0.5' }, 500],
    [{ 'retry-after': 'Tue, 01 Jan 2030 00:00:30 GMT' }, 30_000],
    [{ 'retry-after': 'Mon, 31 Dec 2029 23:00:00 GMT' }, 0],
    [{ 'retry-after-ms': '120', 'retry-after': '9' }, 120],
    [{ 'retry-after': 'soon' }, null],
    [{}, null],
  ])('%j is %s ms', (headers, ms) => {
    expect(retryAfterMs(new Headers(headers as Record<string, string>), now)).toBe(ms)
  })
})

async function faultOf(api: Api, url: string, overrides: Parameters<typeof modelAt>[2] = {}) {
  const { model, waits, logs } = modelAt(url, api, overrides)
  const fault = await model.ask(question()).then(
    ({ value }) => {
      throw new Error(`expected a fault, got ${JSON.stringify(value)}`)
    },
    (error: unknown) => error,
  )
  if (!(fault instanceof ModelError)) throw fault
  expect(logs.filter((line) => line.includes('retrying'))).toHaveLength(waits.length)
  expectNoSecrets(`${inspect(fault, { depth: 9, showHidden: true })} ${fault.hint} ${logs.join('\n')}`)
  return { fault, code: fault.code, waits }
}

function expectNoSecrets(text: string): void {
  expect(text).not.toContain(KEY)
  expect(text).not.toContain('hunter2')
  expect(text).not.toContain(PROMPT)
}
