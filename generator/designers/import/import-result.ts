import type { Blueprint, DocumentCoverage, GenerateOptions } from '#contract'
import type { SourcePosition } from './spec-error.ts'

/** Options of the request that override the document. */
export type ImportOptions = Pick<GenerateOptions, 'name' | 'auth'>

/** The Blueprint of a document, and what it does not cover. */
export type ImportResult = {
  readonly blueprint: Blueprint
  /** Decisions that the document leaves open, and approximations. */
  readonly assumptions: string[]
  /** Parts of the document that the project does not have. */
  readonly notUnderstood: string[]
  /** Where a part of the Blueprint comes from, by its path in diagnostics: `entities.Note.fields.text`. */
  readonly placeOf?: ((path: string) => SourcePosition | undefined) | undefined
  /** Why an operation at the path of rows is more than CRUD, by its id. */
  readonly beyondRows?: Readonly<Record<string, string>>
  /** What became of each part of the document, where it has operations. */
  readonly document?: DocumentCoverage
}
