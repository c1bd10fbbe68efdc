import { SpecError } from '../spec-error.ts'
import { pathOf, targetOf, type Node, type OpenApiDocument } from './read-document.ts'

export type Resolved = {
  readonly node: Node
  /** The name of the component that it was, if it was one. */
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

/** Follows references within the document, all of which are known to lead somewhere. */
export function makeResolve({ root, placeOf }: OpenApiDocument): Resolve {
  return function resolve(value) {
    let node = nodeOf(value)
    let name: string | undefined
    let pointer: string | undefined
    const seen = new Set<string>()
    while (typeof node['$ref'] === 'string') {
      const ref = node['$ref']
      if (seen.has(ref)) {
        throw new SpecError(`The reference ${ref} leads back to itself.`, {
          place: placeOf(pathOf(ref)),
          hint: 'Let it point to a schema.',
        })
      }
      seen.add(ref)
      const target = nodeOf(targetOf(root, ref))
      const { $ref: _, ...beside } = node
      node = Object.keys(beside).length > 0 ? { ...target, ...beside } : target
      pointer = ref
      name = pathOf(ref).at(-1)
    }
    return { node, name, pointer }
  }
}
