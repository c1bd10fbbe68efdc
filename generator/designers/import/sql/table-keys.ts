import type { Entity, Key } from '#contract'
import { typeOfColumn } from './column-type.ts'
import { columnNamed, same, type Column, type Ddl, type ForeignKey, type Table } from './table-definition.ts'

/** Whether a foreign key refers to the whole primary key of its target. */
export function isWhole({ table, targets, columns }: ForeignKey, ddl: Ddl): boolean {
  const target = ddl.find(table)
  if (!target || columns.length !== 1 || target.primaryKey.length !== 1) return false
  return targets.length === 0 || same(targets[0]!, target.primaryKey[0]!)
}

/** The key of a table: a single column of a suitable type; undefined if rows need a generated id. */
export function keyOfTable(table: Table): Key | undefined {
  const [name] = table.primaryKey
  const column = name === undefined || table.primaryKey.length > 1 ? undefined : columnNamed(table, name)
  if (!column) return undefined
  if (table.foreignKeys.some(({ columns }) => columns.length === 1 && same(columns[0]!, column.name)))
    return undefined
  const { type } = typeOfColumn(column)
  switch (type.kind) {
    case 'integer':
      return { name: column.name, kind: 'integer' }
    case 'uuid':
      return { name: column.name, kind: 'uuid' }
    case 'string':
    case 'text':
      return { name: column.name, kind: 'text' }
    default:
      return undefined
  }
}

/** A natural text key, such as a country code, not a UUID in a text column. */
export function isNatural(table: Table, { key }: Entity): boolean {
  if (key?.kind !== 'text') return false
  const column = columnNamed(table, key.name)
  return column !== undefined && column.default === undefined && column.size !== 36
}

export const isInKey = ({ primaryKey }: Table, column: string): boolean =>
  primaryKey.some((one) => same(one, column))

export const isUnique = (table: Table, { name, unique }: Column): boolean =>
  unique ||
  table.uniques.some((list) => list.length === 1 && same(list[0]!, name)) ||
  (table.primaryKey.length === 1 && same(table.primaryKey[0]!, name))
