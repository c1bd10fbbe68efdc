import type { ModelUsage } from '#contract'
import { z } from 'zod'
import { ModelError } from './model-error.ts'
import type { TokenCounts } from './usage.ts'

/** A count that a service reports. What is no count is taken as unknown, and so as nothing. */
export const tokens = z.int().nonnegative().catch(0)

/** What either API has to say once its stream has ended by itself. */
export type StreamedAnswer = {
  readonly text: string
  readonly refused: boolean
  /** `unfinished` when the stream ended without saying why. */
  readonly stop: 'done' | 'length' | 'filtered' | 'unfinished'
  /** Null where the service does not report it. */
  readonly usage: TokenCounts | null
}

/** The JSON in an answer. Throws a `ModelError` that carries `usage` when there is none. */
export function parseAnswer(answer: StreamedAnswer, usage: ModelUsage): unknown {
  if (answer.refused) {
    throw new ModelError({
      code: 'model_refused',
      message: 'The model declined to answer this request.',
      hint: 'Say in other words what the backend is for; leave out what the model may take for harmful.',
      billable: true,
      usage,
    })
  }
  switch (answer.stop) {
    case 'filtered':
      throw new ModelError({
        code: 'model_filtered',
        message: "The model service's content filter stopped the answer.",
        hint: 'Say in other words what the backend is for.',
        billable: true,
        usage,
      })
    case 'length':
      throw new ModelError({
        code: 'model_truncated',
        message: 'The answer was longer than the model may write, so its end is missing.',
        hint: 'Ask for fewer entities at once, or have OPENAI_MAX_OUTPUT_TOKENS raised.',
        billable: true,
        usage,
      })
    case 'unfinished':
      throw streamInterrupted(usage)
    case 'done':
      break
  }
  const json = stripFence(stripThinking(answer.text))
  if (json === '') {
    throw new ModelError({
      code: 'model_empty_answer',
      message: 'The model answered with nothing.',
      hint: 'Try again; if it happens again, have another OPENAI_MODEL set.',
      retryable: true,
      billable: true,
      usage,
    })
  }
  for (const text of [json, extractObject(json)]) {
    try {
      return parseNestedJson(JSON.parse(text))
    } catch {
      // The parser's own message quotes the answer, and so perhaps the prompt.
    }
  }
  throw malformed(usage)
}

/** Some models answer with their JSON as text within JSON. */
function parseNestedJson(value: unknown): unknown {
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}

/** In UTF-16 code units; ten times the longest design. A service that sends more is not listened to. */
export const MAX_ANSWER_LENGTH = 1_000_000

export function answerTooLong(): ModelError {
  return new ModelError({
    code: 'model_truncated',
    message: 'The answer of the model was longer than any answer needs to be, so it was not read to its end.',
    hint: 'Ask for fewer things at once, or have another OPENAI_MODEL set.',
    billable: true,
  })
}

/** One event of a stream, or the fault of a service that speaks otherwise. */
export function readEvent<T>(schema: z.ZodType<T>, event: unknown): T {
  const read = schema.safeParse(event)
  if (!read.success) throw malformed()
  return read.data
}

export function streamInterrupted(usage?: ModelUsage): ModelError {
  return new ModelError({
    code: 'model_stream_cut',
    message: 'The connection to the model service broke off in the middle of the answer.',
    hint: 'Try again in a minute.',
    retryable: true,
    billable: true,
    ...(usage && { usage }),
  })
}

export function malformed(usage?: ModelUsage): ModelError {
  return new ModelError({
    code: 'model_malformed_answer',
    message: 'The answer of the model was not valid JSON.',
    hint: 'Try again; if it happens again, have an OPENAI_MODEL set that supports structured outputs.',
    retryable: true,
    billable: true,
    ...(usage && { usage }),
  })
}

/** Some servers leave the thinking of a model in its answer. */
const stripThinking = (text: string): string => text.replace(/^\s*<think>[\s\S]*?<\/think>/, '')

/** The object within words around it, from its first brace to the last. */
function extractObject(text: string): string {
  const [from, to] = [text.indexOf('{'), text.lastIndexOf('}')]
  return from === -1 || to < from ? '' : text.slice(from, to + 1)
}

/** Servers that do not enforce a schema let models wrap their JSON in a Markdown fence. */
function stripFence(text: string): string {
  return /^\s*```(?:json)?\s*\n([\s\S]*?)\n\s*```\s*$/.exec(text)?.[1]?.trim() ?? text.trim()
}
