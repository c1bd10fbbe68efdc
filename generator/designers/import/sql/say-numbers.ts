import { isLargerThanJson } from './decimal-type.ts'
import { listed } from './listed.ts'
import type { Column, Ddl } from './table-definition.ts'

/** Says which columns hold numbers that JSON does not, once for all tables. */
export function sayNumbers({ tables }: Ddl, notes: Set<string>): void {
  const named = (isMeant: (column: Column) => boolean) =>
    tables.flatMap(({ name, columns }) =>
      columns.filter(isMeant).map((column) => `${column.name} of ${name}`),
    )
  const large = named(isLargerThanJson)
  if (large.length > 0)
    notes.add(
      `${listed(large)} may hold larger numbers in the database: JSON numbers are exact up to 9007199254740991, and larger ones are refused.`,
    )
  const rounded = named(
    ({ type, scale = 0, isArray }) =>
      /^(numeric|decimal|dec|number|fixed)$/.test(type) && scale > 0 && !isArray,
  )
  if (rounded.length > 0)
    notes.add(
      `${listed(rounded)} ${rounded.length === 1 ? 'has' : 'have'} a fixed number of decimals: the range is checked, and further decimals are kept.`,
    )
}
