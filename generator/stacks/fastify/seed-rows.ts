import { keyOf, type Blueprint, type Json } from '#contract'
import { referencesOf } from '../../blueprint/lint/seed-references.ts'
import { REFERENCE } from '../../blueprint/lint/shapes.ts'
import { stableUuid } from '../../codegen/stable-uuid.ts'
import type { ProjectModel } from './model.ts'
import type { Resource } from './resource.ts'
import { sampleRows } from './sample-rows.ts'

/** A seed with all its values; undefined ones are omitted. */
export type SeedRow = {
  readonly resource: Resource
  readonly id: string | number
  readonly values: Readonly<Record<string, Json | undefined>>
}
type SeedLink = { readonly key: string; readonly left: SeedRow['id']; readonly right: SeedRow['id'] }

export type Seeds = {
  /** In dependency order. */
  readonly rows: readonly SeedRow[]
  readonly links: readonly SeedLink[]
}

const known = new WeakMap<ProjectModel, Seeds>()

/** The seeds of the Blueprint, or a few sample rows of every entity. Their ids are stable. */
export function seedsOf(model: ProjectModel): Seeds {
  const before = known.get(model)
  if (before) return before
  const seeds = model.seeds.length > 0 ? statedSeeds(model) : sampleSeeds(model)
  known.set(model, seeds)
  return seeds
}

/** The id of the first row of an entity, or the id that it would have. */
export const seedId = (model: ProjectModel, resource: Resource): string | number =>
  seedsOf(model).rows.find((row) => row.resource === resource)?.id ?? madeId(model, resource, '0', 1)

function sampleSeeds(model: ProjectModel): Seeds {
  const samples = sampleRows(model)
  return {
    rows: model.inOrderOfNeed.flatMap((resource) =>
      (samples.get(resource) ?? []).map(({ id, values }) => ({
        resource,
        id,
        values: { ...values, ...withoutDates(resource) },
      })),
    ),
    links: model.links.flatMap(({ key, left, right }) => {
      const rights = samples.get(right) ?? []
      return (samples.get(left) ?? [])
        .slice(0, rights.length)
        .map((row, at) => ({ key, left: row.id, right: rights[at]!.id }))
    }),
  }
}

/** Optional dates mostly say that something has happened to a row (`deletedAt`, `paidAt`); seeds are rows as created. */
const withoutDates = ({ properties }: Resource): Record<string, null | undefined> =>
  Object.fromEntries(
    properties.flatMap((property) =>
      property.kind === 'field' &&
      !property.required &&
      (property.field.type.kind === 'date' || property.field.type.kind === 'datetime')
        ? [[property.name, property.isOmitted ? undefined : null]]
        : [],
    ),
  )

const madeId = (model: ProjectModel, resource: Resource, name: string, number: number): string | number =>
  resource.id.kind === 'integer' ? number : stableUuid(`${model.name} ${resource.entity.name} ${name}`)

type Stated = Blueprint['seeds'][number]

function statedSeeds(model: ProjectModel): Seeds {
  const resourceOf = new Map(model.resources.map((resource) => [resource.entity.name, resource]))
  const ids = idsOf(model, resourceOf)
  const rows = inOrder(model).map(({ name, entity, values }): SeedRow => {
    const resource = resourceOf.get(entity)!
    return { resource, id: ids.get(name)!, values: valuesOf(values, resource, ids) }
  })
  const byName = new Map(model.seeds.map((seed) => [seed.name, seed]))
  const links = model.links.flatMap(({ key, left, right }) => {
    const pairs = model.seeds.flatMap((seed) =>
      seed.links.flatMap((name): [string, string][] => {
        const entity = byName.get(name)?.entity
        if (seed.entity === left.entity.name && entity === right.entity.name) return [[seed.name, name]]
        return seed.entity === right.entity.name && entity === left.entity.name ? [[name, seed.name]] : []
      }),
    )
    // Either row may name the other, or both.
    const distinct = new Map(pairs.map((pair) => [pair.join(' '), pair]))
    return [...distinct.values()].map(([one, other]) => ({
      key,
      left: ids.get(one)!,
      right: ids.get(other)!,
    }))
  })
  return { rows, links }
}

/** A stated key, or a generated one: numbers increase and skip stated ones. */
function idsOf(model: ProjectModel, resourceOf: ReadonlyMap<string, Resource>): Map<string, string | number> {
  const taken = new Map<Resource, Set<Json>>()
  const given = ({ entity, values }: Stated) => values[keyOf(resourceOf.get(entity)!.entity).name]
  for (const seed of model.seeds) {
    const resource = resourceOf.get(seed.entity)!
    const numbers = taken.get(resource) ?? new Set()
    taken.set(resource, numbers.add(given(seed) ?? null))
  }
  return new Map(
    model.seeds.map((seed) => {
      const resource = resourceOf.get(seed.entity)!
      const stated = given(seed)
      if (typeof stated === 'string' || typeof stated === 'number') return [seed.name, stated]
      const numbers = taken.get(resource)!
      let number = 1
      while (numbers.has(number)) number += 1
      if (resource.id.kind === 'integer') numbers.add(number)
      return [seed.name, madeId(model, resource, seed.name, number)]
    }),
  )
}

function valuesOf(given: Stated['values'], resource: Resource, ids: ReadonlyMap<string, string | number>) {
  return Object.fromEntries(
    resource.properties.map((property): [string, Json | undefined] => {
      const { name } = property
      const value = Object.hasOwn(given, name) ? given[name]! : null
      if (value === null) {
        const fallback = property.kind === 'field' ? property.field.default : undefined
        return [name, fallback ?? (property.isOmitted ? undefined : null)]
      }
      if (property.kind === 'relation')
        return [name, ids.get(REFERENCE.exec(String(value))?.[1] ?? '') ?? null]
      return [name, typeof value === 'string' ? value.replace(/^\$\$/, '$') : value]
    }),
  )
}

/** Ordered by entity, except for rows that an earlier one refers to. */
function inOrder({ seeds, inOrderOfNeed }: ProjectModel): Stated[] {
  const byName = new Map(seeds.map((seed) => [seed.name, seed]))
  const ordered = new Set<Stated>()
  const visiting = new Set<Stated>()
  const visit = (seed: Stated): void => {
    if (visiting.has(seed)) return
    visiting.add(seed)
    for (const name of referencesOf(seed)) visit(byName.get(name)!)
    ordered.add(seed)
  }
  for (const { entity } of inOrderOfNeed)
    for (const seed of seeds) if (seed.entity === entity.name) visit(seed)
  return [...ordered]
}
