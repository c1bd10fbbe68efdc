import { ACCOUNTS, GRANTED_TABLE, isOwnerName, seemsOwnerName } from './account-names.ts'
import { typeOfColumn } from './column-type.ts'
import { isJoin } from './join-table.ts'
import { columnNamed, same, type Ddl, type Table } from './table-definition.ts'
import { isWhole, keyOfTable } from './table-keys.ts'

/** Who may write the rows of a table, where accounts sign in. */
export type RowOwner =
  | { readonly kind: 'account' }
  /** The account in one of the columns. */
  | { readonly kind: 'own'; readonly column: string }
  /** Rows refer to accounts, or seem to, and nothing says who may change them. */
  | { readonly kind: 'closed'; readonly columns: readonly string[]; readonly isStated: boolean }
  /** Rows say what accounts may do. */
  | { readonly kind: 'granted' }
  /** Rows are part of others, which belong to accounts. */
  | { readonly kind: 'below'; readonly above: readonly Table[] }
  /** Every account. */
  | { readonly kind: 'plain' }

export type RowOwners = ReadonlyMap<Table, RowOwner>

/**
 * Whose rows each table has. `account` is the table whose rows sign in; null where accounts sign in that the definitions do
 * not have.
 */
export function rowOwners(tables: readonly Table[], account: Table | null, ddl: Ddl): RowOwners {
  const owners = new Map<Table, RowOwner>(tables.map((table) => [table, ownerOf(table, account, ddl)]))
  // Rows of rows: the list of those that are left shrinks until nothing changes.
  for (let left = tables, hasChanged = true; hasChanged;) {
    hasChanged = false
    left = left.filter((table) => {
      if (owners.get(table)?.kind !== 'plain') return false
      const above = targetsOf(table, ddl).filter((target) => isAbove(owners.get(target)))
      if (above.length === 0) return true
      owners.set(table, { kind: 'below', above })
      hasChanged = true
      return false
    })
  }
  return owners
}

const isAbove = (owner: RowOwner | undefined): boolean =>
  owner !== undefined && ['own', 'closed', 'below'].includes(owner.kind)

const targetsOf = (table: Table, ddl: Ddl): Table[] =>
  [...new Set(table.foreignKeys.flatMap((key) => ddl.find(key.table) ?? []))].filter(
    (target) => target !== table,
  )

function ownerOf(table: Table, account: Table | null, ddl: Ddl): RowOwner {
  if (table === account) return { kind: 'account' }
  if (GRANTED_TABLE.test(table.name)) return { kind: 'granted' }
  const keys = account === null ? [] : table.foreignKeys.filter((key) => ddl.find(key.table) === account)
  const grants = targetsOf(table, ddl).some(({ name }) => GRANTED_TABLE.test(name))
  if (grants && (keys.length > 0 || isJoin(table, ddl))) return { kind: 'granted' }
  if (keys.length > 0) {
    const usable = keys.filter(
      (key) => isWhole(key, ddl) && !same(key.columns[0]!, keyOfTable(table)?.name ?? ''),
    )
    const named = usable.filter(({ columns }) => isOwnerName(columns[0]!))
    const only = usable.length === 1 && keys.length === 1 ? usable[0] : undefined
    const isRequired = only !== undefined && columnNamed(table, only.columns[0]!)?.notNull === true
    const owner = named.length === 1 ? named[0] : isRequired ? only : undefined
    return owner === undefined
      ? { kind: 'closed', columns: keys.map(({ columns }) => columns.join(' and ')), isStated: true }
      : { kind: 'own', column: owner.columns[0]! }
  }
  const seeming = columnsLikeOwners(table, account, ddl)
  if (seeming.length > 0) return { kind: 'closed', columns: seeming, isStated: false }
  // Accounts of another service.
  if (account === null && ACCOUNTS.test(table.name)) return { kind: 'closed', columns: [], isStated: false }
  return { kind: 'plain' }
}

/** Columns with the name and the form of the key of an account, which lead to no other table. */
function columnsLikeOwners(table: Table, account: Table | null, ddl: Ddl): string[] {
  const elsewhere = new Set(
    table.foreignKeys.flatMap(({ columns, table: to }) => {
      const target = ddl.find(to)
      return target === undefined || ACCOUNTS.test(target.name)
        ? []
        : columns.map((name) => name.toLowerCase())
    }),
  )
  return table.columns.flatMap((column) => {
    const { name, isComputed } = column
    if (isComputed || elsewhere.has(name.toLowerCase()) || !seemsOwnerName(name, account?.name)) return []
    const { kind } = typeOfColumn(column).type
    // A name of an author is no key of one.
    const isKey = kind === 'integer' || kind === 'uuid' || (kind === 'string' && /_?id$/i.test(name))
    return isKey && !same(name, keyOfTable(table)?.name ?? '') ? [name] : []
  })
}
