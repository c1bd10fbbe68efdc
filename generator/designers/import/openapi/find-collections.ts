import { singular } from '../../../blueprint/words.ts'
import type { ReadOperation } from './operation.ts'
import type { Resolve } from './resolve.ts'
import { rowsIn, segmentsOf, type Rows, type Segment } from './rows.ts'

/** A collection: its path, its operations and the schema of its rows. */
export type Collection = {
  /** `/stores/{}/orders`: the names of parameters do not matter. */
  readonly key: string
  readonly segments: readonly Segment[]
  readonly operations: ReadOperation[]
  /** Operations on one row, at `/stores/{}/orders/{}`. */
  readonly items: ReadOperation[]
  /** The name of its entity, once assigned. */
  entity: string | undefined
}

/** The rows of one schema and the collections that have them: an entity to be. */
export type EntityCandidate = { readonly rows: Rows; readonly collections: Collection[] }

export const keyOfPath = (segments: readonly Segment[]): string =>
  segments.map((one) => ('text' in one ? one.text : '{}')).join('/')

export function findCollections(operations: readonly ReadOperation[]): Map<string, Collection> {
  const found = new Map<string, Collection>()
  const at = (segments: readonly Segment[]) => {
    const key = keyOfPath(segments)
    const known = found.get(key) ?? { key, segments, operations: [], items: [], entity: undefined }
    found.set(key, known)
    return known
  }
  for (const operation of operations) {
    const segments = segmentsOf(operation)
    const last = segments.at(-1)
    const before = segments.at(-2)
    if (last === undefined) continue
    if ('param' in last) {
      if (before && 'text' in before) at(segments.slice(0, -1)).items.push(operation)
    } else at(segments).operations.push(operation)
  }
  return found
}

/** The schema of a collection's rows; undefined if it stores nothing. */
export function rowsOf({ operations, items, segments }: Collection, resolve: Resolve): Rows | undefined {
  const last = segments.at(-1)
  const noun = last && 'text' in last ? singular(last.text).toLowerCase().replaceAll(/[_-]/g, '') : ''
  const by = (list: readonly ReadOperation[], method: string) => list.find((one) => one.method === method)
  const list = by(operations, 'GET')
  const create = by(operations, 'POST')
  const of = (operation: ReadOperation | undefined) => operation && rowsIn(operation.answered, resolve, noun)
  const one = [by(items, 'GET'), by(items, 'PUT'), by(items, 'PATCH')]
    .map(of)
    .find((rows) => rows && !rows.isList)
  if (one) return one
  const many = of(list)
  if (many?.isList && (create || items.length > 0 || operations.length === 1)) {
    // A list without rows to read or create may be computed or stored elsewhere.
    if (create || items.length > 0) return many
  }
  const made = of(create)
  return made && !made.isList && (items.length > 0 || many?.isList) ? made : undefined
}
