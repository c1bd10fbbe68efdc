import type { Entity, Operation } from '#contract'
import type { RowOwners } from './row-owners.ts'
import type { Table } from './table-definition.ts'

const COMMANDS = {
  list: 'select',
  read: 'select',
  create: 'insert',
  update: 'update',
  delete: 'delete',
} as const

/** Whether a policy of the table lets everyone do this with every row; so does a table without row level security. */
export const isOpenByPolicy = ({ hasRowSecurity, policies }: Table, operation: Operation): boolean =>
  !hasRowSecurity ||
  policies.some(({ command, isOpen }) => isOpen && (command === 'all' || command === COMMANDS[operation]))

/**
 * Row level security: an account sees and changes its own rows, and otherwise only what a policy opens for everyone is
 * served. Other policies are not read.
 */
export function withRowSecurity(
  entity: Entity,
  table: Table,
  { owners, notes }: { readonly owners: RowOwners | undefined; readonly notes: Set<string> },
): Entity {
  const kind = owners?.get(table)?.kind
  if (!table.hasRowSecurity || kind === 'account') return entity
  const rows = entity.labelPlural
  if (kind === 'own' && entity.owner !== undefined) {
    if (isOpenByPolicy(table, 'read')) return entity
    notes.add(
      `${table.name} has row level security: ${rows.toLowerCase()} are also read by their account alone.`,
    )
    return { ...entity, access: { ...entity.access, read: 'owner' } }
  }
  const operations = entity.operations.filter((operation) => isOpenByPolicy(table, operation))
  notes.add(
    `${table.name} has row level security, whose policies are not read beyond USING (true): ${operations.length === 0 ? 'no route reads or writes its rows' : `its rows are open to ${operations.join(', ')}`}. With --auth none, they are plain rows.`,
  )
  return { ...entity, operations }
}
