import { capacityOf } from '../../blueprint/capacity.ts'
import { sampleValues, type SampleValue } from '../../codegen/samples.ts'
import { stableUuid } from '../../codegen/stable-uuid.ts'
import type { ProjectModel } from './model.ts'
import { deciderOf, relationsOf, type Property, type Resource } from './resource.ts'

/** A sample row. */
export type SampleRow = {
  readonly id: string | number
  readonly values: Readonly<Record<string, SampleValue | null>>
}

const sampleId = (model: ProjectModel, resource: Resource, index: number): string | number =>
  resource.id.kind === 'integer' ? index + 1 : stableUuid(`${model.name} ${resource.entity.name} ${index}`)

/** Up to three rows of each entity; they refer to each other row by row, so that owners see their rows. */
export function sampleRows(model: ProjectModel): ReadonlyMap<Resource, SampleRow[]> {
  const rows = new Map<Resource, SampleRow[]>()
  for (const resource of model.inOrderOfNeed) {
    const count = countOf(resource, rows)
    const samples = new Map<string, SampleValue[]>()
    for (const property of resource.properties) {
      if (property.kind === 'field')
        samples.set(
          property.name,
          sampleValues(
            subjectOf(resource, model),
            resource.varied.has(property.name) ? { ...property.field, unique: true } : property.field,
            count,
          ),
        )
    }
    rows.set(
      resource,
      Array.from({ length: count }, (_, index) => {
        const id = sampleId(model, resource, index)
        const values = resource.properties.map((property) => {
          if (property.kind === 'field') return [property.name, samples.get(property.name)?.[index] ?? null]
          const { target } = property.relation
          if (target === resource) return [property.name, ownKind(property, id, index, model, resource)]
          const targets = rows.get(target)
          const place = index + placeAmongAlike(property, resource)
          return [property.name, targets?.[place % targets.length]?.id ?? null]
        })
        return { id, values: withJointValues(Object.fromEntries(values), resource, { rows, index }) }
      }),
    )
  }
  return rows
}

/**
 * The values of foreign keys of several properties are those of a row that there is, the next one for each row; of two that
 * share a property, the second finds a row with the value of the first. One without a row is left empty.
 */
function withJointValues(
  given: SampleRow['values'],
  { foreignKeys }: Resource,
  { rows, index }: { readonly rows: ReadonlyMap<Resource, SampleRow[]>; readonly index: number },
): SampleRow['values'] {
  const decided = new Map<string, SampleValue | null>()
  for (const { properties, target, targets, required } of foreignKeys) {
    const there = rows.get(target) ?? []
    const inTurn = there.map((_, at) => there[(index + at) % there.length]!)
    const found = inTurn.find(({ values }) =>
      properties.every(
        ({ name }, at) => !decided.has(name) || decided.get(name) === values[targets[at]!.name],
      ),
    )
    for (const [at, { name, required: isNeeded }] of properties.entries()) {
      if (found) decided.set(name, found.values[targets[at]!.name] ?? null)
      else if (!required && !isNeeded) decided.set(name, null)
    }
  }
  return { ...given, ...Object.fromEntries(decided) }
}

/** Who follows is another account than who is followed: further relations to the same entity begin one row later each. */
const placeAmongAlike = (property: Property & { kind: 'relation' }, resource: Resource): number =>
  relationsOf(resource)
    .filter(({ relation }) => relation.target === property.relation.target)
    // Rows below one that belongs to an account belong to the same.
    .toSorted((a, b) => Number(b.relation.isOwner) - Number(a.relation.isOwner))
    .findIndex(({ name }) => name === property.name)

/** The entity whose usual values a row has: a category of products is one of `ProductCategory`. */
function subjectOf(resource: Resource, { resources, links }: ProjectModel): string {
  const { name } = resource.entity
  if (!/^(category|genre)$/i.test(name)) return name
  const holders = [
    ...resources.filter(
      (one) => one !== resource && relationsOf(one).some(({ relation }) => relation.target === resource),
    ),
    ...links.flatMap(({ left, right }) => (left === resource ? [right] : right === resource ? [left] : [])),
  ]
  return `${holders[0]?.entity.name ?? ''}${name}`
}

/** The first row of an entity refers to nothing, or to itself if required; the others refer to the first. */
function ownKind(
  { required, unique }: { required: boolean; unique: boolean },
  id: string | number,
  index: number,
  model: ProjectModel,
  resource: Resource,
) {
  if (unique) return required ? id : null
  if (index > 0) return sampleId(model, resource, 0)
  return required ? id : null
}

function countOf(resource: Resource, rows: ReadonlyMap<Resource, SampleRow[]>): number {
  const fieldRooms = resource.properties.flatMap((property) =>
    property.kind === 'field' ? [capacityOf(property.field)] : [],
  )
  const targetRooms = relationsOf(resource)
    .filter(({ unique, relation }) => unique && relation.target !== resource && rows.has(relation.target))
    .map(({ relation }) => rows.get(relation.target)?.length ?? 0)
  const jointRooms = resource.foreignKeys
    .filter(({ required, properties }) => required && properties.some(({ unique }) => unique))
    .map(({ target }) => rows.get(target)?.length ?? 0)
  const sharedRooms = resource.indexes
    .filter(({ properties, unique }) => unique && !properties.some(({ name }) => resource.varied.has(name)))
    .map(({ properties }) =>
      Math.max(
        1,
        ...properties.map((property) => {
          const joint = deciderOf(resource, property.name)
          if (joint) return rows.get(joint.target)?.length ?? 0
          return property.kind === 'relation' && property.relation.target !== resource
            ? (rows.get(property.relation.target)?.length ?? 0)
            : 0
        }),
      ),
    )
  return Math.min(3, ...fieldRooms, ...targetRooms, ...jointRooms, ...sharedRooms)
}
