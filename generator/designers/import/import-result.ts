import type { Blueprint, GenerateOptions } from '#contract'

/** What a person may decide besides the document. */
export type ImportOptions = Pick<GenerateOptions, 'name' | 'auth'>

/** What a document became, and what it could not become. */
export type ImportResult = {
  readonly blueprint: Blueprint
  /** What was decided where the document leaves it open, or says what the project cannot say. */
  readonly assumptions: string[]
  /** What the document asks for and the project does not have. */
  readonly notUnderstood: string[]
}
