import type { Entity } from '#contract'
import { toCamel } from '../../../blueprint/words.ts'
import { label, type Place } from './names.ts'
import { columnNamed, spoken, type Ddl, type Table } from './table-definition.ts'
import { byRowOf } from './unchecked-references.ts'
import { isInKey, isUnique, isWhole, keyOfTable } from './table-keys.ts'

/** The maximum of an entity. */
const MAX_RELATIONS = 20

export type Given = {
  readonly ddl: Ddl
  readonly names: ReadonlyMap<Table, string>
  readonly places: ReadonlyMap<Table, Place>
  readonly notes: Set<string>
}

export function relationsOf(
  table: Table,
  { ddl, names, notes }: Given,
  isKey: (column: string) => boolean,
): Entity['belongsTo'] {
  const found: Entity['belongsTo'] = []
  // A repeated definition changes nothing.
  const keys = new Map(table.foreignKeys.map((key) => [JSON.stringify(key).toLowerCase(), key]))
  for (const stated of keys.values()) {
    const foreignKey = byRowOf(stated, ddl) ?? stated
    if (foreignKey.columns.length > 1 && ddl.find(foreignKey.table)) continue
    const [name] = foreignKey.columns
    const column = name === undefined ? undefined : columnNamed(table, name)
    const target = ddl.find(foreignKey.table)
    const about = `${foreignKey.columns.join(' and ')} of ${table.name}`
    if (!target)
      notes.add(
        `${about} refers to ${spoken(foreignKey.table)}, which is not defined: it is an ordinary property.`,
      )
    else if (!column || !isWhole(foreignKey, ddl) || keyOfTable(target) === undefined || !names.has(target))
      notes.add(
        `${about} refers to ${target.name} by something other than its primary key: it is an ordinary property.`,
      )
    else if (isKey(column.name) || found.some(({ property }) => property === column.name)) continue
    else if (found.length >= MAX_RELATIONS)
      notes.add(
        `${about} refers to ${target.name} beyond the limit of ${MAX_RELATIONS} relations: it is an ordinary property.`,
      )
    else if (column.notNull && (target === table || needs(target, ddl).has(table)))
      notes.add(`${about} is part of a cycle of required references: it is an ordinary property.`)
    else {
      if (foreignKey !== stated)
        notes.add(
          `${stated.columns.join(' and ')} of ${table.name} refer together to ${target.name}: that the row exists is checked by ${column.name}, and the others are not compared.`,
        )
      const wish = toCamel(column.name.replace(/_?id$/i, '') || names.get(target)!) ?? 'parent'
      let own = wish
      for (let number = 2; found.some((one) => one.name === own); number++) own = `${wish}${number}`
      if (foreignKey.onDelete === 'setDefault') notes.add(`${about}: SET DEFAULT is treated as RESTRICT.`)
      const onDelete =
        foreignKey.onDelete === 'setDefault' || (foreignKey.onDelete === 'setNull' && column.notNull)
          ? 'restrict'
          : foreignKey.onDelete
      found.push({
        name: own,
        property: column.name,
        label: label(own),
        target: names.get(target)!,
        required: column.notNull || isInKey(table, column.name),
        unique: isUnique(table, column),
        onDelete,
      })
    }
  }
  return found
}

const needed = new WeakMap<Table, ReadonlySet<Table>>()

/** The tables that a row requires, directly or not; computed once. */
function needs(from: Table, ddl: Ddl): ReadonlySet<Table> {
  const known = needed.get(from)
  if (known) return known
  const found = new Set<Table>([from])
  for (const table of found) {
    for (const key of table.foreignKeys) {
      const target = ddl.find(key.table)
      if (target && !found.has(target) && key.columns.every((name) => columnNamed(table, name)?.notNull))
        found.add(target)
    }
  }
  needed.set(from, found)
  return found
}
