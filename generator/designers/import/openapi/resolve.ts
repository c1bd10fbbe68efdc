import { SpecError } from '../spec-error.ts'
import type { Node, OpenApiDocument } from './document.ts'
import { pathOf, targetOf } from './references.ts'

export type Resolved = {
  readonly node: Node
  /** The name of the component, if it is one. */
  readonly name: string | undefined
  readonly pointer: string | undefined
}

export type Resolve = (value: unknown) => Resolved

export const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const nodeOf = (value: unknown): Node => (isNode(value) ? value : {})
export const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
export const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined

/** More chained references than any document needs. */
const MAX_CHAIN = 1_000

/**
 * Follows references within the document, all of which are known to resolve. Each is followed once:
 * equal places give the identical object, so that results can be cached by it.
 */
export function makeResolve({ root, placeOf }: OpenApiDocument): Resolve {
  const known = new WeakMap<Node, Resolved>()

  return function resolve(value) {
    const chain: { readonly node: Node; readonly ref: string }[] = []
    const seen = new Set<Node>()
    let end = nodeOf(value)
    while (!known.has(end) && typeof end['$ref'] === 'string') {
      const ref = end['$ref']
      if (seen.has(end)) {
        // A circle of references says nothing.
        end = {}
        break
      }
      if (chain.length >= MAX_CHAIN)
        throw fault(`The reference ${ref} is one of more than ${MAX_CHAIN} in a row.`, ref)
      seen.add(end)
      chain.push({ node: end, ref })
      end = nodeOf(targetOf(root, ref))
    }
    let found = known.get(end) ?? { node: end, name: undefined, pointer: undefined }
    for (const { node, ref } of chain.toReversed()) {
      const { $ref: _, ...beside } = node
      found = {
        node: Object.keys(beside).length > 0 ? { ...found.node, ...beside } : found.node,
        name: found.name ?? pathOf(ref).at(-1),
        pointer: found.pointer ?? ref,
      }
      known.set(node, found)
    }
    return found
  }

  function fault(reason: string, ref: string): SpecError {
    return new SpecError(reason, { place: placeOf(pathOf(ref)), hint: 'Point it to a schema.' })
  }
}
