import type { DatabaseSync } from 'node:sqlite'
import { sqlIdentifier, sqlText } from '../../../codegen/encode/sql.ts'
import type { TablePlan } from './correspondence.ts'
import { isSameTable, readSchema, type Table } from './database-schema.ts'
import type { Change } from './migration-context.ts'
import { type Value, valueOf } from './column-value.ts'

/** With ALTER TABLE if SQLite supports it, else by copying the rows into a new table. */
export function changeTable(change: Change): void {
  const { plan, database, wanted, run } = change
  const now = readSchema(database).tables.get(plan.table)!
  const goal = wanted.tables.get(plan.table)!
  const values = plan.columns.map((column) => valueOf(column, change))
  noteLosses(now, change)
  const steps = alterSteps(now, goal, plan)
  const updates = updatesOf(plan, values)
  if (steps === null || updates === null || !isReached(database, [...steps, ...updates], plan.table, goal))
    rebuild(change, goal, values)
  else for (const step of [...steps, ...updates]) run(step)
}

/** Changes within a table; null if they need other rows or renamed columns. */
function updatesOf({ table, columns }: TablePlan, values: readonly Value[]): string[] | null {
  const sourceOf = (name: string) => columns.find(({ column }) => column === name)?.source?.column
  const changed = values.filter(
    ({ column, sql, isNew }) => !isNew && sql !== sqlIdentifier(sourceOf(column) ?? column),
  )
  const isRenamed = columns.some(({ column, source }) => source !== null && source.column !== column)
  if (changed.length > 0 && (isRenamed || changed.some(({ sql }) => sql.includes('OVER (')))) return null
  return changed.map(({ column, sql }) => updateOf(table, column, sql))
}

const updateOf = (table: string, column: string, sql: string) =>
  `UPDATE ${sqlIdentifier(table)} SET ${sqlIdentifier(column)} = ${sql} WHERE ${sqlIdentifier(column)} IS NOT (${sql});`

/** Tries the steps in a transaction and rolls back. */
function isReached(database: DatabaseSync, steps: readonly string[], table: string, goal: Table): boolean {
  database.exec('SAVEPOINT "attempt"')
  try {
    for (const step of steps) database.exec(step)
    return isSameTable(readSchema(database).tables.get(table), goal)
  } catch {
    // Not supported by SQLite: a key, an index or a constraint uses the column.
    return false
  } finally {
    database.exec('ROLLBACK TO "attempt"; RELEASE "attempt"')
  }
}

/** Drops, renames and adds columns; null if ALTER TABLE cannot do it on a table with rows. */
function alterSteps(now: Table, goal: Table, plan: TablePlan): string[] | null {
  const table = sqlIdentifier(plan.table)
  const sources = new Set(plan.columns.map(({ source }) => source?.column))
  const dropped = [...now.columns.keys()].filter((column) => !sources.has(column))
  const renamed = plan.columns.flatMap(({ column, source }) =>
    source && source.column !== column ? [{ from: source.column, to: column }] : [],
  )
  const added = plan.columns.filter(({ source }) => source === null).map(({ column }) => column)
  if (added.some((column) => /NOT NULL|UNIQUE|PRIMARY KEY/.test(goal.columns.get(column) ?? ''))) return null
  return [
    ...dropped.map((column) => `ALTER TABLE ${table} DROP COLUMN ${sqlIdentifier(column)};`),
    ...renamed.map(
      ({ from, to }) => `ALTER TABLE ${table} RENAME COLUMN ${sqlIdentifier(from)} TO ${sqlIdentifier(to)};`,
    ),
    ...added.map(
      (column) => `ALTER TABLE ${table} ADD COLUMN ${sqlIdentifier(column)} ${goal.columns.get(column)};`,
    ),
  ]
}

function rebuild({ plan, database, run }: Change, goal: Table, values: readonly Value[]): void {
  const table = sqlIdentifier(plan.table)
  const next = `_new_${plan.table}`
  run(`${goal.sql.replace(table, () => sqlIdentifier(next))};`)
  if (/AUTOINCREMENT/.test(goal.sql) && hasSequence(database))
    run(
      `INSERT INTO "sqlite_sequence" ("name", "seq") SELECT ${sqlText(next)}, "seq" FROM "sqlite_sequence" WHERE "name" = ${sqlText(plan.table)};`,
    )
  const columns = values.map(({ column }) => sqlIdentifier(column)).join(', ')
  const order = /WITHOUT ROWID/.test(goal.options) ? '' : ' ORDER BY rowid'
  run(
    `INSERT INTO ${sqlIdentifier(next)} (${columns})\nSELECT ${values.map(({ sql }) => sql).join(', ')}\nFROM ${table}${order};`,
  )
  run(`DROP TABLE ${table};`)
  run(`ALTER TABLE ${sqlIdentifier(next)} RENAME TO ${table};`)
}

const hasSequence = (database: DatabaseSync) =>
  database.prepare(`SELECT 1 FROM "sqlite_schema" WHERE "name" = 'sqlite_sequence'`).get() !== undefined

function noteLosses(now: Table, { plan, notes }: Change): void {
  const sources = new Set(plan.columns.map(({ source }) => source?.column))
  const entity = plan.resource?.entity.name ?? plan.table
  const before = plan.before?.resource
  for (const column of now.columns.keys()) {
    if (sources.has(column)) continue
    const property = before?.properties.find((one) => one.column === column)
    notes.dataLoss.push(`${entity}.${property?.name ?? column} of every row`)
  }
}
