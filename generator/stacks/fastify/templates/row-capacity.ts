// How many rows of a kind generated tests can have at once. Most kinds have no end; a unique weekday has seven, and
// a page that belongs to the account which makes it, one-to-one, can be made once.
import { capacityOf } from '../../../blueprint/capacity.ts'
import { relationsOf, type Property, type Resource } from '../resource.ts'

/** A relation of a row to one other. */
type ToOne = ReturnType<typeof relationsOf>[number]

/** Fewer than these are shared by the rows that refer to them, instead of one being made for each. */
const FEW = 100

/** Whether a body refers to the account that sends it, since it may see no other. */
const isMyself = ({ relation: { target, isOwner } }: ToOne): boolean =>
  !isOwner && target.isAccount && target.policies.read.scope !== undefined

/** The relations whose targets a fixture makes or finds before it makes the row itself. */
const requiredRelations = (resource: Resource): ToOne[] =>
  relationsOf(resource).filter(
    (property) =>
      property.required &&
      !property.relation.isOwner &&
      property.relation.target !== resource &&
      !isMyself(property),
  )

/** Whether an account owns one row of this kind at most. */
export const hasUniqueOwner = (resource: Resource): boolean =>
  relationsOf(resource).some(({ unique, relation }) => unique && relation.isOwner)

/** Whether rows that refer to this kind share what there is of it. */
export const isScarce = (resource: Resource): boolean =>
  hasUniqueOwner(resource) || rowCapacity(resource) < FEW

/** Whether a fixture of the row takes a target that is there already. */
export const isShared = ({ unique, relation: { target } }: ToOne): boolean =>
  hasUniqueOwner(target) || (!unique && isScarce(target))

const known = new WeakMap<Resource, Map<Resource, number>>()

/** How many rows of each kind one more row of this kind needs, itself included; what is shared is not counted. */
function needsOf(resource: Resource): Map<Resource, number> {
  const before = known.get(resource)
  if (before) return before
  const needs = new Map([[resource, 1]])
  for (const property of requiredRelations(resource)) {
    if (isShared(property)) continue
    for (const [kind, count] of needsOf(property.relation.target)) add(needs, kind, count)
  }
  known.set(resource, needs)
  return needs
}

const add = (counts: Map<Resource, number>, kind: Resource, count: number) =>
  counts.set(kind, (counts.get(kind) ?? 0) + count)

/** Whether no new row has what another has in this property, as fixtures make it: something else, or nothing. */
const isFresh = (resource: Resource, property: Property): boolean =>
  property.kind === 'field'
    ? resource.varied.has(property.name)
    : !property.required || (requiredRelations(resource).includes(property) && !isShared(property))

/** The room that the row's own properties leave. */
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

/** How many rows there can be. */
export const rowCapacity = (resource: Resource): number => capacityFor(needsOf(resource))

function capacityFor(needs: ReadonlyMap<Resource, number>): number {
  return Math.floor(Math.min(...[...needs].map(([kind, count]) => ownCapacity(kind) / count)))
}

/** Every kind of which a row of this kind needs one, directly or not. */
export function requiredTargets(resource: Resource): Set<Resource> {
  const brought = new Set([resource])
  for (const each of brought) for (const { relation } of requiredRelations(each)) brought.add(relation.target)
  brought.delete(resource)
  return brought
}

/** Whether a test can have all of these rows at once, along with what they bring; a kind may be named repeatedly. */
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
