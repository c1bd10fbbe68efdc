import { DatabaseSync } from 'node:sqlite'
import type { Blueprint, SourceFile } from '#contract'
import { oneLine } from '../../../codegen/encode/text.ts'
import type { Renames } from '../../../blueprint/renames.ts'
import { layout } from '../layout.ts'
import { makeModel, type ProjectModel } from '../model.ts'
import { migrationFiles } from '../templates/migrations.ts'
import { correspond } from './correspondence.ts'
import { differences, readSchema, type Schema } from './database-schema.ts'
import type { Notes } from './migration-context.ts'
import { dropIndexes, dropTables, renameTables } from './drop-and-rename.ts'
import { changeTable } from './change-table.ts'
import { makeMissingRows } from './missing-rows.ts'

export type NextMigration = {
  /** Null if the database does not change. */
  readonly file: SourceFile | null
  /** Permanently lost data. */
  readonly dataLoss: readonly string[]
  /** Values added to existing rows. */
  readonly filled: readonly string[]
  /** Conditions on existing rows; otherwise the migration stops without changes. */
  readonly conditions: readonly string[]
}

/**
 * The migration of a database from one version to the next that keeps its rows. The target is
 * the schema of the next version, which is verified here on an empty database. `migrations` are all
 * migrations of the previous version. Throws if they do not create the schema that this renderer would.
 */
export function nextMigration(input: {
  readonly before: Blueprint
  readonly migrations: readonly SourceFile[]
  readonly after: Blueprint
  readonly renames: Renames
  /** The file name after its number: `add_comments`. */
  readonly title: string
}): NextMigration {
  const before = makeModel(input.before)
  const after = makeModel(input.after)
  using database = openPlain(input.migrations.map(({ content }) => content))
  using fresh = openPlain(migrationFiles(after).map(({ content }) => content))
  const wanted = readSchema(fresh)
  const notes: Notes = { dataLoss: [], filled: [], conditions: [] }
  const statements: string[] = []
  const run = (sql: string) => {
    database.exec(sql)
    statements.push(sql)
  }

  const plans = correspond(before, after, input.renames)
  requireTables(readSchema(database), before)
  dropIndexes(readSchema(database), wanted, plans, run)
  dropTables(before, plans, notes, run)
  renameTables(plans, run)
  for (const { table } of plans.filter((plan) => plan.before === null))
    run(`${wanted.tables.get(table)!.sql};`)
  const made = new Set<string>()
  for (const plan of plans)
    if (plan.before !== null) changeTable({ plan, before, after, database, wanted, notes, made, run })
  makeMissingRows(after, made, run)
  const now = readSchema(database)
  const known = new Set(plans.flatMap((plan) => (plan.before === null ? [] : [plan.table])))
  for (const [name, { sql, table }] of wanted.indexes) {
    if (now.indexes.has(name)) continue
    run(`${sql};`)
    if (known.has(table) && sql.startsWith('CREATE UNIQUE'))
      notes.conditions.push(`no two rows of ${table} have the same ${name.slice(table.length + 1)}`)
  }

  const rest = differences(readSchema(database), wanted)
  if (rest.length > 0) throw new Error(`the migration does not lead to the new tables: ${rest.join(', ')}`)
  return {
    file: statements.length === 0 ? null : { path: pathOf(input), content: contentOf(statements, notes) },
    ...notes,
  }
}

/** An in-memory database during a migration: references are checked afterwards. */
function openPlain(migrations: readonly string[]): DatabaseSync {
  const database = new DatabaseSync(':memory:', { enableForeignKeyConstraints: false })
  for (const sql of migrations) database.exec(sql)
  return database
}

function pathOf({ migrations, title }: { migrations: readonly SourceFile[]; title: string }): string {
  const numbers = migrations.map(({ path }) => Number.parseInt(path.slice(layout.migrations.length), 10))
  return `${layout.migrations}${String(Math.max(0, ...numbers) + 1).padStart(4, '0')}_${title}.sql`
}

function contentOf(statements: readonly string[], { dataLoss, filled, conditions }: Notes): string {
  const comments = [
    ...dataLoss.map((line) => `-- Loses data: ${line}`),
    ...filled.map((line) => `-- Existing rows: ${line}`),
    ...conditions.map((line) => `-- Stops where it does not hold: ${line}`),
  ].map(oneLine)
  return `${[comments.join('\n'), ...statements].filter(Boolean).join('\n\n')}\n`
}

/** Names are derived again, so a database with other names must not be changed. */
function requireTables({ tables }: Schema, model: ProjectModel): void {
  for (const { table, id, properties } of model.resources) {
    const columns = tables.get(table)?.columns
    for (const column of [id.column, ...properties.map((property) => property.column)])
      if (!columns?.has(column)) throw new Error(`the earlier migrations do not make ${table}.${column}`)
  }
}
