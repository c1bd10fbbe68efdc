import type { ManyToMany } from '#contract'
import { CREATED, ROW_NAME } from './names.ts'
import { same, type Column, type Ddl, type ForeignKey, type Table } from './table-definition.ts'
import { isWhole } from './table-keys.ts'

/** A join table: two foreign keys, and perhaps a timestamp. */
export function isJoin(table: Table, ddl: Ddl): boolean {
  const { primaryKey, foreignKeys, columns, uniques } = table
  const keys = foreignKeys.filter(({ columns: own }) => own.length === 1)
  const [left, right] = keys
  if (keys.length !== 2 || !left || !right || same(left.table, right.table)) return false
  const own = [left.columns[0]!, right.columns[0]!]
  const isPair = (list: readonly string[]) =>
    list.length === 2 && own.every((name) => list.some((one) => same(one, name)))
  if (!isPair(primaryKey) && !uniques.some(isPair)) return false
  const isOther = ({ name }: Column) =>
    !own.some((one) => same(one, name)) &&
    !CREATED.test(name) &&
    !(primaryKey.length === 1 && same(primaryKey[0]!, name))
  return !columns.some(isOther) && [left, right].every((key) => isWhole(key, ddl))
}

export function linkOf(table: Table, names: ReadonlyMap<Table, string>): ManyToMany {
  const [left, right] = table.foreignKeys.filter(({ columns }) => columns.length === 1)
  const entityOf = (key: ForeignKey | undefined) =>
    [...names].find(([one]) => same(one.name, key?.table ?? ''))?.[1] ?? ''
  return {
    left: entityOf(left),
    right: entityOf(right),
    ...(ROW_NAME.test(table.name) && {
      table: table.name,
      leftColumn: left!.columns[0]!,
      rightColumn: right!.columns[0]!,
    }),
  }
}
