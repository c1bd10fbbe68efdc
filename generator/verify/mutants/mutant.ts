import type { Node } from 'oxc-parser'
import type { Scopes } from '../../code-check/scope.ts'
import type { NodePath } from '../../code-check/source.ts'

/** A file with one deliberate fault. Tests that still pass with it do not notice that fault. */
export type Mutant = {
  /** Of the original, from 1. */
  readonly line: number
  /** The fault in one clause, with its line: `line 12: no row of orders is stored`. */
  readonly description: string
  readonly source: string
}

/** One replacement of a piece of the text. */
export type Change = {
  readonly from: number
  readonly to: number
  readonly text: string
  readonly description: string
}

export type FileContext = {
  readonly scopes: Scopes
  /** The text of a node. */
  readonly textOf: (node: Node) => string
  /** The places where a name is read that stands here where it is declared. */
  readonly usesOf: (declared: Node) => readonly NodePath[]
}

/** Every change of one kind at a place. */
export type Operator = (place: NodePath, file: FileContext) => readonly Change[]

export const replace = (
  { start, end }: { readonly start: number; readonly end: number },
  text: string,
  description: string,
): Change => ({ from: start, to: end, text, description })
