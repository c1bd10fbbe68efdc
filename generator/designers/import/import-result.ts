import type { Blueprint, GenerateOptions } from '#contract'

/** Options of the request that override the document. */
export type ImportOptions = Pick<GenerateOptions, 'name' | 'auth'>

/** The Blueprint of a document, and what it does not cover. */
export type ImportResult = {
  readonly blueprint: Blueprint
  /** Decisions that the document leaves open, and approximations. */
  readonly assumptions: string[]
  /** Parts of the document that the project does not have. */
  readonly notUnderstood: string[]
}
