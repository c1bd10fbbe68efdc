import { literal, stringLiteral } from '../../../codegen/encode/typescript.ts'
import type { StoredRow } from '../upgrade/rows-before.ts'

/** `tests/upgrade.test.ts`: a database of the version before is migrated and keeps its rows. */
export function upgradeTestFile(input: {
  /** The number of the previous version. */
  readonly version: number
  /** The names of the migrations that it had. */
  readonly migrations: readonly string[]
  readonly rows: readonly StoredRow[]
  readonly kept: readonly StoredRow[]
}): string {
  const { version, migrations, rows, kept } = input
  return `import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { migrate } from '../src/database/migrate.ts';
import { openDatabase } from '../src/database/open.ts';

type Row = [table: string, values: Record<string, string | number | null>];

/** What version ${version} had applied. */
const earlier = [${migrations.map(stringLiteral).join(', ')}];

/** Rows of version ${version}; what is pointed to comes first. */
const before: Row[] = ${rowsLiteral(rows)};

/** What of them this version has to have. */
const after: Row[] = ${rowsLiteral(kept)};

const quoted = (names: string[]) => names.map((name) => \`"\${name}"\`);

function insert(database: DatabaseSync, [table, values]: Row): void {
  const names = quoted(Object.keys(values)).join(', ');
  const places = Object.keys(values).map(() => '?').join(', ');
  database.prepare(\`INSERT INTO "\${table}" (\${names}) VALUES (\${places})\`).run(...Object.values(values));
}

function isThere(database: DatabaseSync, [table, values]: Row): boolean {
  const conditions = quoted(Object.keys(values)).map((name) => \`\${name} IS ?\`).join(' AND ');
  const found = database.prepare(\`SELECT 1 FROM "\${table}" WHERE \${conditions}\`);
  return found.get(...Object.values(values)) !== undefined;
}

describe('a database of version ${version}', () => {
  it('keeps its rows during migration', () => {
    const directory = mkdtempSync(join(tmpdir(), 'earlier-'));
    using database = openDatabase(':memory:');
    try {
      for (const name of earlier) {
        cpSync(join(import.meta.dirname, '../src/migrations', name), join(directory, name));
      }
      migrate(database, directory);
    } finally {
      rmSync(directory, { recursive: true });
    }
    for (const row of before) insert(database, row);
    assert.ok(migrate(database).length > 0);
    for (const row of after) assert.ok(isThere(database, row), \`Missing: \${JSON.stringify(row)}\`);
  });
});
`
}

const rowsLiteral = (rows: readonly StoredRow[]) =>
  `[${rows
    .map(({ table, values }) => {
      const entries = Object.entries(values).map(
        ([name, value]) => `${stringLiteral(name)}: ${literal(value)}`,
      )
      return `[${stringLiteral(table)}, { ${entries.join(', ')} }],`
    })
    .join('\n')}]`
