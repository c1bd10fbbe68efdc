import type { z } from 'zod'
import type { ModelUsage } from '#contract'
import type { Account } from './account.ts'
import type { ModelStage } from './config.ts'

/** One message of the conversation that leads to the answer. */
export type Turn = { readonly role: 'user' | 'assistant'; readonly text: string }

/** One question whose answer is JSON of a given shape. */
export type StructuredCall = {
  /** Which stage asks: each may have an effort of its own. */
  readonly stage: ModelStage
  /** What the model is and must do. Equal for every call of one kind, since equal beginnings are cached. */
  readonly instructions: string
  /** What this call is about; the last turn is the user's. */
  readonly input: readonly Turn[]
  /** The shape of the answer, bare enough for strict structured outputs: nullable instead of optional, no defaults. */
  readonly schema: z.ZodType
  /** Letters, digits, `_` and `-`. */
  readonly schemaName: string
  /** Calls with an equal beginning share a key, so that they meet in the same prompt cache. */
  readonly cacheKey: string
  readonly signal: AbortSignal
  /** What such an answer needs at most, in tokens, without the thinking before it. Only a job with a budget sends it. */
  readonly maxAnswerTokens: number
  /** What it is charged to, attempt by attempt. */
  readonly account: Account
  /** Hears the tokens written so far: an estimate while the answer streams, the exact count at its end. */
  readonly onTokens?: (count: number) => void
}

export type StructuredAnswer = {
  /** Parsed as JSON and nothing more: whoever asked validates it. */
  readonly value: unknown
  /** All attempts that the call took. */
  readonly usage: ModelUsage
}

/**
 * A model that answers in JSON. `ask` repeats what is worth repeating, within bounds; then it throws a
 * `ModelError`, or the signal's reason when it was told to stop.
 */
export type StructuredModel = {
  readonly name: string
  ask(call: StructuredCall): Promise<StructuredAnswer>
}
