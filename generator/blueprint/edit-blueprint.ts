import {
  relationProperty,
  successesOf,
  type Blueprint,
  type CustomOperation,
  type Entity,
  type SeedRow,
  type Shape,
  type Success,
} from '#contract'
import { indexNames } from './row-condition.ts'
import { hasRowOf, propertyNamed, renameEntityInExamples, renamePropertyInExamples } from './edit-examples.ts'
import { withoutLostUsers } from './shared-helpers.ts'

/** Edits that keep the rest of a Blueprint consistent. They return a new value. */

/** Renames an entity and every reference to it. */
export function renameEntity(
  blueprint: Blueprint,
  from: string,
  names: Pick<Entity, 'name' | 'plural' | 'label' | 'labelPlural' | 'path'>,
): Blueprint {
  const now = (name: string) => (name === from ? names.name : name)
  const { auth } = blueprint
  const { operations, schedules } = renameEntityInExamples(blueprint, now)
  return {
    ...blueprint,
    auth: auth.kind === 'jwt' ? { ...auth, account: now(auth.account) } : auth,
    entities: blueprint.entities.map((entity) => ({
      ...entity,
      ...(entity.name === from && names),
      belongsTo: entity.belongsTo.map((relation) => ({ ...relation, target: now(relation.target) })),
      ...(entity.foreignKeys && {
        foreignKeys: entity.foreignKeys.map((key) => ({ ...key, target: now(key.target) })),
      }),
    })),
    manyToMany: blueprint.manyToMany.map(({ left, right }) => ({ left: now(left), right: now(right) })),
    operations: operations.map((operation) => withEntityNames(operation, now)),
    schedules,
    seeds: blueprint.seeds.map((seed) => ({ ...seed, entity: now(seed.entity) })),
  }
}

/** Renames a field or relation, also in seeds and in the rows of examples. */
export function renameProperty(blueprint: Blueprint, entity: string, from: string, to: string): Blueprint {
  const seeded = mapSeeds(blueprint, entity, (values, one) => {
    const [property, next] = [propertyNamed(one, from), renamed(one, propertyNamed(one, from), from, to)]
    return Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name === property ? next : name, value]),
    )
  })
  const holder = blueprint.entities.find(({ name }) => name === entity)
  const property = holder ? propertyNamed(holder, from) : from
  const next = holder ? renamed(holder, property, from, to) : to
  const keyed = renameInForeignKeys(renamePropertyInExamples(seeded, entity, property, next), entity, {
    property,
    next,
  })
  return onEntity(keyed, entity, (one) => ({
    ...one,
    fields: one.fields.map((field) => (field.name === from ? { ...field, name: to } : field)),
    belongsTo: one.belongsTo.map((relation) =>
      relation.name === from ? { ...relation, name: to } : relation,
    ),
    ...(one.owner === from && { owner: to }),
    ...(one.indexes && {
      indexes: one.indexes.map((index) => ({
        ...index,
        properties: index.properties.map((name) => renamed(one, name, from, to)),
        ...(index.ignoreCase && {
          ignoreCase: index.ignoreCase.map((name) => renamed(one, name, from, to)),
        }),
        ...(index.where && {
          where: index.where.map((rule) => ({ ...rule, property: renamed(one, rule.property, from, to) })),
        }),
      })),
    }),
  }))
}

/** A property is named by the foreign keys of its entity, and by those that lead to it. */
function renameInForeignKeys(
  blueprint: Blueprint,
  entity: string,
  { property, next }: { readonly property: string; readonly next: string },
): Blueprint {
  const renamedIn = (names: readonly string[]) => names.map((name) => (name === property ? next : name))
  return {
    ...blueprint,
    entities: blueprint.entities.map((one) =>
      one.foreignKeys === undefined
        ? one
        : {
            ...one,
            foreignKeys: one.foreignKeys.map((key) => ({
              ...key,
              ...(one.name === entity && { properties: renamedIn(key.properties) }),
              ...(key.target === entity && { targets: renamedIn(key.targets) }),
            })),
          },
    ),
  }
}

/** The property name after a rename; a relation's property usually follows the relation's name. */
function renamed({ belongsTo }: Entity, property: string, from: string, to: string): string {
  if (property === from) return to
  const relation = belongsTo.find(({ name }) => name === from)
  if (!relation || relationProperty(relation) !== property) return property
  return relationProperty({ ...relation, name: to })
}

