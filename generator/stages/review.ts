import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Blueprint } from '#contract'
import type { Logger } from '#lib/log'
import { readPrompt } from '#lib/read-prompt'
import type { Once } from '../attempt/checkpoint.ts'
import { makeTokenProgress } from '../attempt/token-progress.ts'
import type { Account } from '../llm/account.ts'
import { ModelError } from '../llm/model-error.ts'
import type { StructuredModel } from '../llm/structured-model.ts'
import { summaryOf } from './review/summary.ts'

const INSTRUCTIONS = readPrompt(new URL('review/prompts/review.md', import.meta.url))
/** The answer is a short list. */
const MOST_TOKENS = 2_000
const MOST_SENTENCES = 20
/** Longer requests are compared up to here, in characters. */
const MOST_CHARACTERS = 40_000

const Answer = z.strictObject({
  missing: z.array(z.strictObject({ sentence: z.string(), why: z.string() })),
})
const StoredAnswer = z.object({ value: z.unknown() })

export type ReviewInput = {
  readonly prompt: string
  /** What was built. */
  readonly blueprint: Blueprint
  /** What is known to be missing. */
  readonly notBuilt: readonly string[]
}

type ReviewContext = {
  readonly once: Once
  readonly account: Account
  readonly signal: AbortSignal
  readonly onProgress: (detail: string) => void
}

/** Sentences of the request without a counterpart in the result, word for word; or why they are unknown. */
export type Reviewed =
  | { readonly kind: 'compared'; readonly missing: readonly string[] }
  | { readonly kind: 'failed'; readonly reason: string }

export type Review = (input: ReviewInput, context: ReviewContext) => Promise<Reviewed>

/**
 * Compares a request with what was built, in one call, whose answer is stored. A call that fails is a result: no job
 * fails for want of a second look. Throws only the signal's reason.
 */
export function makeReview(deps: {
  readonly model: StructuredModel
  readonly log: Logger
  /** Creates the lines that enclose untrusted text. */
  readonly marker?: () => string
}): Review {
  const { model, log, marker = randomUUID } = deps
  return async (input, { once, account, signal, onProgress }) => {
    const count = makeTokenProgress((tokens) =>
      onProgress(
        `${model.name} is comparing the result with the request${tokens > 0 ? `: ${tokens} tokens` : ''}`,
      ),
    )
    count.report()
    const prompt = input.prompt.slice(0, MOST_CHARACTERS)
    const summary = summaryOf(input.blueprint, input.notBuilt)
    try {
      // Not the message itself: its markers differ each time.
      const kept = await once(
        'review',
        [model.name, INSTRUCTIONS, prompt, summary],
        StoredAnswer,
        async () => {
          const { value } = await model.ask({
            stage: 'review',
            instructions: INSTRUCTIONS,
            input: [
              {
                role: 'user',
                text: [
                  enclose('request', prompt, marker),
                  enclose('result', JSON.stringify(summary), marker),
                ].join('\n\n'),
              },
            ],
            schema: Answer,
            schemaName: 'review',
            cacheKey: 'review',
            maxAnswerTokens: MOST_TOKENS,
            signal,
            account,
            onTokens: count.stream(),
          })
          return { value }
        },
      )
      const answer = Answer.safeParse(kept.value)
      if (!answer.success) return failed('The answer of the model has another form.')
      const sentences = answer.data.missing.map(({ sentence }) => sentence)
      return { kind: 'compared', missing: quotedFrom(prompt, sentences, input.notBuilt) }
    } catch (error) {
      signal.throwIfAborted()
      log.info({ error }, 'the result was not compared with the request')
      return failed(error instanceof ModelError ? error.message : 'The model could not be asked.')
    }
  }
}

const failed = (reason: string): Reviewed => ({ kind: 'failed', reason })

/** Only what the person said, and each once: a model may make up sentences. */
function quotedFrom(prompt: string, sentences: readonly string[], known: readonly string[]): string[] {
  const said = plain(prompt)
  const seen = known.map(plain)
  const found: string[] = []
  for (const sentence of sentences) {
    const words = plain(sentence)
    if (words.length < 4 || !said.includes(words)) continue
    if (seen.some((other) => other.includes(words) || words.includes(other))) continue
    seen.push(words)
    found.push(sentence.replace(/\s+/g, ' ').trim().slice(0, 500))
  }
  return found.slice(0, MOST_SENTENCES)
}

const plain = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()

function enclose(what: string, text: string, marker: () => string): string {
  let line = marker()
  while (text.includes(line)) line = marker()
  return `The ${what} stands between the two lines that read ${line}.\n${line}\n${text}\n${line}`
}
