import { CREATED } from './names.ts'
import { same, type Column, type Ddl, type Table } from './table-definition.ts'
import { isWhole } from './table-keys.ts'

/** A join table: two foreign keys, and perhaps a timestamp. */
export function isJoin(table: Table, ddl: Ddl): boolean {
  const { primaryKey, foreignKeys, columns, uniques } = table
  const keys = foreignKeys.filter(({ columns: own }) => own.length === 1)
  const [left, right] = keys
  if (keys.length !== 2 || foreignKeys.length !== 2 || !left || !right) return false
  if (ddl.find(left.table) === ddl.find(right.table)) return false
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
