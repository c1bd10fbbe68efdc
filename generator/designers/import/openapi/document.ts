import type { PlaceOf } from './source.ts'

export type Node = Record<string, unknown>

/** A document as OpenAPI 3, and the position of each part. */
export type OpenApiDocument = {
  readonly root: Node
  /** The position of the part at that path, or of its parent. */
  readonly placeOf: PlaceOf
  /** What was read in spite of a fault, a sentence each. */
  readonly notes: readonly string[]
}
