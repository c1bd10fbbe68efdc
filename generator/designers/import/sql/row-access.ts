import { relationProperty, type Entity, type Operation } from '#contract'
import type { RowOwner, RowOwners } from './row-owners.ts'
import { same, type Ddl, type Table } from './table-definition.ts'

type Given = {
  readonly owners: RowOwners
  readonly names: ReadonlyMap<Table, string>
  readonly ddl: Ddl
  readonly notes: Set<string>
}

const SIGNED_IN = { read: 'authenticated', write: 'authenticated' } as const

/**
 * Who may do what with the rows of a table, where accounts sign in: everyone who is signed in reads, and only the account
 * that a row belongs to changes it. Where nothing says which account that is, nobody does.
 */
export function accessOf(entity: Entity, table: Table, given: Given): Entity {
  const { owners, notes } = given
  const owner = owners.get(table) ?? { kind: 'plain' }
  const closed = (why: string): Entity => {
    if (entity.operations.length > 0) notes.add(why)
    return { ...entity, operations: entity.operations.filter(isRead), access: SIGNED_IN }
  }
  const rows = entity.labelPlural
  switch (owner.kind) {
    case 'account':
      return entity
    case 'own': {
      const relation = entity.belongsTo.find((one) => same(relationProperty(one), owner.column))
      if (relation === undefined || entity.operations.length === 0)
        return closed(unclear(rows, { kind: 'closed', columns: [owner.column], isStated: true }))
      notes.add(
        `${rows} belong to the account in ${relationProperty(relation)}: it is filled from the caller, and only that account changes them.`,
      )
      return { ...entity, access: { read: 'authenticated', write: 'owner' }, owner: relation.name }
    }
    case 'closed':
      return closed(unclear(rows, owner))
    case 'granted':
      return closed(`${rows} say what accounts may do, which is granted by the operator: they are only read.`)
    case 'below':
      return below(entity, owner.above, { ...given, closed })
    case 'plain':
      return plain(entity, table, given)
  }
}

const isRead = (operation: Operation): boolean => operation === 'list' || operation === 'read'

function unclear(rows: string, { columns, isStated }: Extract<RowOwner, { kind: 'closed' }>): string {
  const list = columns.join(', ')
  if (isStated)
    return `${rows} refer to accounts (${list}), and the definitions do not say who may change them: they are only read.`
  if (columns.length === 0) return `${rows} are accounts of another service: they are only read.`
  return `${rows} hold ${list}, by name the key of an account, and no foreign key leads to the accounts that sign in: they are only read.`
}

/** Rows of rows: an account adds them to its own rows, where each of those is known to be its own. */
function below(
  entity: Entity,
  above: readonly Table[],
  { owners, names, notes, closed }: Given & { readonly closed: (why: string) => Entity },
): Entity {
  const rows = entity.labelPlural
  const named = above.map(({ name }) => name).join(' and ')
  const areOwned = above.every((table) => owners.get(table)?.kind === 'own')
  const isOwn = ({ target }: Entity['belongsTo'][number]) =>
    above.some((table) => names.get(table) === target)
  const keys = entity.belongsTo.filter(isOwn)
  const areWhole = above.every((table) => keys.some(({ target }) => names.get(table) === target))
  if (!areOwned || !areWhole || !keys.some(({ required }) => required))
    return closed(`${rows} are part of rows of ${named}, which belong to accounts: they are only read.`)
  if (entity.operations.includes('create'))
    notes.add(
      `${rows} are part of rows of ${named}, which belong to accounts: an account adds them to its own, and no request changes or deletes them.`,
    )
  return {
    ...entity,
    belongsTo: entity.belongsTo.map((one) => (isOwn(one) ? { ...one, ownOnly: true } : one)),
    operations: entity.operations.filter((operation) => isRead(operation) || operation === 'create'),
    access: SIGNED_IN,
  }
}

/** Rows of nobody: deleting one must not delete the rows of an account. */
function plain(entity: Entity, table: Table, { owners, ddl, notes }: Given): Entity {
  const lost = deletedWith(table, ddl, owners).find((other) => owners.get(other)?.kind !== 'plain')
  if (lost === undefined || !entity.operations.includes('delete')) return { ...entity, access: SIGNED_IN }
  notes.add(
    `${entity.labelPlural} are not deleted: rows of ${lost.name}, which belong to accounts, would be deleted with them.`,
  )
  return {
    ...entity,
    operations: entity.operations.filter((operation) => operation !== 'delete'),
    access: SIGNED_IN,
  }
}

/** The tables whose rows a deletion takes along. */
function deletedWith(from: Table, ddl: Ddl, owners: RowOwners): Table[] {
  const found = new Set([from])
  for (const gone of found)
    for (const other of owners.keys())
      if (other.foreignKeys.some((key) => key.onDelete === 'cascade' && ddl.find(key.table) === gone))
        found.add(other)
  found.delete(from)
  return [...found]
}

/** The same for routes of rows with a key of text. */
export const isOpenTo = (
  operation: Operation,
  table: Table,
  { owners, ddl }: Pick<Given, 'owners' | 'ddl'>,
): boolean => {
  if (isRead(operation)) return true
  if (owners.get(table)?.kind !== 'plain') return false
  return (
    operation !== 'delete' ||
    deletedWith(table, ddl, owners).every((other) => owners.get(other)?.kind === 'plain')
  )
}
