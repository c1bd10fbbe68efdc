import { sqlIdentifier } from '../../../codegen/encode/sql.ts'
import type { ProjectModel } from '../model.ts'
import type { TablePlan } from './correspondence.ts'
import type { Schema } from './database-schema.ts'
import type { Notes, Run } from './migration-context.ts'

export function dropIndexes(now: Schema, wanted: Schema, plans: readonly TablePlan[], run: Run): void {
  const staying = new Set(plans.filter((plan) => plan.before?.table === plan.table).map(({ table }) => table))
  for (const [name, { table, sql }] of now.indexes)
    if (!staying.has(table) || wanted.indexes.get(name)?.sql !== sql)
      run(`DROP INDEX ${sqlIdentifier(name)};`)
}

/** Referencing tables come before their targets. */
export function dropTables(before: ProjectModel, plans: readonly TablePlan[], notes: Notes, run: Run): void {
  const kept = new Set(plans.map((plan) => plan.before?.table))
  const tables = [
    ...(before.account ? [{ table: '_credentials', what: 'the passwords of all accounts' }] : []),
    ...before.links.map(({ table, left, right }) => ({
      table,
      what: `which ${left.entity.plural} and ${right.entity.plural} belong together`,
    })),
    ...before.inOrderOfNeed
      .toReversed()
      .map(({ table, entity }) => ({ table, what: `all rows of ${entity.name}` })),
  ]
  for (const { table, what } of tables) {
    if (kept.has(table)) continue
    notes.dataLoss.push(`${what} (the table ${table})`)
    run(`DROP TABLE ${sqlIdentifier(table)};`)
  }
}

export function renameTables(plans: readonly TablePlan[], run: Run): void {
  const renamed = plans.flatMap(({ before, table }) =>
    before && before.table !== table ? [{ from: before.table, to: table }] : [],
  )
  const fold = (name: string) => name.toLowerCase()
  const taken = new Set(renamed.map(({ from }) => fold(from)))
  const clash = renamed.some(({ to }) => taken.has(fold(to)))
  const rename = (from: string, to: string) =>
    run(`ALTER TABLE ${sqlIdentifier(from)} RENAME TO ${sqlIdentifier(to)};`)
  if (clash) for (const [at, { from }] of renamed.entries()) rename(from, `_renamed_${at}`)
  for (const [at, { from, to }] of renamed.entries()) rename(clash ? `_renamed_${at}` : from, to)
}
