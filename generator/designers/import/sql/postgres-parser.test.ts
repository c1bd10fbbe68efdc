import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { parse } from 'libpg-query'
import { describe, expect, it } from 'vitest'
import { runs } from '../../../../test/support/random.ts'
import { readDdl } from './read-ddl.ts'
import { tablesOfTree, type Statement } from './testing/postgres-tree.ts'
import { comparable } from './testing/comparable.ts'
import { postgresScript } from './testing/postgres-script.ts'

/** What this reader finds, held against PostgreSQL's own parser. */

const fixture = (name: string) =>
  readFileSync(join(import.meta.dirname, '../../../../test/fixtures', name), 'utf8')

/** The tables of PostgreSQL's parse tree, and those of this reader. */
async function bothReadings(sql: string) {
  const { stmts = [] } = await parse(sql)
  const expected = tablesOfTree(stmts.map(({ stmt }) => stmt as Statement))
  return { expected, read: comparable(readDdl(sql)) }
}

describe('PostgreSQL definitions are read as PostgreSQL reads them', () => {
  it.each([
    'sql/sakila.postgres.sql',
    'sql/bigint.sql',
    'sql/plurals.sql',
    'sql/reserved.sql',
    'sql/partitions.sql',
    'sql/partition.sql',
    'sql/defaults.sql',
    'sql/timestamp-default.sql',
    'sql/pgdump-defaults.sql',
    'sql/concat-default.sql',
    'sql/overlapping-unique.sql',
    'sql/two-unique-groups.sql',
    'sql/unique-expression.sql',
    'sql/enum-schema.sql',
    'sql/scale.sql',
    'sql/migrations.sql',
    'specs/shop.sql',
  ])('%s', async (name) => {
    const { expected, read } = await bothReadings(fixture(name))
    expect(read).toEqual(expected)
    expect(read).not.toEqual({})
  })

  it('in random scripts', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(postgresScript(), async (sql) => {
        const { expected, read } = await bothReadings(sql)
        expect(read).toEqual(expected)
      }),
      { numRuns: runs(100) },
    )
  })
})
