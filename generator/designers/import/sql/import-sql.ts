import type { Blueprint, Operation } from '#contract'
import { toKebab } from '../../../blueprint/words.ts'
import { looksLikeSecret } from '../../../blueprint/secret-names.ts'
import { accountFor } from '../account.ts'
import { DOCUMENT_LIMITS, type DocumentLimits } from '../document-limits.ts'
import type { ImportOptions, ImportResult } from '../import-result.ts'
import { accountsOf, withAccounts } from './accounts.ts'
import { sayCollations } from './collations.ts'
import { addForeignKeys } from './foreign-keys.ts'
import { isJoin } from './join-table.ts'
import { canBeLinked, linkOf } from './links.ts'
import { makeEntity } from './make-entity.ts'
import { label, nameTables, placeTables } from './names.ts'
import { keptOperations } from './natural-key.ts'
import { sayNumbers } from './say-numbers.ts'
import { closedOperations } from './unchecked-references.ts'
import { readDdl } from './read-ddl.ts'
import { isOpenTo } from './row-access.ts'
import type { Table } from './table-definition.ts'
import { isOpenByPolicy, withRowSecurity } from './row-security.ts'
import { isNatural } from './table-keys.ts'

/** The Blueprint of SQL definitions: an entity for each table, with its exact columns. Throws a `SpecError`. */
export function importSql(
  sql: string,
  wish: ImportOptions,
  limits: DocumentLimits = DOCUMENT_LIMITS,
): ImportResult {
  const ddl = readDdl(sql, limits)
  const notes = new Set<string>()
  for (const note of ddl.notes) notes.add(note)
  const missing = new Set(ddl.others)
  const accounts = accountsOf(ddl, wish)
  const joins = ddl.tables.filter(
    (table) => isJoin(table, ddl) && canBeLinked(table, { ddl, owners: accounts.owners }),
  )
  const kept = ddl.tables.filter((table) => !joins.includes(table))
  const names = nameTables(kept)
  const places = placeTables(names)
  const made = kept.map((table) => makeEntity(table, { ddl, names, places, notes }))
  const built = addForeignKeys({ ddl, kept, entities: made, owners: accounts.owners })
  const closedTo = closedOperations(kept, ddl, built, notes)
  const isOpen = (table: Table, operation: Operation) => !closedTo.get(table)?.has(operation)
  sayNumbers(ddl, notes)
  sayCollations(ddl, notes)
  const { entities: all, own, closed } = withAccounts(made, { accounts, kept, names, ddl, notes })
  const isSecured = wish.auth === undefined || wish.auth === 'jwt'
  const entities = all
    .map((entity, at) => ({
      ...entity,
      operations: entity.operations.filter((operation) => isOpen(kept[at]!, operation)),
    }))
    .map((entity, at) =>
      isSecured ? withRowSecurity(entity, kept[at]!, { owners: accounts.owners, notes }) : entity,
    )
  const manyToMany = joins.map((table) => linkOf(table, { ddl, names, owners: accounts.owners }))
  for (const { name } of joins)
    notes.add(`The table ${name} joins two others: it becomes a many-to-many relation.`)
  const title = label(wish.name ?? ddl.name ?? `${entities[0]?.plural ?? 'Database'} API`)
  const operations = kept.flatMap((table) => {
    const entity = entities.find(({ name }) => name === names.get(table))!
    if (!isNatural(table, made[kept.indexOf(table)]!) || entity.name === closed) return []
    if (looksLikeSecret(entity.key!.name, { entity: table.name })) return []
    return keptOperations(entity, entities).filter(({ implementation }) => {
      if (implementation?.kind !== 'crud') return true
      const operation = implementation.action === 'replace' ? 'update' : implementation.action
      // These routes are open to every account.
      return (
        isOpen(table, operation) &&
        (!isSecured || isOpenByPolicy(table, operation)) &&
        (!accounts.owners || isOpenTo(operation, table, { owners: accounts.owners, ddl }))
      )
    })
  })
  const account = own === undefined && wish.auth === 'jwt' ? accountFor(entities) : undefined
  if (account) notes.add('Every request needs a bearer token: accounts register and sign in at /auth.')
  if (wish.auth === 'apiKey') notes.add('Every request needs an API key in the header X-API-Key.')
  const hasSender = own !== undefined || account !== undefined || wish.auth === 'apiKey'
  const access = hasSender ? ('authenticated' as const) : ('public' as const)
  const blueprint: Blueprint = {
    version: 1,
    name: (toKebab(wish.name ?? ddl.name ?? title) ?? 'database-api').slice(0, 60).replace(/-+$/, ''),
    title,
    description: `Made from the definitions of ${ddl.tables.length === 1 ? 'a table' : `${ddl.tables.length} tables`}.`,
    auth:
      account || own !== undefined
        ? { kind: 'jwt', account: own ?? account!.name }
        : { kind: wish.auth === 'apiKey' ? 'apiKey' : 'none' },
    entities: [
      ...(accounts.owners === undefined
        ? entities.map((entity) => ({ ...entity, access: { read: access, write: access } }))
        : entities),
      ...(account ? [account] : []),
    ],
    manyToMany,
    operations: operations.map((operation) => ({ ...operation, access })),
    config: [],
    seeds: [],
    schedules: [],
    services: [],
  }
  return { blueprint, assumptions: [...notes], notUnderstood: [...missing] }
}
