import {
  keyOf,
  policyOf,
  relationProperty,
  type BelongsTo,
  type Blueprint,
  type Entity,
  type Field,
  type ForeignKey,
} from '#contract'
import { dropWhere, type Report } from './diagnostic.ts'

type Property = { readonly field: Field } | { readonly relation: BelongsTo }

/**
 * Foreign keys of several properties: both sides exist and fit, and rows can be created. Only documents state them, so one that
 * does not hold, such as after a change of its properties, is removed.
 */
export function lintForeignKeys(blueprint: Blueprint, report: Report): void {
  for (const entity of blueprint.entities) {
    if (entity.foreignKeys === undefined) continue
    dropWhere(entity.foreignKeys, (key, before) => {
      const fault = foreignKeyFault(entity, key, before, blueprint)
      if (fault === null) return false
      report.fixed({
        code: 'foreign-key.not-possible',
        path: pathOf(entity),
        what: `${key.properties.join(' and ')} of ${entity.name} refer together to ${key.target}: ${fault}.`,
        why: 'The database refuses such a foreign key, or every row with it.',
        fix: 'Removed the foreign key: the values stay, and nothing checks them.',
      })
      return true
    })
    if (entity.foreignKeys.length === 0) delete entity.foreignKeys
  }
  const fitted = new Set<Entity>()
  for (const entity of blueprint.entities) fitEntity(entity, blueprint, fitted, report)
}

const pathOf = ({ name }: Entity): string => `entities.${name}.foreignKeys`

/** Why the database or a request could not hold it; null if both can. */
export function foreignKeyFault(
  entity: Entity,
  key: ForeignKey,
  before: readonly ForeignKey[],
  { entities, auth }: Pick<Blueprint, 'entities' | 'auth'>,
): string | null {
  const target = entities.find(({ name }) => name === key.target)
  if (!target) return `${key.target} is not an entity`
  if (target === entity) return 'it is the same entity'
  if (policyOf(target, 'read').who === 'owner')
    return `only its owner reads each ${key.target}, and the database would tell everybody which there are`
  if (auth.kind === 'jwt' && auth.account === entity.name) return 'registrations do not know other rows'
  if (key.properties.length !== key.targets.length) return 'both sides have a different number of properties'
  if (before.some((other) => other.target === key.target && isSameSet(other.properties, key.properties)))
    return 'it is stated twice'
  for (const [at, name] of key.properties.entries()) {
    const otherName = key.targets[at] ?? ''
    const [own, other] = [propertyOf(entity, name), propertyOf(target, otherName)]
    if (!own || !other) return `${own ? `${key.target}.${otherName}` : name} does not exist`
    if (name in Object.prototype || otherName in Object.prototype) return `${name} is a reserved name`
    if (isOwner(entity, own)) return `${name} is set from the caller`
    if (!isComparable(own, other, entities)) return `${name} holds other values than ${otherName}`
  }
  if (!isUniqueTogether(target, key.targets)) return `${key.targets.join(' and ')} are not unique together`
  if (isRequired(entity, key) && needs(target, entities).has(entity)) return 'each would need the other first'
  return null
}

function propertyOf({ fields, belongsTo }: Entity, name: string): Property | undefined {
  const field = fields.find((one) => one.name === name)
  if (field) return { field }
  const relation = belongsTo.find((one) => relationProperty(one) === name)
  return relation && { relation }
}

const isOwner = ({ owner }: Entity, property: Property): boolean =>
  'relation' in property && property.relation.name === owner

const isSameSet = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((name) => b.includes(name))

const isUniqueTogether = ({ indexes = [] }: Entity, names: readonly string[]): boolean =>
  indexes.some(
    ({ unique, where, ignoreCase, properties }) =>
      unique && where === undefined && ignoreCase === undefined && isSameSet(properties, names),
  )

/** Whether each value of the target is one of the property as well. */
function isComparable(own: Property, other: Property, entities: readonly Entity[]): boolean {
  if ('relation' in own) return 'relation' in other && own.relation.target === other.relation.target
  if ('field' in other) return own.field.type.kind === other.field.type.kind && own.field.type.kind !== 'json'
  const target = entities.find(({ name }) => name === other.relation.target)
  if (!target) return false
  const { kind } = keyOf(target)
  return own.field.type.kind === (kind === 'text' ? 'string' : kind)
}

/** Whether a row always has one. */
const isRequired = (entity: Entity, { properties }: ForeignKey): boolean =>
  properties.every((name) => {
    const found = propertyOf(entity, name)
    return found !== undefined && ('field' in found ? found.field.required : found.relation.required)
  })

/** The entities that a row requires, directly or not. */
function needs(from: Entity, entities: readonly Entity[]): Set<Entity> {
  const found = new Set([from])
  for (const entity of found) {
    const names = new Set([
      ...entity.belongsTo.filter(({ required }) => required).map(({ target }) => target),
      ...(entity.foreignKeys ?? []).filter((key) => isRequired(entity, key)).map(({ target }) => target),
    ])
    for (const other of entities) if (names.has(other.name)) found.add(other)
  }
  return found
}

/** Targets first, whose own properties may take limits from others. */
function fitEntity(entity: Entity, blueprint: Blueprint, fitted: Set<Entity>, report: Report): void {
  if (fitted.has(entity)) return
  fitted.add(entity)
  for (const key of entity.foreignKeys ?? []) {
    const target = blueprint.entities.find(({ name }) => name === key.target)!
    fitEntity(target, blueprint, fitted, report)
    fitProperties(entity, key, target, report)
  }
}

/** A value that a foreign key decides has the limits of the other row, and no default. */
function fitProperties(entity: Entity, key: ForeignKey, target: Entity, report: Report): void {
  const found = key.properties.map((name) => propertyOf(entity, name)!)
  for (const [at, own] of found.entries()) {
    if (!('field' in own)) continue
    const other = propertyOf(target, key.targets[at]!)!
    if ('field' in other) own.field.type = structuredClone(other.field.type)
    if (own.field.default === undefined) continue
    delete own.field.default
    report.fixed({
      code: 'foreign-key.default',
      path: `entities.${entity.name}.fields.${own.field.name}.default`,
      what: `${own.field.name} of ${entity.name} has a default, and refers to ${key.target}.`,
      why: 'The row that it would refer to may not exist.',
      fix: 'Removed the default.',
    })
  }
  const isOptional = found.every((own) => !('field' in own ? own.field.required : own.relation.required))
  if (key.onDelete !== 'setNull' || isOptional) return
  key.onDelete = 'restrict'
  report.fixed({
    code: 'foreign-key.set-null-required',
    path: pathOf(entity),
    what: `${key.properties.join(' and ')} of ${entity.name} are set to null when their ${key.target} is deleted, and one of them is required.`,
    why: 'A required property is never null.',
    fix: `A ${key.target} with references can no longer be deleted (restrict).`,
  })
}
