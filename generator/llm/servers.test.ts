import { describe, expect, it } from 'vitest'
import { openAccount } from './account.ts'
import type { ModelConfig } from './config.ts'
import { startModelServer, type Behaviour, type Body } from './testing/server.ts'
import { modelAt, PROMPT, question, type Api } from './testing/service.ts'

/** The real client against servers that understand less than OpenAI's, each as its makers document it. */

const GOOD = '{"answer":42}'
const has = (body: Body, name: string) => Object.hasOwn(body, name)
const formatOf = (body: Body) => (body['response_format'] as { type: string } | undefined)?.type
const invalid = (message: string, param?: string) => ({
  refuse: { error: { message, type: 'invalid_request_error', param: param ?? null, code: null } },
})
/** A model that was not shown the schema makes up its own shape. */
const guesses = (text: string) => (text.includes('JSON Schema') ? GOOD : '{"result":"forty-two"}')

type Case = {
  readonly server: string
  readonly api?: Api
  readonly settings?: Partial<ModelConfig>
  readonly behaviour: Behaviour
  /** How many requests the first call takes. */
  readonly requests: number
  /** What the last request must and must not have. */
  readonly sends?: object
  readonly leavesOut?: readonly string[]
}

const CASES: readonly Case[] = [
  {
    server: 'enforces schemas (OpenAI, vLLM, LM Studio, Ollama)',
    behaviour: (body) => (formatOf(body) === 'json_schema' ? GOOD : invalid('no format')),
    requests: 1,
    sends: { response_format: { type: 'json_schema', json_schema: { strict: true } } },
  },
  {
    server: 'has JSON mode only',
    behaviour: (body, text) =>
      formatOf(body) === 'json_schema'
        ? invalid("'response_format.type' of value 'json_schema' is not supported with this model.")
        : guesses(text),
    requests: 2,
    sends: { response_format: { type: 'json_object' } },
  },
  {
    server: 'knows no response_format',
    behaviour: (body, text) =>
      has(body, 'response_format')
        ? { status: 422, refuse: { detail: 'Extra inputs are not permitted: response_format' } }
        : guesses(text),
    requests: 3,
    leavesOut: ['response_format'],
  },
  {
    server: 'refuses JSON mode and takes schemas, with `json` set wrongly',
    settings: { structuredOutputs: 'words' },
    behaviour: (body, text) => (has(body, 'response_format') ? invalid('response_format') : guesses(text)),
    requests: 1,
    leavesOut: ['response_format'],
  },
  {
    server: 'is set to JSON mode',
    settings: { structuredOutputs: 'json' },
    behaviour: (body, text) =>
      formatOf(body) === 'json_object' ? guesses(text) : invalid('response_format'),
    requests: 1,
    sends: { response_format: { type: 'json_object' } },
  },
  {
    server: 'ignores response_format and answers in prose at first',
    behaviour: (_body, text) =>
      text.includes('JSON Schema') ? `Here it is:\n\n${GOOD}\n\nDoes that help?` : 'Forty-two, I think.',
    requests: 2,
  },
  {
    server: 'leaves the thinking of its model in the answer, and fences it',
    behaviour: () => `<think>{"maybe": 41}? No.</think>\n\`\`\`json\n${GOOD}\n\`\`\``,
    requests: 1,
  },
  {
    server: 'knows max_tokens only',
    settings: { maxOutputTokens: 900 },
    behaviour: (body) =>
      has(body, 'max_completion_tokens')
        ? invalid('Unrecognized request argument supplied: max_completion_tokens')
        : GOOD,
    requests: 2,
    sends: { max_tokens: 900 },
    leavesOut: ['max_completion_tokens'],
  },
  {
    server: 'has a model that does not reason (an effort is set)',
    settings: { reasoningEffort: 'low' },
    behaviour: (body) =>
      has(body, 'reasoning_effort')
        ? invalid(
            "Unsupported value: 'reasoning_effort' does not support 'low' with this model.",
            'reasoning_effort',
          )
        : GOOD,
    requests: 2,
    leavesOut: ['reasoning_effort'],
  },
  {
    server: 'has a model without that effort, over Responses',
    api: 'responses',
    settings: { stageEfforts: { design: 'none' } },
    behaviour: (body) =>
      has(body, 'reasoning')
        ? invalid(
            "Unsupported value: 'none' is not supported with the 'gpt-6.1-sol' model.",
            'reasoning.effort',
          )
        : GOOD,
    requests: 2,
    leavesOut: ['reasoning'],
  },
  {
    server: 'has JSON mode only, over Responses',
    api: 'responses',
    behaviour: (body, text) =>
      (body['text'] as { format: { type: string } }).format.type === 'json_schema'
        ? invalid("Invalid parameter: 'text.format' of type 'json_schema' is not supported.")
        : guesses(text),
    requests: 2,
    sends: { text: { format: { type: 'json_object' } } },
  },
  {
    server: 'refuses unknown fields one at a time, in a list of errors (Gemini)',
    settings: { sendCacheKey: true },
    behaviour: (body) => {
      const unknown = ['prompt_cache_key', 'stream_options'].find((name) => has(body, name))
      return unknown === undefined
        ? GOOD
        : {
            refuse: [
              { error: { code: 400, message: `Invalid JSON payload received. Unknown name "${unknown}"` } },
            ],
          }
    },
    requests: 3,
    leavesOut: ['prompt_cache_key', 'stream_options'],
  },
  {
    server: 'refuses without an error object (older vLLM)',
    settings: { sendCacheKey: true },
    behaviour: (body) =>
      has(body, 'prompt_cache_key')
        ? { refuse: { object: 'error', message: "extra_forbidden: ('body', 'prompt_cache_key')", code: 400 } }
        : GOOD,
    requests: 2,
    leavesOut: ['prompt_cache_key'],
  },
]

