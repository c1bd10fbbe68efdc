import { describe, expect, it } from 'vitest'
import { importSql } from '../../../designers/import/sql/import-sql.ts'
import { lintBlueprint } from '../../../blueprint/lint-blueprint.ts'
import { isKitInstalled, runOwnTests } from '../testing/run-own-tests.ts'

/** Keys that share a column, with each delete rule, required and not, of texts, days and flags. */
const SQL = `
CREATE TABLE tenants (id serial PRIMARY KEY, name text NOT NULL);
CREATE TABLE orders (tenant_id int REFERENCES tenants ON DELETE CASCADE, no int, note text, PRIMARY KEY (tenant_id, no));
CREATE TABLE lines (tenant_id int, no int, line smallint, PRIMARY KEY (tenant_id, no, line),
  FOREIGN KEY (tenant_id, no) REFERENCES orders ON DELETE CASCADE);
CREATE TABLE depots (tenant_id int REFERENCES tenants, code char(4), city text NOT NULL, PRIMARY KEY (tenant_id, code));
CREATE TABLE trips (id serial PRIMARY KEY, tenant_id int NOT NULL REFERENCES tenants, no int NOT NULL, depot char(4) NOT NULL,
  back_tenant int, back_no int,
  FOREIGN KEY (tenant_id, no) REFERENCES orders, FOREIGN KEY (tenant_id, depot) REFERENCES depots (tenant_id, code),
  FOREIGN KEY (back_tenant, back_no) REFERENCES orders (tenant_id, no) ON DELETE SET NULL);
CREATE TABLE lots (name text, day date, open boolean, PRIMARY KEY (name, day, open));
CREATE TABLE marks (name text DEFAULT 'x', day date, open boolean, FOREIGN KEY (name, day, open) REFERENCES lots ON DELETE SET NULL);
`

describe.skipIf(!isKitInstalled)(
  'a project with foreign keys of several columns (needs the installed kit)',
  () => {
    it('type-checks and passes its own tests', { timeout: 240_000 }, async () => {
      const { blueprint, diagnostics } = lintBlueprint(importSql(SQL, {}).blueprint)
      expect(diagnostics.map(({ code }) => code)).toEqual(['foreign-key.default'])
      const { failures, text } = await runOwnTests(blueprint)
      expect(failures).toBe('')
      for (const title of [
        'refuses tenant_id and no that no row has together',
        'takes back_tenant and back_no of a row',
        'keeps its no while lines (tenant_id, no) refer to it',
        'deletes its lines (tenant_id, no) too',
        'is refused while trips (tenant_id, no) refer to the row',
        'keeps its marks (name, day, open), without the reference',
      ])
        expect(text).toContain(title)
    })
  },
)
