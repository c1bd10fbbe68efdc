import type { Upgrade, UpgradeInput } from '../stack.ts'
import { layout } from './layout.ts'
import { makeModel } from './model.ts'
import { upgradeTestFile } from './templates/upgrade-test.ts'
import { nextMigration } from './upgrade/next-migration.ts'
import { keptRows, storedRows } from './upgrade/rows-before.ts'

/** Adds a migration if the database changes, and a test that it keeps existing rows. */
export function upgrade(input: UpgradeInput): Upgrade {
  const { version, migrations, renames } = input
  const { file: migration, ...notes } = nextMigration(input)
  if (migration === null) return { migration, tests: [], ...notes }
  const before = makeModel(input.before)
  // New unique constraints could stop the migration, so there is one row of each entity.
  const rows = storedRows(before, notes.conditions.length > 0 ? 1 : 3)
  const test = upgradeTestFile({
    version,
    migrations: migrations.map(({ path }) => path.slice(layout.migrations.length)),
    rows,
    kept: keptRows(rows, before, makeModel(input.after), renames),
  })
  return { migration, tests: [{ path: 'tests/upgrade.test.ts', content: test }], ...notes }
}
