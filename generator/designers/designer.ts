import type { Blueprint, GenerateOptions } from '#contract'
import type { Account } from '../llm/account.ts'
import type { Once } from '../attempt/checkpoint.ts'
import type { Renames } from '../blueprint/renames.ts'

/** What a person asked for, as the API recorded it. */
export type Intent = {
  readonly prompt: string
  /** An OpenAPI document or SQL definitions, as text. */
  readonly spec: string | null
  readonly options: GenerateOptions
}

export type Design = {
  blueprint: Blueprint
  /** What was decided where the person left it open. */
  assumptions: string[]
  /** What the person asked for and the blueprint does not have, in their own words. */
  notUnderstood: string[]
  /** Null where no model was asked. */
  model: string | null
}

/** What is to be different from what there is. */
export type RefineIntent = {
  readonly prompt: string
  readonly present: Blueprint
}
/** The whole next blueprint, with what in it is the same thing under another name. */
export type Refinement = Design & { renames: Renames }

/** Turns words into a blueprint. Throws an error with a `code` and a sentence, or the signal's reason. */
export type Designer = {
  readonly kind: 'offline' | 'openai' | 'import'
  design(intent: Intent, context: DesignContext): Promise<Design>
  refine(intent: RefineIntent, context: DesignContext): Promise<Refinement>
}

export type DesignContext = {
  /** Keeps each paid answer, so that an attempt that takes over does not ask for it again. */
  readonly once: Once
  readonly account: Account
  readonly signal: AbortSignal
  readonly onProgress: (detail: string) => void
}
