import type { ModelUsage } from '#contract'
import { z } from 'zod'
import { ModelError } from './model-error.ts'
import type { TokenCounts } from './usage.ts'

/** A token count as the service reports it; invalid values count as zero. */
export const tokens = z.int().nonnegative().catch(0)

/** The result of a completed stream, from either API. */
export type StreamedAnswer = {
  readonly text: string
  readonly refused: boolean
  /** `unfinished` when the stream ended without saying why. */
  readonly stop: 'done' | 'length' | 'filtered' | 'unfinished'
  /** Null when the service does not report usage. */
  readonly usage: TokenCounts | null
}

/** Extracts the JSON from an answer. Throws a `ModelError` with `usage` when there is none. */
export function parseAnswer(answer: StreamedAnswer, usage: ModelUsage): unknown {
  if (answer.refused) {
    throw new ModelError({
      code: 'model_refused',
      message: 'The model declined to answer this request.',
      hint: 'Rephrase the request, and leave out anything the model may consider harmful.',
      billable: true,
      usage,
    })
  }
  switch (answer.stop) {
    case 'filtered':
      throw new ModelError({
        code: 'model_filtered',
        message: "The model service's content filter stopped the answer.",
        hint: 'Rephrase what the backend is for.',
        billable: true,
        usage,
      })
    case 'length':
      throw new ModelError({
        code: 'model_truncated',
        message: 'The answer was cut off at the output limit of the model.',
        hint: 'Ask for fewer entities at once, or ask your admin to raise OPENAI_MAX_OUTPUT_TOKENS.',
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
      message: 'The model returned an empty answer.',
      hint: 'Try again. If this keeps happening, ask your admin to set another OPENAI_MODEL.',
      retryable: true,
      billable: true,
      usage,
    })
  }
  for (const text of [json, extractObject(json)]) {
    try {
      return parseNestedJson(JSON.parse(text))
    } catch {
      // The parser's message quotes the answer, which may contain the prompt.
    }
  }
  throw malformed(usage)
}

/** Some models return JSON as a string inside JSON. */
function parseNestedJson(value: unknown): unknown {
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}

/** In UTF-16 code units: ten times the longest design. Longer streams are aborted. */
export const MAX_ANSWER_LENGTH = 1_000_000

export function answerTooLong(): ModelError {
  return new ModelError({
    code: 'model_truncated',
    message: 'The answer exceeded the maximum length and was aborted.',
    hint: 'Ask for less at once, or ask your admin to set another OPENAI_MODEL.',
    billable: true,
  })
}

/** Parses one stream event. Throws a `ModelError` when the service sends another format. */
export function readEvent<T>(schema: z.ZodType<T>, event: unknown): T {
  const read = schema.safeParse(event)
  if (!read.success) throw malformed()
  return read.data
}

export function streamInterrupted(usage?: ModelUsage): ModelError {
  return new ModelError({
    code: 'model_stream_cut',
    message: 'The connection to the model service was lost in the middle of the answer.',
    hint: 'Try again in a minute.',
    retryable: true,
    billable: true,
    ...(usage && { usage }),
  })
}

export function malformed(usage?: ModelUsage): ModelError {
  return new ModelError({
    code: 'model_malformed_answer',
    message: 'The answer was not valid JSON.',
    hint: 'Try again. If this keeps happening, ask your admin to set an OPENAI_MODEL that supports structured outputs.',
    retryable: true,
    billable: true,
    ...(usage && { usage }),
  })
}

/** Some servers leave the model's reasoning in its answer. */
const stripThinking = (text: string): string => text.replace(/^\s*<think>[\s\S]*?<\/think>/, '')

/** The JSON object in surrounding prose, from the first brace to the last. */
function extractObject(text: string): string {
  const [from, to] = [text.indexOf('{'), text.lastIndexOf('}')]
  return from === -1 || to < from ? '' : text.slice(from, to + 1)
}

/** Without schema enforcement, models tend to wrap JSON in a Markdown fence. */
function stripFence(text: string): string {
  return /^\s*```(?:json)?\s*\n([\s\S]*?)\n\s*```\s*$/.exec(text)?.[1]?.trim() ?? text.trim()
}
