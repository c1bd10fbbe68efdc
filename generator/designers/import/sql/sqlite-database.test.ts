import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runs } from '../../../../test/support/random.ts'
import { readDdl } from './read-ddl.ts'
import { sqliteScript } from './testing/sqlite-script.ts'

/** What this reader finds, held against the tables that SQLite makes of a script. */

const fixture = (name: string) =>
  readFileSync(join(import.meta.dirname, '../../../../test/fixtures', name), 'utf8')

const collapse = (text: string) => text.replaceAll(/\s+/g, '').toLowerCase()

/** The tables that SQLite makes, and those of this reader. */
function bothReadings(sql: string) {
  using database = new DatabaseSync(':memory:')
  database.exec(sql)
  const ask = (query: string, ...values: string[]) => database.prepare(query).all(...values)
  const expected = ask(
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND sql NOT LIKE 'CREATE VIRTUAL%'",
  ).map(({ name }) => {
    const table = String(name)
    const columns = ask('SELECT * FROM pragma_table_xinfo(?)', table)
    return {
      table,
      columns: columns.map(
        (column) =>
          `${String(column['name'])} ${collapse(String(column['type']))}${column['notnull'] ? '!' : ''}`,
      ),
      primaryKey: columns
        .filter(({ pk }) => Number(pk) > 0)
        .sort((a, b) => Number(a['pk']) - Number(b['pk']))
        .map((column) => column['name']),
      uniques: ask(
        'SELECT name FROM pragma_index_list(?) WHERE "unique" AND origin <> \'pk\' AND NOT partial',
        table,
      )
        .map((index) =>
          ask('SELECT name FROM pragma_index_info(?) ORDER BY seqno', String(index['name']))
            .map((column) => String(column['name']))
            .join(),
        )
        .sort(),
      foreignKeys: ask('SELECT * FROM pragma_foreign_key_list(?)', table)
        .map((key) => `${String(key['from'])}>${String(key['table'])} ${String(key['on_delete'])}`)
        .sort(),
    }
  })
  const read = readDdl(sql).tables.map((table) => ({
    table: table.name,
    columns: table.columns.map(
      ({ name, declared, notNull }) =>
        `${name} ${collapse(declared).replaceAll(/["[\]`]/g, '')}${notNull ? '!' : ''}`,
    ),
    primaryKey: table.primaryKey,
    uniques: [
      ...table.columns.filter(({ unique }) => unique).map(({ name }) => name),
      ...table.uniques.map((columns) => columns.join()),
      ...table.indexes
        .filter(({ isUnique, where }) => isUnique && !where)
        .map(({ parts }) => parts.map(({ column }) => column).join()),
    ].sort(),
    foreignKeys: table.foreignKeys
      .flatMap((key) => key.columns.map((column) => `${column}>${key.table.name} ${RULES[key.onDelete]}`))
      .sort(),
  }))
  const plain = (tables: typeof read | typeof expected) =>
    tables.map((table) => ({
      ...table,
      foreignKeys: table.foreignKeys.map((key) => key.replace('RESTRICT', 'NO ACTION')),
    }))
  return { expected: plain(expected), read: plain(read) }
}

const RULES = { cascade: 'CASCADE', restrict: 'NO ACTION', setNull: 'SET NULL', setDefault: 'SET DEFAULT' }

describe('SQLite definitions are read as SQLite reads them', () => {
  it.each([
    'sql/sakila.sqlite.sql',
    'sql/sqlite-type.sql',
    'sql/tag-collision.sql',
    'specs/garden.sqlite.sql',
  ])('%s', (name) => {
    const { expected, read } = bothReadings(fixture(name))
    expect(read).toEqual(expected)
    expect(read).not.toEqual([])
  })

  it('in random scripts', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(sqliteScript(), (sql) => {
        const { expected, read } = bothReadings(sql)
        expect(read).toEqual(expected)
      }),
      { numRuns: runs(100) },
    )
  })
})
