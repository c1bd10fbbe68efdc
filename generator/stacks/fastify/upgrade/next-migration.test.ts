import { DatabaseSync } from 'node:sqlite'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Blueprint, FieldType } from '#contract'
import { sqlIdentifier } from '../../../codegen/encode/sql.ts'
import { noRenames, type Renames } from '../../../blueprint/renames.ts'
import { schemaOfType } from '../../../blueprint/testing/schema-of-type.ts'
import { arbitraryChange } from '../../../blueprint/testing/arbitrary-change.ts'
import { makeModel, type ProjectModel } from '../model.ts'
import type { Resource } from '../resource.ts'
import { migrationFiles } from '../templates/migrations.ts'
import { differences, readSchema } from './database-schema.ts'
import { nextMigration } from './next-migration.ts'
import { keptRows, storedRows } from './rows-before.ts'
import { runs } from '../../../../test/support/random.ts'

const RUNS = runs(20)

const filesOf = (blueprint: Blueprint) => migrationFiles(makeModel(blueprint))

/** A database with some rows of everything. */
function seeded(blueprint: Blueprint): DatabaseSync {
  const database = new DatabaseSync(':memory:', { enableForeignKeyConstraints: false })
  for (const { content } of filesOf(blueprint)) database.exec(content)
  for (const { table, values } of storedRows(makeModel(blueprint))) {
    const names = Object.keys(values).map(sqlIdentifier).join(', ')
    const places = Object.keys(values).map(() => '?')
    database
      .prepare(`INSERT INTO ${sqlIdentifier(table)} (${names}) VALUES (${places.join(', ')})`)
      .run(...Object.values(values))
  }
  expect(database.prepare('PRAGMA foreign_key_check').all()).toEqual([])
  return database
}

const rowsOf = (database: DatabaseSync, table: string) =>
  database.prepare(`SELECT * FROM ${sqlIdentifier(table)}`).all()

/** As the kit applies a migration. */
function apply(database: DatabaseSync, sql: string): void {
  database.exec('BEGIN IMMEDIATE')
  database.exec(sql)
  expect(database.prepare('PRAGMA foreign_key_check').all()).toEqual([])
  database.exec('COMMIT')
}

function upgrade(before: Blueprint, after: Blueprint, renames: Renames = noRenames) {
  const next = nextMigration({ before, after, renames, migrations: filesOf(before), title: 'change' })
  const database = seeded(before)
  if (next.file) apply(database, next.file.content)
  return { ...next, database }
}

describe('a database of one version', () => {
  it(
    `has the tables of the next one after the migration, with its rows kept`,
    { timeout: RUNS * 600 + 30_000 },
    () => {
      const seen = { kept: 0, stopped: 0, filled: 0, lost: 0, same: 0 }
      fc.assert(
        fc.property(arbitraryChange(), ({ before, after, renames }) => {
          let upgraded: ReturnType<typeof upgrade>
          try {
            upgraded = upgrade(before, after, renames)
          } catch (error) {
            // What is said beforehand: unique values where there were none, and too few of them for the rows.
            if (!/UNIQUE constraint failed|NOT NULL constraint failed/.test(String(error))) throw error
            seen.stopped += 1
            return
          }
          const { database, file, filled, dataLoss } = upgraded
          const fresh = new DatabaseSync(':memory:')
          for (const { content } of filesOf(after)) fresh.exec(content)
          expect(differences(readSchema(database), readSchema(fresh))).toEqual([])
          seen.kept += expectKept(database, makeModel(before), makeModel(after), renames)
          expectValid(database, makeModel(after))
          if (file === null) seen.same += 1
          if (filled.length > 0) seen.filled += 1
          if (dataLoss.length > 0) seen.lost += 1
        }),
        { numRuns: RUNS, endOnFailure: true },
      )
      // It would prove little if most of them stopped, or nothing was there to be kept.
      expect(seen.stopped).toBeLessThan(RUNS / 5)
      expect(seen.kept).toBeGreaterThan(RUNS)
      expect(seen.filled).toBeGreaterThan(RUNS / 10)
      expect(seen.lost).toBeGreaterThan(RUNS / 10)
    },
  )
})

/** Every row is there, with every value whose column is the same; gives how many values that were. */
function expectKept(
  database: DatabaseSync,
  before: ProjectModel,
  after: ProjectModel,
  renames: Renames,
): number {
  const kept = keptRows(storedRows(before), before, after, renames)
  for (const { table, values } of kept) {
    const matches = Object.keys(values).map((name) => `${sqlIdentifier(name)} IS ?`)
    const found = database
      .prepare(`SELECT 1 FROM ${sqlIdentifier(table)} WHERE ${matches.join(' AND ')}`)
      .get(...Object.values(values))
    if (!found) throw new Error(`${table} has no row with ${JSON.stringify(values)}`)
  }
  return kept.reduce((sum, { values }) => sum + Object.keys(values).length, 0)
}

/** What the API answers is checked against its own schema, so every value has to fit its field. */
function expectValid(database: DatabaseSync, model: ProjectModel): void {
  for (const resource of model.resources)
    for (const row of rowsOf(database, resource.table)) expectRow(resource, row)
}

function expectRow(resource: Resource, row: Record<string, unknown>): void {
  for (const property of resource.properties) {
    const value = row[property.column]
    const name = `${resource.entity.name}.${property.name}`
    const isSound =
      value === null
        ? !property.required
        : property.kind === 'relation' || storedSchema(property.field.type).safeParse(value).success
    if (!isSound) throw new Error(`${name} is ${String(value)}`)
  }
}

/** As it stands in a column. */
const storedSchema = (type: FieldType): z.ZodType =>
  type.kind === 'boolean' ? z.int().min(0).max(1) : type.kind === 'json' ? z.string() : schemaOfType(type)
