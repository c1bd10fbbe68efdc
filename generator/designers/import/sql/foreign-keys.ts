import { relationProperty, type Entity, type ForeignKey as EntityKey } from '#contract'
import { foreignKeyFault } from '../../../blueprint/lint/foreign-keys.ts'
import type { RowOwners } from './row-owners.ts'
import { same, type Ddl, type ForeignKey, type Table } from './table-definition.ts'
import { isNatural } from './table-keys.ts'
import { byRowOf } from './unchecked-references.ts'

/** Of an entity. */
const MAX_KEYS = 10

/** The tables, and the entity of each, in the same order. */
type Made = {
  readonly ddl: Ddl
  readonly kept: readonly Table[]
  readonly entities: readonly Entity[]
  readonly owners: RowOwners | undefined
}

/**
 * Gives the entities the foreign keys of several columns that the project can hold, and returns them as the definitions
 * state them. Where requests could not say whose rows are meant, or have keys that they choose, the others are closed.
 */
export function addForeignKeys({ ddl, kept, entities, owners }: Made): ReadonlySet<ForeignKey> {
  const built = new Set<ForeignKey>()
  for (const [at, table] of kept.entries()) {
    const entity = entities[at]!
    const owner = owners?.get(table)
    if (owner?.kind === 'account' || isNatural(table, entity)) continue
    for (const key of table.foreignKeys) {
      if (key.columns.length < 2 || byRowOf(key, ddl)) continue
      if (owner?.kind === 'own' && key.columns.some((name) => same(name, owner.column))) continue
      const target = ddl.find(key.table)
      const other = target && entities[kept.indexOf(target)]
      const made = other && toEntityKey(key, { entity, other, target })
      const before = entity.foreignKeys ?? []
      if (!made || before.length >= MAX_KEYS) continue
      const isKnown = before.some((one) => JSON.stringify(one) === JSON.stringify(made))
      const blueprint = { entities: [...entities], auth: { kind: 'none' as const } }
      if (!isKnown && foreignKeyFault(entity, made, before, blueprint) !== null) continue
      built.add(key)
      if (!isKnown) entity.foreignKeys = [...before, made]
    }
  }
  return built
}

function toEntityKey(
  key: ForeignKey,
  { entity, other, target }: { readonly entity: Entity; readonly other: Entity; readonly target: Table },
): EntityKey | undefined {
  const columns = key.targets.length > 0 ? key.targets : target.primaryKey
  const properties = key.columns.flatMap((name) => propertyNamed(entity, name) ?? [])
  const targets = columns.flatMap((name) => propertyNamed(other, name) ?? [])
  const isWhole = properties.length === key.columns.length && targets.length === columns.length
  if (!isWhole || properties.length > 6) return undefined
  const isOptional = properties.every((name) => !isRequired(entity, name))
  const onDelete =
    key.onDelete === 'setDefault' || (key.onDelete === 'setNull' && !isOptional) ? 'restrict' : key.onDelete
  return { properties, target: other.name, targets, onDelete }
}

const propertyNamed = ({ fields, belongsTo }: Entity, column: string): string | undefined =>
  [...fields.map(({ name }) => name), ...belongsTo.map(relationProperty)].find((name) => same(name, column))

const isRequired = ({ fields, belongsTo }: Entity, name: string): boolean =>
  fields.some((one) => one.name === name && one.required) ||
  belongsTo.some((one) => relationProperty(one) === name && one.required)