describe('a server that', () => {
  it.each(CASES)(
    '$server',
    async ({ api = 'chat', settings, behaviour, requests, sends, leavesOut = [] }) => {
      await using server = await startModelServer(api, behaviour)
      const { model } = modelAt(server.url, api, settings)
      const { value, usage } = await model.ask(question())
      expect(value).toEqual({ answer: 42 })
      expect(server.bodies).toHaveLength(requests)
      expect(usage.calls).toBe(requests)
      const last = server.bodies.at(-1)!
      expect(last).toMatchObject(sends ?? {})
      for (const name of leavesOut) expect(last).not.toHaveProperty(name)
      // What was learned holds for the next call.
      expect((await model.ask(question())).value).toEqual({ answer: 42 })
      expect(server.bodies).toHaveLength(requests + 1)
    },
  )

  it('ignores response_format gets the schema in words from the second question on, and a correction works', async () => {
    await using server = await startModelServer('chat', (_body, text) => guesses(text))
    const { model, logs } = modelAt(server.url, 'chat')
    expect((await model.ask(question())).value).toEqual({ result: 'forty-two' })
    expect((await model.ask(question())).value).toEqual({ answer: 42 })
    expect(logs.join()).toContain('does not enforce the schema')
  })

  it('rejects a required parameter is not retried', async () => {
    await using server = await startModelServer('chat', () => invalid('messages: unsupported content'))
    const { model } = modelAt(server.url, 'chat')
    await expect(model.ask(question())).rejects.toMatchObject({
      code: 'model_bad_request',
      usage: { calls: 1 },
    })
    expect(server.bodies).toHaveLength(1)
  })

  it('says that a limit is too large is not taken for one that does not know it', async () => {
    await using server = await startModelServer('chat', () =>
      invalid('max_completion_tokens is too large: 999999. This model supports at most 16384.'),
    )
    const { model } = modelAt(server.url, 'chat', { maxOutputTokens: 999_999 })
    await expect(model.ask(question())).rejects.toMatchObject({ code: 'model_bad_request' })
    expect(server.bodies).toHaveLength(1)
  })

  it('takes no limit at all is not asked beyond a budget', async () => {
    await using server = await startModelServer('chat', (body) =>
      has(body, 'max_completion_tokens') || has(body, 'max_tokens')
        ? invalid('Unknown parameter: max_completion_tokens, max_tokens')
        : GOOD,
    )
    const budget = { tokens: 50_000, costUsd: null }
    const account = openAccount({ budget, price: null })
    const { model } = modelAt(server.url, 'chat', { budget })
    await expect(model.ask(question({ account }))).rejects.toMatchObject({ code: 'model_bad_request' })
    expect(server.bodies).toHaveLength(2)
  })

  it('never has the prompt in a log while it refuses', async () => {
    await using server = await startModelServer('chat', (body, text) =>
      has(body, 'response_format') ? invalid(`response_format is not supported: ${text}`) : guesses(text),
    )
    const { model, logs } = modelAt(server.url, 'chat')
    await model.ask(question())
    expect(logs).not.toEqual([])
    expect(logs.join()).not.toContain(PROMPT)
  })
})

describe('a reasoning model', () => {
  const REFUSED = ['temperature', 'top_p', 'presence_penalty', 'frequency_penalty', 'max_tokens', 'stop', 'n']

  it.each(['responses', 'chat'] as const)('gets no parameter that it refuses (%s)', async (api) => {
    await using server = await startModelServer(api, (body) => {
      const refused = REFUSED.find((name) => has(body, name))
      return refused === undefined ? GOOD : invalid(`Unsupported parameter: '${refused}'`, refused)
    })
    const { model } = modelAt(server.url, api, { model: 'gpt-6-luna', maxOutputTokens: 4_000 })
    expect((await model.ask(question())).value).toEqual({ answer: 42 })
    expect(server.bodies).toHaveLength(1)
  })

  it.each([
    ['gpt-6-luna', null, 29_000],
    ['openai/gpt-6.1-sol', null, 29_000],
    ['gpt-5-mini', 'low', 29_000],
    ['gpt-6-luna', 'none', 4_000],
    ['gpt-4o', null, 4_000],
    ['qwen3', 'high', 29_000],
  ])(
    'has room for its thinking beside the answer: %s with effort %s gets %d',
    async (name, effort, limit) => {
      await using server = await startModelServer('chat', () => GOOD)
      const settings = { model: name, reasoningEffort: effort, maxOutputTokens: 4_000 }
      await modelAt(server.url, 'chat', settings).model.ask(question())
      expect(server.bodies[0]).toMatchObject({ max_completion_tokens: limit })
    },
  )

  it('thinks as hard as its stage is set to', async () => {
    await using server = await startModelServer('responses', () => GOOD)
    const settings = { reasoningEffort: 'medium', stageEfforts: { design: 'high', repair: 'low' } }
    const { model } = modelAt(server.url, 'responses', settings)
    for (const stage of ['design', 'write', 'repair'] as const) await model.ask(question({ stage }))
    expect(server.bodies.map(({ reasoning }) => reasoning)).toEqual([
      { effort: 'high' },
      { effort: 'medium' },
      { effort: 'low' },
    ])
  })
})
