import { typeOfColumn } from './column-type.ts'
import { listed } from './listed.ts'
import type { Ddl, Table } from './table-definition.ts'
import { isUnique } from './table-keys.ts'

/** Collations that tell letters apart by case: `utf8mb4_bin`, `latin1_general_cs`, `SQL_Latin1_General_CP1_CS_AS`. */
const BY_CASE = /(_|^)(bin2?|cs)(_|$)/i

const NAMES = { mysql: 'MySQL', sqlserver: 'SQL Server' } as const

/**
 * MySQL and SQL Server compare texts whatever their case, unless a collation says otherwise. Here, they are compared as they
 * are, which the report says where texts are unique.
 */
export function sayCollations({ dialect, tables }: Ddl, notes: Set<string>): void {
  if (dialect !== 'mysql' && dialect !== 'sqlserver') return
  const found = tables.flatMap((table) => uniqueTexts(table).map((name) => `${name} of ${table.name}`))
  if (found.length === 0) return
  notes.add(
    `${NAMES[dialect]} compares texts without their case, unless a collation says otherwise. Here, "a" and "A" are two values, also where texts are unique or looked up: ${listed(found)}.`,
  )
}

function uniqueTexts(table: Table): string[] {
  const together = new Set([...table.uniques.flat(), ...table.primaryKey].map((name) => name.toLowerCase()))
  return table.columns
    .filter((column) => {
      if (!isUnique(table, column) && !together.has(column.name.toLowerCase())) return false
      const isText = ['string', 'text'].includes(typeOfColumn(column).type.kind)
      return isText && !column.ignoresCase && !BY_CASE.test(column.collation ?? table.collation ?? '')
    })
    .map(({ name }) => name)
}
