import { zodResponseFormat } from 'openai/helpers/zod'
import type { OpenAI } from 'openai'
import type { ChatCompletionCreateParamsStreaming } from 'openai/resources/chat/completions'
import type { ReasoningEffort } from 'openai/resources/shared'
import { z } from 'zod'
import { MAX_ANSWER_LENGTH, readEvent, tokens, answerTooLong, type StreamedAnswer } from './parse-answer.ts'
import type { Dialect } from './dialect.ts'
import { streamEvents } from './service-errors.ts'
import type { TokenCounts } from './usage.ts'
import type { RequestSettings } from './reasoning.ts'
import { appendSchema } from './schema-in-prompt.ts'
import type { StructuredCall } from './structured-model.ts'

/** The body of a call to Chat Completions. Unset parameters are omitted: some servers reject them. */
export function chatRequest(
  call: StructuredCall,
  { model, maxOutputTokens, effort }: RequestSettings,
  dialect: Dialect,
): ChatCompletionCreateParamsStreaming {
  const { format, schemaInPrompt, limit, sends } = dialect
  const instructions = schemaInPrompt ? appendSchema(call.instructions, call.schema) : call.instructions
  return {
    model,
    messages: [
      { role: 'system', content: instructions },
      ...call.input.map(({ role, text }) => ({ role, content: text })),
    ],
    ...(format === 'schema' && { response_format: zodResponseFormat(call.schema, call.schemaName) }),
    ...(format === 'json' && { response_format: { type: 'json_object' as const } }),
    stream: true,
    ...(sends.usage && { stream_options: { include_usage: true } }),
    ...(sends.cacheKey && { prompt_cache_key: call.cacheKey }),
    ...(maxOutputTokens !== null && limit !== null && { [limit]: maxOutputTokens }),
    // Efforts are configuration because they change faster than the client's types.
    ...(sends.effort && effort !== null && { reasoning_effort: effort as ReasoningEffort }),
  }
}

/** The parts of a chunk that are read. Other servers omit fields that the client's types promise. */
const Chunk = z.object({
  choices: z
    .array(
      z.object({
        delta: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }).nullish(),
        finish_reason: z.string().nullish(),
      }),
    )
    .nullish(),
  /** Sent in a separate last chunk. */
  usage: z
    .object({
      prompt_tokens: tokens,
      completion_tokens: tokens,
      prompt_tokens_details: z.object({ cached_tokens: tokens, cache_write_tokens: tokens }).nullish(),
      completion_tokens_details: z.object({ reasoning_tokens: tokens }).nullish(),
    })
    .nullish(),
})

/** Sends the request and reads the stream to its end. `onText` is called for each piece of the answer. */
export async function askChat(
  client: OpenAI,
  request: ChatCompletionCreateParamsStreaming,
  signal: AbortSignal,
  onText: (piece: string) => void,
): Promise<StreamedAnswer> {
  let text = ''
  let refused = false
  let finish: string | null = null
  let usage: TokenCounts | null = null
  const stream = await client.chat.completions.create(request, { signal })
  for await (const item of streamEvents(stream)) {
    const chunk = readEvent(Chunk, item)
    if (chunk.usage) usage = usageOf(chunk.usage)
    const choice = chunk.choices?.[0]
    const piece = choice?.delta?.content
    if (piece) {
      text += piece
      if (text.length > MAX_ANSWER_LENGTH) throw answerTooLong()
      onText(piece)
    }
    if (choice?.delta?.refusal) refused = true
    finish = choice?.finish_reason ?? finish
  }
  return { text, refused, stop: stopOf(finish), usage }
}

function stopOf(finish: string | null): StreamedAnswer['stop'] {
  switch (finish) {
    case 'length':
      return 'length'
    case 'content_filter':
      return 'filtered'
    case null:
      return 'unfinished'
    default:
      return 'done'
  }
}

function usageOf(usage: NonNullable<z.infer<typeof Chunk>['usage']>): TokenCounts {
  return {
    input: usage.prompt_tokens,
    cachedInput: usage.prompt_tokens_details?.cached_tokens ?? 0,
    cacheWrite: usage.prompt_tokens_details?.cache_write_tokens ?? 0,
    output: usage.completion_tokens,
    reasoning: usage.completion_tokens_details?.reasoning_tokens ?? 0,
  }
}