/** Removes an entity, the relations to it and its operations. */
export function removeEntity(blueprint: Blueprint, name: string): Blueprint {
  const pointing = blueprint.entities.flatMap((entity) =>
    entity.belongsTo
      .filter(({ target }) => target === name)
      .map((relation) => ({ entity: entity.name, relation: relation.name })),
  )
  const rest = pointing.reduce((left, at) => removeProperty(left, at.entity, at.relation), blueprint)
  const gone = new Set(rest.seeds.filter(({ entity }) => entity === name).map((seed) => seed.name))
  return withoutLostUsers({
    ...rest,
    seeds: rest.seeds
      .filter((seed) => !gone.has(seed.name))
      .map((seed) => ({ ...seed, links: seed.links.filter((other) => !gone.has(other)) })),
    entities: rest.entities.filter((entity) => entity.name !== name),
    manyToMany: rest.manyToMany.filter(({ left, right }) => left !== name && right !== name),
    operations: rest.operations.filter((operation) => !isAbout(operation, name)),
  })
}

/** Removes a field or relation. The linter removes the examples that use it. */
export function removeProperty(blueprint: Blueprint, entity: string, name: string): Blueprint {
  const seeded = mapSeeds(blueprint, entity, (values, one) => {
    const { [propertyNamed(one, name)]: _gone, ...rest } = values
    return rest
  })
  return onEntity(seeded, entity, ({ owner, policies, ...one }) =>
    withoutLostIndexes({
      ...one,
      fields: one.fields.filter((field) => field.name !== name),
      belongsTo: one.belongsTo.filter((relation) => relation.name !== name),
      ...(owner !== undefined && owner !== name && { owner }),
      ...(owner === name && { access: { read: 'authenticated', write: 'authenticated' } }),
      ...(policies && { policies: owner === name ? withoutOwner(policies) : policies }),
    }),
  )
}

/** Removes the indexes of a removed property. */
function withoutLostIndexes({ indexes, ...entity }: Entity): Entity {
  if (indexes === undefined) return entity
  const there = new Set([...entity.fields.map(({ name }) => name), ...entity.belongsTo.map(relationProperty)])
  return {
    ...entity,
    indexes: indexes.filter((index) => indexNames(index).every((name) => there.has(name))),
  }
}

/** Access by owner or role becomes access for every signed-in account. */
const withoutOwner = (policies: NonNullable<Entity['policies']>): NonNullable<Entity['policies']> =>
  Object.fromEntries(Object.entries(policies).filter(([, policy]) => policy?.who !== 'owner'))

function mapSeeds(
  blueprint: Blueprint,
  entity: string,
  change: (values: SeedRow['values'], entity: Entity) => SeedRow['values'],
): Blueprint {
  const one = blueprint.entities.find(({ name }) => name === entity)
  if (!one) return blueprint
  return {
    ...blueprint,
    seeds: blueprint.seeds.map((seed) =>
      seed.entity === entity ? { ...seed, values: change(seed.values, one) } : seed,
    ),
  }
}

export function onEntity(blueprint: Blueprint, name: string, change: (entity: Entity) => Entity): Blueprint {
  return {
    ...blueprint,
    entities: blueprint.entities.map((entity) => (entity.name === name ? change(entity) : entity)),
  }
}

function isAbout(operation: CustomOperation, name: string): boolean {
  const { entity, responses, examples, body, implementation } = operation
  return (
    entity === name ||
    implementation?.entity === name ||
    successesOf({ responses }).some((success) => success.kind === 'json' && holds(success.shape, name)) ||
    (body !== null && holds(body, name)) ||
    examples.some((example) => hasRowOf(example, name))
  )
}

function holds(shape: Shape, name: string): boolean {
  switch (shape.kind) {
    case 'entity':
      return shape.entity === name
    case 'array':
      return holds(shape.items, name)
    case 'record':
      return holds(shape.values, name)
    case 'object':
      return shape.properties.some((property) => holds(property.shape, name))
    default:
      return false
  }
}

function withEntityNames(operation: CustomOperation, now: (name: string) => string): CustomOperation {
  const renamed = (success: Success): Success =>
    success.kind === 'json' ? { ...success, shape: renamedShape(success.shape, now) } : success
  const { success, others } = operation.responses
  return {
    ...operation,
    ...(operation.entity !== undefined && { entity: now(operation.entity) }),
    ...(operation.implementation && {
      implementation: { ...operation.implementation, entity: now(operation.implementation.entity) },
    }),
    body: operation.body && renamedShape(operation.body, now),
    responses: {
      ...operation.responses,
      success: renamed(success),
      ...(others && { others: others.map(renamed) }),
    },
  }
}

function renamedShape(shape: Shape, now: (name: string) => string): Shape {
  switch (shape.kind) {
    case 'entity':
      return { ...shape, entity: now(shape.entity) }
    case 'array':
      return { ...shape, items: renamedShape(shape.items, now) }
    case 'record':
      return { ...shape, values: renamedShape(shape.values, now) }
    case 'object':
      return {
        ...shape,
        properties: shape.properties.map((one) => ({ ...one, shape: renamedShape(one.shape, now) })),
      }
    default:
      return shape
  }
}
