// Longer than most files: the ordered steps of one migration.
import { DatabaseSync } from 'node:sqlite'
import type { Blueprint, SourceFile } from '#contract'
import { sqlIdentifier, sqlText } from '../../../codegen/encode/sql.ts'
import { oneLine } from '../../../codegen/encode/text.ts'
import type { Renames } from '../../../blueprint/renames.ts'
import { layout } from '../layout.ts'
import { makeModel, type ProjectModel } from '../model.ts'
import { relationsOf, type Property, type Resource } from '../resource.ts'
import { migrationFiles } from '../templates/migrations.ts'
import { correspond, type ColumnPlan, type TablePlan } from './correspondence.ts'
import { differences, isSameTable, readSchema, type Schema, type Table } from './database-schema.ts'
import { fieldUpgrade, type RowSql } from './field-upgrades.ts'
import { fillField, fillRelation, NOW } from './fill.ts'

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

type Notes = { readonly [List in 'dataLoss' | 'filled' | 'conditions']: string[] }
type Run = (sql: string) => void

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

function dropIndexes(now: Schema, wanted: Schema, plans: readonly TablePlan[], run: Run): void {
  const staying = new Set(plans.filter((plan) => plan.before?.table === plan.table).map(({ table }) => table))
  for (const [name, { table, sql }] of now.indexes)
    if (!staying.has(table) || wanted.indexes.get(name)?.sql !== sql)
      run(`DROP INDEX ${sqlIdentifier(name)};`)
}

/** Referencing tables come before their targets. */
function dropTables(before: ProjectModel, plans: readonly TablePlan[], notes: Notes, run: Run): void {
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

function renameTables(plans: readonly TablePlan[], run: Run): void {
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

type Change = {
  readonly plan: TablePlan
  readonly before: ProjectModel
  readonly after: ProjectModel
  readonly database: DatabaseSync
  readonly wanted: Schema
  readonly notes: Notes
  /** Columns that may refer to rows that do not exist yet: `tasks.project_id`. */
  readonly made: Set<string>
  readonly run: Run
}

/** With ALTER TABLE if SQLite supports it, else by copying the rows into a new table. */
function changeTable(change: Change): void {
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

type Value = { readonly column: string; readonly sql: string; readonly isNew: boolean }

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

/** The value of a column of the next version, in terms of the current columns. */
function valueOf({ column, property, source }: ColumnPlan, { plan, after, notes, made }: Change): Value {
  const { resource } = plan
  const isNew = source === null
  const old = source && sqlIdentifier(source.column)
  if (property === null || resource === null) return { column, sql: old ?? NOW, isNew }
  const name = `${resource.entity.name}.${property.name}`
  const was = source?.before
  const kept =
    property.kind === 'field' && was?.kind === 'field'
      ? fieldUpgrade(property.field.type).convert(old!, was.field.type)
      : { sql: old ?? 'NULL', isTotal: old !== null }
  if (!isNew && !kept.isTotal) notes.dataLoss.push(`values of ${name} that do not fit its new type`)
  if (!isNew && kept.isTotal && kept.sql !== old && /^(min|max|substr)\(/.test(kept.sql))
    notes.dataLoss.push(`${name} is cut to its new bounds where it is outside of them`)
  if (property.unique && was?.unique === false) notes.conditions.push(`no two rows have the same ${name}`)
  if (!property.required || (kept.isTotal && was?.required)) return { column, sql: kept.sql, isNew }

  const fill =
    property.kind === 'field'
      ? fillField(resource, property, rowSql(plan))
      : fillRelation(after, resource, property, rowSql(plan))
  if (property.kind === 'relation') made.add(`${resource.table}.${property.column}`)
  notes.filled.push(`${name} is ${fill.words}${isNew ? '' : ' where it had no value'}`)
  return {
    column,
    sql: isNew || kept.sql === 'NULL' ? fill.sql : `coalesce(${kept.sql}, ${fill.sql})`,
    isNew,
  }
}

function rowSql({ columns, resource }: TablePlan): RowSql {
  const created = columns.find(({ column }) => column === resource?.created?.column)?.source
  const key = columns.find(({ column }) => column === resource?.id.column)?.source
  return {
    number: `row_number() OVER (ORDER BY ${key ? sqlIdentifier(key.column) : '1'})`,
    created: created ? sqlIdentifier(created.column) : NOW,
  }
}

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

/**
 * Creates missing target rows with their required values. Referencing entities come before
 * their targets, so that created rows find their own targets.
 */
function makeMissingRows(after: ProjectModel, made: Set<string>, run: Run): void {
  for (const target of after.inOrderOfNeed.toReversed()) {
    for (const resource of after.resources)
      for (const property of relationsOf(resource)) {
        if (property.relation.target !== target || target === resource) continue
        if (!made.has(`${resource.table}.${property.column}`)) continue
        run(missingRows(after, target, resource, property))
        for (const inner of relationsOf(target))
          if (inner.required) made.add(`${target.table}.${inner.column}`)
      }
  }
}

function missingRows(after: ProjectModel, target: Resource, from: Resource, property: Property): string {
  // Continues after existing rows, which may have such values.
  const rows = `(SELECT count(*) FROM ${sqlIdentifier(target.table)})`
  const row: RowSql = { number: `(${rows} + "missing"."number")`, created: NOW }
  const id = sqlIdentifier(target.id.column)
  const values: [string, string][] = [
    [target.id.column, '"missing"."key"'],
    ...[target.created, target.updated].flatMap((stamp): [string, string][] =>
      stamp ? [[stamp.column, NOW]] : [],
    ),
    ...target.properties
      .filter(({ required }) => required)
      .map((one): [string, string] => [
        one.column,
        one.kind === 'field'
          ? fillField(target, one, row).sql
          : one.relation.target === target
            ? '"missing"."key"'
            : fillRelation(after, target, one, row).sql,
      ]),
  ]
  const column = sqlIdentifier(property.column)
  return `INSERT INTO ${sqlIdentifier(target.table)} (${values.map(([name]) => sqlIdentifier(name)).join(', ')})
SELECT ${values.map(([, sql]) => sql).join(', ')}
FROM (
  SELECT ${column} AS "key", row_number() OVER (ORDER BY ${column}) AS "number"
  FROM (SELECT DISTINCT ${column} FROM ${sqlIdentifier(from.table)} WHERE ${column} IS NOT NULL)
  WHERE ${column} NOT IN (SELECT ${id} FROM ${sqlIdentifier(target.table)})
) AS "missing";`
}
