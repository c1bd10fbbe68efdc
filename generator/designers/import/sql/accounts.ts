import type { Entity } from '#contract'
import type { ImportOptions } from '../import-result.ts'
import { accountTable, canSignIn, toAccount } from './account-table.ts'
import { accessOf } from './row-access.ts'
import { rowOwners, type RowOwners } from './row-owners.ts'
import type { Ddl, Table } from './table-definition.ts'

/** The table of accounts, and whose rows all tables have; undefined where nobody signs in. */
export type Accounts = { readonly table: Table | undefined; readonly owners: RowOwners | undefined }

export function accountsOf(ddl: Ddl, { auth }: ImportOptions): Accounts {
  if (auth !== undefined && auth !== 'jwt') return { table: undefined, owners: undefined }
  const table = accountTable(ddl.tables, auth === 'jwt')
  const signsIn = table !== undefined && canSignIn(table)
  if (!signsIn && auth !== 'jwt') return { table, owners: undefined }
  return { table, owners: rowOwners(ddl.tables, signsIn ? table : null, ddl) }
}

/** The table of accounts becomes sign-in, and the tables around it belong to accounts, unless the request says otherwise. */
export function withAccounts(
  made: readonly Entity[],
  given: {
    readonly accounts: Accounts
    readonly kept: readonly Table[]
    readonly names: ReadonlyMap<Table, string>
    readonly ddl: Ddl
    readonly notes: Set<string>
  },
): { entities: Entity[]; own?: string; closed?: string } {
  const { accounts, kept, names, ddl, notes } = given
  const { table, owners } = accounts
  const plain = made.find(({ name }) => table !== undefined && name === names.get(table))
  const account = plain && table ? toAccount(plain, table.name, { entities: made, notes }) : null
  const entities = made.map((entity, at) => {
    if (entity === plain) return account ?? { ...plain, operations: [] }
    return owners ? accessOf(entity, kept[at]!, { owners, names, ddl, notes }) : entity
  })
  if (account) return { entities, own: account.name }
  return { entities, ...(plain && { closed: plain.name }) }
}
