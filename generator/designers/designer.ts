import type { Blueprint, DocumentCoverage, GenerateOptions, PlanQuestion } from '#contract'
import type { Account } from '../llm/account.ts'
import type { Once } from '../attempt/checkpoint.ts'
import type { Renames } from '../blueprint/renames.ts'

/** The request, as the API recorded it. */
export type Intent = {
  readonly prompt: string
  /** An OpenAPI document or SQL definitions, as text. */
  readonly spec: string | null
  readonly options: GenerateOptions
  /** Standing wishes of the team, as they wrote them; absent without any. */
  readonly houseRules?: string
}

export type Design = {
  blueprint: Blueprint
  /** Decisions that the request left open. */
  assumptions: string[]
  /** Parts of the request that the Blueprint does not cover, in the requester's words. */
  notUnderstood: string[]
  /** The share of the prompt's content words that were read, from 0 to 1; only rules can tell. */
  coverage?: number | undefined
  /** What became of each part of an attached OpenAPI document. */
  document?: DocumentCoverage | undefined
  /** Why an operation of a document needs code although its path is that of rows, by its id. */
  beyondRows?: Readonly<Record<string, string>> | undefined
  /** Null if no model was called. */
  model: string | null
  /** What the request leaves open, with real alternatives; at most three. */
  questions?: PlanQuestion[] | undefined
}

/** A change of an existing Blueprint. */
export type RefineIntent = {
  readonly prompt: string
  readonly present: Blueprint
  readonly houseRules?: string
}
/** The complete next Blueprint, and what was renamed. */
export type Refinement = Design & { renames: Renames }

/** Turns a request into a Blueprint. Throws an error with a `code` and a message, or the signal's reason. */
export type Designer = {
  readonly kind: 'offline' | 'openai' | 'import'
  design(intent: Intent, context: DesignContext): Promise<Design>
  refine(intent: RefineIntent, context: DesignContext): Promise<Refinement>
}

export type DesignContext = {
  /** Stores each paid response, so that a later attempt does not request it again. */
  readonly once: Once
  readonly account: Account
  readonly signal: AbortSignal
  readonly onProgress: (detail: string) => void
}
