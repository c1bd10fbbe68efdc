import type { Entity } from '#contract'
import { singular, toPascal } from '../../../blueprint/words.ts'
import { findCollections, rowsOf, type Collection, type EntityCandidate } from './find-collections.ts'
import { relate, type Named } from './infer-relations.ts'
import { makeEntity, type Deps } from './make-entity.ts'
import { computedProperties, type Computed } from './silent-loss.ts'
import type { ReadOperation } from './operation.ts'

export type Inferred = {
  readonly entities: Entity[]
  readonly collections: Collection[]
  /** The answered properties that no body sets, by entity. */
  readonly computed: ReadonlyMap<string, Computed>
  /** The property that holds the key of a collection's parent, by the key of the collection. */
  readonly parents: ReadonlyMap<string, { readonly entity: string; readonly property: string }>
}

const RESULT_WORDS =
  /(Response|Dto|DTO|Out|Output|Read|Model|Schema|Resource|Entity|View|Detail|Details|Full)$/

/** Infers the entities of a document. */
export function inferEntities(operations: readonly ReadOperation[], deps: Deps): Inferred {
  const collections = findCollections(operations)
  const kinds = new Map<string, EntityCandidate>()
  for (const collection of collections.values()) {
    const rows = rowsOf(collection, deps.resolve)
    if (!rows) continue
    const identity = rows.component ?? collection.key
    const kind = kinds.get(identity) ?? { rows, collections: [] }
    kind.collections.push(collection)
    kinds.set(identity, kind)
  }
  const named = nameKinds(kinds)
  const entities = named.map(([name, kind]) => makeEntity(name, kind, deps))
  const parents = relate(entities, named, deps.notes)
  const computed = new Map(
    named.map(([name, kind], index) => [name, computedProperties(entities[index]!, kind)] as const),
  )
  return { entities, collections: [...collections.values()], parents, computed }
}

function nameKinds(kinds: ReadonlyMap<string, EntityCandidate>): Named {
  const taken = new Set<string>()
  return [...kinds.values()].map((kind) => {
    const path = kind.collections[0]!.segments.at(-1)
    const word = path && 'text' in path ? singular(path.text) : 'Row'
    const component = kind.rows.component
    const short = component?.replace(RESULT_WORDS, '') || component
    const wishes = [short, component, word].flatMap((wish) => (wish ? (toPascal(wish) ?? []) : []))
    let name = wishes.find((wish) => !taken.has(wish.toLowerCase())) ?? `${wishes[0] ?? 'Row'}Row`
    for (let number = 2; taken.has(name.toLowerCase()); number++) name = `${wishes[0] ?? 'Row'}${number}`
    taken.add(name.toLowerCase())
    for (const collection of kind.collections) collection.entity = name
    return [name, kind] as const
  })
}
