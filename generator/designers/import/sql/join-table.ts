import type { ManyToMany } from '#contract'
import { CREATED } from './names.ts'
import type { RowOwners } from './row-owners.ts'
import { same, type Column, type Ddl, type ForeignKey, type Table } from './table-definition.ts'
import type { Given } from './relations.ts'
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

/**
 * Whether links of a join table can be made without writing to the rows of another account: whoever may change the left row
 * links it. Otherwise the table has rows of its own.
 */
export function canBeLinked(table: Table, { ddl, owners }: Pick<LinkGiven, 'ddl' | 'owners'>): boolean {
  if (table.hasRowSecurity) return false
  const isHidden = (side: Table | undefined) =>
    side?.hasRowSecurity === true && !['own', 'account'].includes(owners?.get(side)?.kind ?? '')
  if (table.foreignKeys.some((key) => isHidden(ddl.find(key.table)))) return false
  const kinds = table.foreignKeys.map((key) => owners?.get(ddl.find(key.table)!)?.kind ?? 'plain')
  if (kinds.includes('granted') || owners?.get(table)?.kind === 'granted') return false
  return kinds.every((kind) => kind === 'plain') || kinds.some((kind) => kind === 'account' || kind === 'own')
}

type LinkGiven = Pick<Given, 'ddl' | 'names'> & { readonly owners: RowOwners | undefined }

/** The left side is that of the account, or of its rows. */
export function linkOf(table: Table, { ddl, names, owners }: LinkGiven): ManyToMany {
  const rank = ({ table: to }: ForeignKey) =>
    ['account', 'own'].indexOf(owners?.get(ddl.find(to)!)?.kind ?? '') + 1 || 3
  const [left, right] = table.foreignKeys
    .filter(({ columns }) => columns.length === 1)
    .sort((a, b) => rank(a) - rank(b))
  const entityOf = (key: ForeignKey | undefined) => (key && names.get(ddl.find(key.table)!)) ?? ''
  return {
    left: entityOf(left),
    right: entityOf(right),
    table: table.stored ?? table.name,
    leftColumn: left!.columns[0]!,
    rightColumn: right!.columns[0]!,
  }
}
