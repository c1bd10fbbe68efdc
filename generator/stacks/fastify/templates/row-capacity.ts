// How many rows of an entity generated tests can have at once. Most are unlimited; a unique weekday allows seven, and
// a page that belongs one-to-one to its creator can be created once.
import { capacityOf } from '../../../blueprint/capacity.ts'
import { deciderOf, relationsOf, type Property, type Resource } from '../resource.ts'

/** A to-one relation. */
type ToOne = ReturnType<typeof relationsOf>[number]

/** Below this capacity, rows are shared by references instead of created for each. */
const FEW = 100

/** Whether a body must refer to the sender, the only account that it may read. */
const isMyself = ({ relation: { target, isOwner } }: ToOne): boolean =>
  !isOwner && target.isAccount && target.policies.read.scope !== undefined

/** The relations whose targets a fixture creates or finds before the row. */
const requiredRelations = (resource: Resource): ToOne[] =>
  relationsOf(resource).filter(
    (property) =>
      property.required &&
      !property.relation.isOwner &&
      property.relation.target !== resource &&
      !isMyself(property),
  )

/** The foreign keys of several properties whose targets a fixture creates. */
const requiredKeys = ({ foreignKeys }: Resource) => foreignKeys.filter(({ required }) => required)

/** Whether an account owns at most one row of this entity. */
export const hasUniqueOwner = (resource: Resource): boolean =>
  relationsOf(resource).some(({ unique, relation }) => unique && relation.isOwner)

/** Whether references to this entity share its rows. */
export const isScarce = (resource: Resource): boolean =>
  hasUniqueOwner(resource) || rowCapacity(resource) < FEW

/** Whether a fixture uses an existing target. */
export const isShared = ({ unique, relation: { target } }: ToOne): boolean =>
  hasUniqueOwner(target) || (!unique && isScarce(target))

const known = new WeakMap<Resource, Map<Resource, number>>()

/** How many rows of each entity one more row needs, including itself; shared rows are not counted. */
function needsOf(resource: Resource): Map<Resource, number> {
  const before = known.get(resource)
  if (before) return before
  const needs = new Map([[resource, 1]])
  const targets = [
    ...requiredRelations(resource)
      .filter((property) => !isShared(property))
      .map(({ relation }) => relation.target),
    ...requiredKeys(resource).map(({ target }) => target),
  ]
  for (const target of targets) for (const [kind, count] of needsOf(target)) add(needs, kind, count)
  known.set(resource, needs)
  return needs
}

const add = (counts: Map<Resource, number>, kind: Resource, count: number) =>
  counts.set(kind, (counts.get(kind) ?? 0) + count)

/** Whether fixtures give each row a different value, or none, for this property. */
export const isFresh = (resource: Resource, property: Property): boolean =>
  deciderOf(resource, property.name) !== undefined ||
  (property.kind === 'field'
    ? resource.varied.has(property.name)
    : !property.required || (requiredRelations(resource).includes(property) && !isShared(property)))

/** The capacity by the row's own properties. */
function ownCapacity(resource: Resource): number {
  const fields = resource.properties.map((property) =>
    property.kind === 'field' ? capacityOf(property.field) : Infinity,
  )
  const isSingle = relationsOf(resource).some(
    (property) =>
      property.unique &&
      property.required &&
      (isMyself(property) || (!property.relation.isOwner && isShared(property))),
  )
  const isAlike = resource.indexes.some(
    ({ properties, unique }) => unique && !properties.some((property) => isFresh(resource, property)),
  )
  return Math.min(isSingle || isAlike ? 1 : Infinity, ...fields)
}

/** The maximum number of rows. */
export const rowCapacity = (resource: Resource): number => capacityFor(needsOf(resource))

function capacityFor(needs: ReadonlyMap<Resource, number>): number {
  return Math.floor(Math.min(...[...needs].map(([kind, count]) => ownCapacity(kind) / count)))
}

/** Every entity that a row requires, directly or not. */
export function requiredTargets(resource: Resource): Set<Resource> {
  const brought = new Set([resource])
  for (const each of brought) {
    for (const { relation } of requiredRelations(each)) brought.add(relation.target)
    for (const { target } of requiredKeys(each)) brought.add(target)
  }
  brought.delete(resource)
  return brought
}

/** Whether a test can have all these rows and their dependencies at once; an entity may be repeated. */
export function canCoexist(...resources: readonly Resource[]): boolean {
  const needs = new Map<Resource, number>()
  const shared = new Set<Resource>()
  for (const resource of resources) {
    for (const [kind, count] of needsOf(resource)) add(needs, kind, count)
    for (const each of [resource, ...requiredTargets(resource)])
      for (const property of requiredRelations(each))
        if (isShared(property)) shared.add(property.relation.target)
  }
  for (const resource of shared) for (const [kind, count] of needsOf(resource)) add(needs, kind, count)
  return capacityFor(needs) >= 1
}
