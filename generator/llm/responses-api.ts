import { zodTextFormat } from 'openai/helpers/zod'
import type { OpenAI } from 'openai'
import type { ResponseCreateParamsStreaming } from 'openai/resources/responses/responses'
import type { ReasoningEffort } from 'openai/resources/shared'
import { z } from 'zod'
import { MAX_ANSWER_LENGTH, readEvent, tokens, answerTooLong, type StreamedAnswer } from './parse-answer.ts'
import type { Dialect } from './dialect.ts'
import { streamEvents, fromServiceError } from './service-errors.ts'
import type { TokenCounts } from './usage.ts'
import type { RequestSettings } from './reasoning.ts'
import { appendSchema } from './schema-in-prompt.ts'
import type { StructuredCall } from './structured-model.ts'

/** The body of a call to the Responses API. Unset parameters are omitted: some models reject them. */
export function responsesRequest(
  call: StructuredCall,
  { model, maxOutputTokens, effort }: RequestSettings,
  dialect: Dialect,
): ResponseCreateParamsStreaming {
  const { format, schemaInPrompt, limit, sends } = dialect
  return {
    model,
    instructions: schemaInPrompt ? appendSchema(call.instructions, call.schema) : call.instructions,
    input: call.input.map(({ role, text }) => ({ role, content: text })),
    ...(format === 'schema' && { text: { format: zodTextFormat(call.schema, call.schemaName) } }),
    ...(format === 'json' && { text: { format: { type: 'json_object' as const } } }),
    stream: true,
    // Answers are never referenced later, so the service need not store the prompt.
    store: false,
    ...(sends.cacheKey && { prompt_cache_key: call.cacheKey }),
    // This API has a single name for it, so a server that rejects it accepts no limit.
    ...(maxOutputTokens !== null && limit !== null && { max_output_tokens: maxOutputTokens }),
    // Efforts are configuration because they change faster than the client's types.
    ...(sends.effort && effort !== null && { reasoning: { effort: effort as ReasoningEffort } }),
  }
}

/** The parts of relevant events that are read. Other servers omit fields that the client's types promise. */
const Ended = z.object({
  status: z.string().nullish(),
  error: z.object({ code: z.string().nullish() }).nullish(),
  incomplete_details: z.object({ reason: z.string().nullish() }).nullish(),
  usage: z
    .object({
      input_tokens: tokens,
      output_tokens: tokens,
      input_tokens_details: z.object({ cached_tokens: tokens, cache_write_tokens: tokens }).nullish(),
      output_tokens_details: z.object({ reasoning_tokens: tokens }).nullish(),
    })
    .nullish(),
})
type Ended = z.infer<typeof Ended>

const AnyEvent = z.object({ type: z.string() })
const TextDelta = z.object({ delta: z.string() })
const EndEvent = z.object({ response: Ended })
const ErrorEvent = z.object({ code: z.string().nullish() })

/** Sends the request and reads the stream to its end. `onText` is called for each piece of the answer. */
export async function askResponses(
  client: OpenAI,
  request: ResponseCreateParamsStreaming,
  signal: AbortSignal,
  onText: (piece: string) => void,
): Promise<StreamedAnswer> {
  let text = ''
  let refused = false
  let end: Ended | null = null
  const stream = await client.responses.create(request, { signal })
  for await (const item of streamEvents(stream)) {
    switch (readEvent(AnyEvent, item).type) {
      case 'response.output_text.delta': {
        const { delta } = readEvent(TextDelta, item)
        text += delta
        if (text.length > MAX_ANSWER_LENGTH) throw answerTooLong()
        onText(delta)
        break
      }
      case 'response.refusal.delta':
      case 'response.refusal.done':
        refused = true
        break
      case 'response.completed':
      case 'response.incomplete':
      case 'response.failed':
        end = readEvent(EndEvent, item).response
        break
      case 'error':
        throw fromServiceError(readEvent(ErrorEvent, item))
      default:
        // There are dozens of other events, and more may be added.
        break
    }
  }
  if (end?.error) throw fromServiceError({ code: end.error.code })
  return { text, refused, stop: stopOf(end), usage: end?.usage ? usageOf(end.usage) : null }
}

function stopOf(end: Ended | null): StreamedAnswer['stop'] {
  switch (end?.status) {
    case 'completed':
      return 'done'
    case 'incomplete':
      return end?.incomplete_details?.reason === 'content_filter' ? 'filtered' : 'length'
    case 'failed':
      return 'filtered'
    default:
      return 'unfinished'
  }
}

function usageOf(usage: NonNullable<Ended['usage']>): TokenCounts {
  return {
    input: usage.input_tokens,
    cachedInput: usage.input_tokens_details?.cached_tokens ?? 0,
    cacheWrite: usage.input_tokens_details?.cache_write_tokens ?? 0,
    output: usage.output_tokens,
    reasoning: usage.output_tokens_details?.reasoning_tokens ?? 0,
  }
}
