import { describe, expect, it } from 'vitest'
import { importSql } from '../../../designers/import/sql/import-sql.ts'
import { lintBlueprint } from '../../../blueprint/lint-blueprint.ts'
import { isKitInstalled, runOwnTests } from '../testing/run-own-tests.ts'

/** Names that are no identifiers: of tables, keys, columns, timestamps, foreign keys, indexes and checks. */
const NAMES = `
CREATE TABLE "Server Today" ("Host Name" varchar(60) PRIMARY KEY, "end-user" text, "Created On" timestamp NOT NULL);
CREATE TABLE "Disk Type" ("Type No" serial PRIMARY KEY, "größe" int NOT NULL, "50%" text UNIQUE, "a & b" text);
CREATE TABLE "Disk" (
  "Disk No" serial PRIMARY KEY,
  "Host Name" varchar(60) NOT NULL REFERENCES "Server Today" ("Host Name") ON DELETE CASCADE,
  "Type No" int REFERENCES "Disk Type" ON DELETE SET NULL,
  "Size (GB)" numeric(8,2) NOT NULL CHECK ("Size (GB)" > 0),
  "is-on" boolean DEFAULT true,
  UNIQUE ("Host Name", "Size (GB)")
);
CREATE UNIQUE INDEX ON "Disk Type" ("a & b") WHERE "50%" IS NULL;
CREATE TABLE "Order Line" ("Order No" int, "Line-No" int, note text, PRIMARY KEY ("Order No", "Line-No"));
CREATE TABLE "Order Mark" ("Mark No" serial PRIMARY KEY, "Order No" int NOT NULL, "Line-No" int NOT NULL,
  FOREIGN KEY ("Order No", "Line-No") REFERENCES "Order Line" ON DELETE CASCADE);
`

/** Unique groups that share a column, and one that is in none. */
const GROUPS = `
CREATE TABLE seats (id serial PRIMARY KEY, room int NOT NULL, number int NOT NULL, position int NOT NULL, side text,
  UNIQUE (room, number), UNIQUE (position, room), UNIQUE (room, side));
CREATE TABLE halls (id serial PRIMARY KEY, name text NOT NULL);
CREATE TABLE shows (id serial PRIMARY KEY, hall_id int NOT NULL REFERENCES halls, day date NOT NULL, slot smallint NOT NULL,
  title varchar(20), open boolean NOT NULL, UNIQUE (hall_id, day, slot), UNIQUE (hall_id, title), UNIQUE (day, slot, open));
`

/** Of SQL definitions that once gave projects whose own tests failed. */
describe.skipIf(!isKitInstalled)('the project of a definition (needs the installed kit)', () => {
  it.each([
    ['with names of any kind', NAMES],
    ['with unique groups that share a column', GROUPS],
  ])('%s type-checks and passes its own tests', { timeout: 240_000 }, async (_what, sql) => {
    const { blueprint, diagnostics } = lintBlueprint(importSql(sql, {}).blueprint)
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
    expect((await runOwnTests(blueprint)).failures).toBe('')
  })
})
