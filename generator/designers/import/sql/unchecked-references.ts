import type { Operation } from '#contract'
import { columnNamed, same, type Ddl, type ForeignKey, type Table } from './table-definition.ts'
import { keyOfTable } from './table-keys.ts'

/**
 * A reference of several columns, one of which is the key of the row that it leads to: that one decides. Undefined where no
 * single column does.
 */
export function byRowOf(key: ForeignKey, ddl: Ddl): ForeignKey | undefined {
  if (key.columns.length < 2) return undefined
  const target = ddl.find(key.table)
  const own = target && keyOfTable(target)
  const at = own ? key.targets.findIndex((name) => same(name, own.name)) : -1
  const column = key.columns[at]
  return column === undefined ? undefined : { ...key, columns: [column], targets: [own!.name] }
}

/**
 * What must not be done with rows, since nothing would check a reference of several columns: its rows are neither created nor
 * changed, and those that it leads to are neither changed nor deleted.
 */
export function closedOperations(
  tables: readonly Table[],
  ddl: Ddl,
  built: ReadonlySet<ForeignKey>,
  notes: Set<string>,
): ReadonlyMap<Table, ReadonlySet<Operation>> {
  const closed = new Map<Table, Set<Operation>>()
  const close = (table: Table, ...operations: Operation[]) => {
    const known = closed.get(table) ?? new Set()
    for (const operation of operations) known.add(operation)
    closed.set(table, known)
  }
  for (const table of tables) {
    for (const key of table.foreignKeys) {
      const target = ddl.find(key.table)
      if (key.columns.length < 2 || !target || built.has(key) || byRowOf(key, ddl)) continue
      if (!key.columns.every((name) => columnNamed(table, name))) continue
      close(table, 'create', 'update')
      close(target, 'update', 'delete')
      notes.add(
        `${key.columns.join(', ')} of ${table.name} refer together to ${target.name}, which is not checked: rows of ${table.name} are not created or changed, and those of ${target.name} are not changed or deleted.`,
      )
    }
  }
  return closed
}
