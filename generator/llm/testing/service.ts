import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { LLMock } from '@copilotkit/aimock'
import { z } from 'zod'
import { makeLog } from '#lib/log'
import { UNLIMITED_BUDGET, openAccount } from '../account.ts'
import { readModelConfig, type ModelConfig } from '../config.ts'
import { makeOpenAiModel } from '../openai.ts'
import type { Sleep } from '../retry.ts'
import type { StructuredCall, StructuredModel } from '../structured-model.ts'

export type Api = ModelConfig['api']
export const APIS: readonly Api[] = ['responses', 'chat']

export const KEY = 'sk-test-hunter2-0123456789'
export const PROMPT = 'marmalade-secret-prompt'

/** What a raw reply is: events for the stream, then an orderly end, or nothing more at all. */
export type RawReply = { readonly events: readonly (object | string)[]; readonly end: boolean }

export type Service = AsyncDisposable & {
  readonly mock: LLMock
  /** The base URL of the stand-in. */
  readonly url: string
  /** The base URL of a handler that keeps every body as it came, and says what the stand-in cannot. */
  readonly rawUrl: string
  readonly bodies: Record<string, unknown>[]
  readonly headers: IncomingMessage['headers'][]
  replyRaw(reply: RawReply): void
  /** What that handler lists as its models; at first one that nobody asks for. */
  listModels(models: readonly { id: string; shutdown_date?: string | null }[]): void
}

/** A stand-in for OpenAI on a free port; ends with the block that holds it. */
export async function startService(): Promise<Service> {
  const mock = new LLMock({ port: 0, strict: true, logLevel: 'silent' })
  const bodies: Record<string, unknown>[] = []
  const headers: IncomingMessage['headers'][] = []
  let reply: RawReply = { events: [], end: true }
  let models: readonly object[] = [{ id: 'another-model' }]
  mock.mount('/raw', {
    async handleRequest(req: IncomingMessage, res: ServerResponse) {
      if (req.method === 'GET') {
        res.writeHead(200, { 'content-type': 'application/json' })
        res.end(JSON.stringify({ object: 'list', data: models }))
        return true
      }
      bodies.push(JSON.parse(await text(req)))
      headers.push(req.headers)
      res.writeHead(200, { 'content-type': 'text/event-stream' })
      for (const event of reply.events) {
        const data = typeof event === 'string' ? event : JSON.stringify(event)
        res.write(`data: ${data}\n\n`)
      }
      if (reply.end) res.end()
      return true
    },
  })
  await mock.start()
  return {
    mock,
    url: `${mock.url}/v1`,
    rawUrl: `${mock.url}/raw/v1`,
    bodies,
    headers,
    replyRaw(next) {
      reply = next
    },
    listModels(next) {
      models = next
    },
    async [Symbol.asyncDispose]() {
      const stopped = mock.stop()
      // The stand-in would wait for every connection that the client keeps alive, which takes seconds.
      const instance = Reflect.get(mock, 'serverInstance') as { server: Server } | null
      instance?.server.closeAllConnections()
      await stopped
    },
  }
}

/** A model at that address, with waits that are only written down. */
export function modelAt(
  baseUrl: string,
  api: Api,
  overrides: Partial<ModelConfig> = {},
  pause?: Sleep,
): { model: StructuredModel; waits: number[]; logs: string[] } {
  const waits: number[] = []
  const logs: string[] = []
  const config = readModelConfig({ OPENAI_API_KEY: KEY, OPENAI_BASE_URL: baseUrl, OPENAI_API: api })
  const model = makeOpenAiModel({
    config: { ...config!, ...overrides },
    log: makeLog({ level: 'trace', destination: { write: (line) => void logs.push(line) } }),
    pause:
      pause ??
      (async (ms) => {
        waits.push(ms)
      }),
    random: () => 0.5,
  })
  return { model, waits, logs }
}

export function question(overrides: Partial<StructuredCall> = {}): StructuredCall {
  return {
    stage: 'design',
    instructions: 'Answer in JSON.',
    input: [{ role: 'user', text: PROMPT }],
    schema: z.strictObject({ answer: z.number().nullable() }),
    schemaName: 'answer',
    cacheKey: 'testing',
    maxAnswerTokens: 1000,
    account: openAccount({ budget: UNLIMITED_BUDGET, price: null }),
    signal: new AbortController().signal,
    ...overrides,
  }
}

/** The events of a complete answer, as either API sends them. */
export function answerEvents(
  api: Api,
  content: string,
  usage = { input: 100, cached: 40, output: 20, reasoning: 5 },
): (object | string)[] {
  if (api === 'chat') {
    return [
      { choices: [{ index: 0, delta: { role: 'assistant', content }, finish_reason: null }] },
      { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
      {
        choices: [],
        usage: {
          prompt_tokens: usage.input,
          completion_tokens: usage.output,
          total_tokens: usage.input + usage.output,
          prompt_tokens_details: { cached_tokens: usage.cached },
          completion_tokens_details: { reasoning_tokens: usage.reasoning },
        },
      },
      '[DONE]',
    ]
  }
  return [
    { type: 'response.created', response: { status: 'in_progress' } },
    { type: 'response.output_text.delta', delta: content },
    {
      type: 'response.completed',
      response: {
        status: 'completed',
        error: null,
        incomplete_details: null,
        usage: {
          input_tokens: usage.input,
          input_tokens_details: { cached_tokens: usage.cached },
          output_tokens: usage.output,
          output_tokens_details: { reasoning_tokens: usage.reasoning },
          total_tokens: usage.input + usage.output,
        },
      },
    },
  ]
}
