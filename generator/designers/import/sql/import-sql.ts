import type { Blueprint } from '#contract'
import { toKebab } from '../../../blueprint/words.ts'
import { looksLikeSecret } from '../../../blueprint/secret-names.ts'
import { accountFor } from '../account.ts'
import type { ImportOptions, ImportResult } from '../import-result.ts'
import { isJoin, linkOf } from './join-table.ts'
import { makeEntity } from './make-entity.ts'
import { label, nameTables } from './names.ts'
import { keptOperations } from './natural-key.ts'
import { readDdl } from './read-ddl.ts'
import { isNatural } from './table-keys.ts'

/** The Blueprint of SQL definitions: an entity for each table, with its exact columns. Throws a `SpecError`. */
export function importSql(sql: string, wish: ImportOptions): ImportResult {
  const ddl = readDdl(sql)
  const notes = new Set<string>()
  const missing = new Set(ddl.others)
  const joins = ddl.tables.filter((table) => isJoin(table, ddl))
  const kept = ddl.tables.filter((table) => !joins.includes(table))
  const names = nameTables(kept)
  const entities = kept.map((table) => makeEntity(table, { ddl, names, notes }))
  const manyToMany = joins.map((table) => linkOf(table, names))
  for (const { name } of joins)
    notes.add(`The table ${name} joins two others: it becomes a many-to-many relation.`)
  const title = label(wish.name ?? ddl.name ?? `${entities[0]?.plural ?? 'Database'} API`)
  const operations = kept.flatMap((table) => {
    const entity = entities.find(({ name }) => name === names.get(table))!
    return isNatural(table, entity) && !looksLikeSecret(entity.key!.name, { entity: table.name })
      ? keptOperations(entity, entities)
      : []
  })
  const account = wish.auth === 'jwt' ? accountFor(entities) : undefined
  if (account) notes.add('Every request needs a bearer token: accounts register and sign in at /auth.')
  if (wish.auth === 'apiKey') notes.add('Every request needs an API key in the header X-API-Key.')
  const access = account || wish.auth === 'apiKey' ? ('authenticated' as const) : ('public' as const)
  const blueprint: Blueprint = {
    version: 1,
    name: (toKebab(wish.name ?? ddl.name ?? title) ?? 'database-api').slice(0, 60).replace(/-+$/, ''),
    title,
    description: `Made from the definitions of ${ddl.tables.length === 1 ? 'a table' : `${ddl.tables.length} tables`}.`,
    auth: account
      ? { kind: 'jwt', account: account.name }
      : { kind: wish.auth === 'apiKey' ? 'apiKey' : 'none' },
    entities: [
      ...entities.map((entity) => ({ ...entity, access: { read: access, write: access } })),
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
