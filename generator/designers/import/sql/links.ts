import type { ManyToMany } from '#contract'
import type { Given } from './relations.ts'
import type { RowOwners } from './row-owners.ts'
import type { ForeignKey, Table } from './table-definition.ts'

/**
 * Whether links of a join table can be made without writing to the rows of another account: the account that may change the left row
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
