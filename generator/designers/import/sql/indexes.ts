import type { Entity, Field, Index } from '#contract'
import { same, type Table } from './table-definition.ts'
import { isInKey } from './table-keys.ts'

/** The maximum per table. */
const MAX_INDEXES = 20
const MAX_COLUMNS = 6

/** Unique constraints, including composite keys, and indexes. */
export function indexesOf(
  table: Table,
  fields: readonly Field[],
  relations: Entity['belongsTo'],
  notes: Set<string>,
) {
  const found: Index[] = []
  const nameOf = (column: string): string | undefined =>
    fields.find(({ name, type }) => same(name, column) && type.kind !== 'json')?.name ??
    relations.find(({ property }) => same(property ?? '', column))?.property
  const isUniqueAlone = (name: string) =>
    [...fields.map((field) => ({ ...field, property: field.name })), ...relations].some(
      ({ property, unique }) => unique && property === name,
    )
  const carry = (columns: readonly string[], unique: boolean): void => {
    const properties = columns.map(nameOf)
    const kept = properties.filter((name) => name !== undefined)
    const isWhole = kept.length === columns.length && kept.length <= MAX_COLUMNS && found.length < MAX_INDEXES
    if (!isWhole) {
      const list = columns.join(' and ')
      notes.add(
        unique
          ? `${list} of ${table.name} are unique together: this is not enforced.`
          : `The index of ${table.name} on ${columns.join(', ')} is not supported.`,
      )
      return
    }
    const isThere = found.some(
      (one) => [...one.properties].sort().join() === [...kept].sort().join() && (one.unique || !unique),
    )
    // Unique properties and relations already have an index.
    const isNeedless = unique
      ? kept.some(isUniqueAlone)
      : kept.length === 1 &&
        (isUniqueAlone(kept[0]!) || relations.some(({ property }) => property === kept[0]))
    if (!isThere && !isNeedless) found.push({ properties: kept, unique })
  }
  for (const columns of [...(table.primaryKey.length > 1 ? [table.primaryKey] : []), ...table.uniques])
    if (columns.length > 1) carry(columns, true)
  for (const columns of table.indexes)
    if (!columns.every((column) => table.primaryKey.length === 1 && isInKey(table, column)))
      carry(columns, false)
  return found
}
