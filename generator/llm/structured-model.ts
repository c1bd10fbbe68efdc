import type { z } from 'zod'
import type { ModelUsage } from '#contract'
import type { Account } from './account.ts'
import type { ModelStage } from './config.ts'

/** One message of the conversation that leads to the answer. */
export type Turn = { readonly role: 'user' | 'assistant'; readonly text: string }

/** One request for a structured answer. */
export type StructuredCall = {
  /** The pipeline stage; each may set its own effort. */
  readonly stage: ModelStage
  /** The system prompt. Identical for all calls of a kind, because common prefixes are cached. */
  readonly instructions: string
  /** The conversation; the last turn is the user's. */
  readonly input: readonly Turn[]
  /** The answer's schema, restricted to strict structured outputs: nullable instead of optional, no defaults. */
  readonly schema: z.ZodType
  /** Letters, digits, `_` and `-`. */
  readonly schemaName: string
  /** Calls with a common prefix share a key, and so a prompt cache. */
  readonly cacheKey: string
  readonly signal: AbortSignal
  /** Upper bound of the answer without reasoning, in tokens. Sent only for jobs with a budget. */
  readonly maxAnswerTokens: number
  /** The account that each attempt is charged to. */
  readonly account: Account
  /** Called with the tokens so far: an estimate during streaming, exact at the end. */
  readonly onTokens?: (count: number) => void
}

export type StructuredAnswer = {
  /** Parsed as JSON but not validated: that is up to the caller. */
  readonly value: unknown
  /** Usage of all attempts. */
  readonly usage: ModelUsage
}

/**
 * A model that answers in JSON. `ask` retries within limits, then throws a `ModelError`, or the signal's reason on
 * abort.
 */
export type StructuredModel = {
  readonly name: string
  ask(call: StructuredCall): Promise<StructuredAnswer>
}
