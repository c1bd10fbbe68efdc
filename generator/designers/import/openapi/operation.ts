import type { CustomOperation, RequestCookie, RequestHeader, Shape, ShapeProperty } from '#contract'
import type { Pair } from './examples.ts'
import type { Notes } from './notes.ts'
import type { Node, OpenApiDocument } from './document.ts'
import type { Resolve } from './resolve.ts'
import type { ToShape } from './to-shape.ts'

/** An operation of the document, as Blueprint data. */
export type ReadOperation = {
  readonly id: string
  readonly operationId: string | undefined
  readonly method: CustomOperation['method']
  /** `/pets/{petId}`, and the same with `:petId`. */
  readonly documentPath: string
  readonly path: string
  readonly summary: string
  readonly rules: string[]
  readonly params: ShapeProperty[]
  readonly query: ShapeProperty[]
  readonly headers: RequestHeader[]
  readonly cookies: RequestCookie[]
  readonly body: Shape | null
  readonly bodyTypes: CustomOperation['bodyTypes']
  readonly bodyMediaType: CustomOperation['bodyMediaType']
  readonly files: CustomOperation['files']
  readonly rawBody: CustomOperation['rawBody']
  /** The document's schema of the body. */
  readonly sent: unknown
  readonly success: CustomOperation['responses']['success']
  /** Further success responses; rows are always answered with the usual one. */
  readonly others: NonNullable<CustomOperation['responses']['others']>
  /** The document's schema of the JSON response. */
  readonly answered: unknown
  readonly errors: CustomOperation['responses']['errors']
  /** The status of invalid input that the document declares. */
  readonly invalid: 400 | 422 | undefined
  /** The document's examples. */
  readonly pairs: readonly Pair[]
  readonly isGuarded: boolean
  /** Open to anyone, and a token may say who asks. */
  readonly isOptional: boolean
  /** Whether its `security` is that of the whole document. */
  readonly isUsuallyGuarded: boolean
  /** The names of the security schemes of all its alternatives. */
  readonly schemes: readonly string[]
}

export type Deps = {
  readonly document: OpenApiDocument
  readonly resolve: Resolve
  readonly toShape: ToShape
  readonly notes: Notes
  /** Parts of the document that the project does not have. */
  readonly missing: Notes
}

export type One = Deps & {
  readonly route: string
  readonly method: CustomOperation['method']
  readonly documentPath: string
  readonly path: string
  readonly shared: Node
  readonly node: unknown
}
