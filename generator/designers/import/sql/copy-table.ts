import type { Catalog } from './catalog.ts'
import { addColumn, columnNamed, type Table } from './table-definition.ts'

/** No table has more rules: a chain of copies must not grow without end. */
const MAX_COPIED = 120

/** The columns of another table, before those of its own. A column of both is one. */
export function copyColumns(from: Table, to: Table): void {
  const own = to.columns.splice(0)
  for (const column of from.columns) {
    const mine = own.findIndex(({ name }) => name.toLowerCase() === column.name.toLowerCase())
    const merged = mine === -1 ? { ...column, unique: false } : own.splice(mine, 1)[0]!
    if (mine !== -1) {
      merged.notNull ||= column.notNull
      merged.default ??= column.default
    }
    addColumn(to, merged)
  }
  for (const column of own) addColumn(to, column)
  to.checks = [...from.checks.slice(0, MAX_COPIED), ...to.checks]
}

/** The keys and indexes of another table. */
export function copyKeys(from: Table, to: Table): void {
  to.primaryKey = [...from.primaryKey]
  to.uniques.push(...from.uniques.slice(0, MAX_COPIED).map((columns) => [...columns]))
  to.indexes.push(...from.indexes.slice(0, MAX_COPIED))
  for (const { name, unique } of from.columns) if (unique) columnNamed(to, name)!.unique = true
}

/** Constraints are not inherited, and rows of a table without a key could not be told apart. */
export function sayInherited(table: Table, catalog: Catalog): void {
  const names = table.parents.map(({ name }) => name).join(' and ')
  const keyed = table.parents.find(({ primaryKey }) => primaryKey.length > 0)
  const takesKey = keyed !== undefined && table.primaryKey.length === 0
  if (takesKey) table.primaryKey = [...keyed.primaryKey]
  catalog.notes.push(
    `The table ${table.name} inherits from ${names} and adds columns: it is a table of its own with all columns${takesKey ? ` and the key of ${keyed.name}` : ''}, and its rows are not listed among those of ${names}.`,
  )
}
