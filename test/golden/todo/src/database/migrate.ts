import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { inTransaction } from './transaction.ts';

const migrationsDirectory = join(import.meta.dirname, '../migrations');

/** The database and the migration files do not match; the message says what to do. */
export class MigrationError extends Error {}

/**
 * Applies every new migration in the order of their names, each in its own
 * transaction. Returns the names of the applied ones.
 */
export function migrate(database: DatabaseSync, directory = migrationsDirectory): string[] {
  database.exec(`
    CREATE TABLE IF NOT EXISTS "_migrations" (
      "name" TEXT PRIMARY KEY NOT NULL,
      "checksum" TEXT NOT NULL,
      "applied_at" TEXT NOT NULL
    ) STRICT
  `);
  const files = readdirSync(directory)
    .filter((name) => name.endsWith('.sql'))
    .sort();
  const applied = appliedMigrations(database);
  for (const name of applied.keys()) {
    if (!files.includes(name)) {
      throw new MigrationError(
        `The database was changed by the migration ${name}, which this version does not have. ` +
          'Start the version that has it.',
      );
    }
  }

  const appliedNow: string[] = [];
  for (const name of files) {
    // Line endings are not part of a migration: Git may change them on checkout.
    const sql = readFileSync(join(directory, name), 'utf8').replaceAll('\r\n', '\n');
    const checksum = createHash('sha256').update(sql).digest('hex');
    const known = applied.get(name);
    if (known === checksum) continue;
    if (known !== undefined) {
      throw new MigrationError(
        `The migration ${name} was edited after it was applied. ` +
          'Restore the file and put the change into a new migration.',
      );
    }
    withoutReferences(database, () => {
      database.exec(sql);
      requireReferences(database, name);
      database
        .prepare('INSERT INTO "_migrations" ("name", "checksum", "applied_at") VALUES (?, ?, ?)')
        .run(name, checksum, new Date().toISOString());
    });
    appliedNow.push(name);
  }
  return appliedNow;
}

/**
 * A transaction in which a table can be replaced: with foreign keys enforced, dropping the old one would delete
 * rows that refer to it. SQLite changes this setting only outside of a transaction.
 */
function withoutReferences(database: DatabaseSync, work: () => void): void {
  database.exec('PRAGMA foreign_keys = OFF');
  try {
    inTransaction(database, work);
  } finally {
    database.exec('PRAGMA foreign_keys = ON');
  }
}

function requireReferences(database: DatabaseSync, name: string): void {
  const [broken] = database.prepare('PRAGMA foreign_key_check').all();
  if (broken === undefined) return;
  throw new MigrationError(
    `The migration ${name} would leave rows of ${String(broken.table)} that point to ` +
      `rows of ${String(broken.parent)} which do not exist. It was not applied.`,
  );
}

function appliedMigrations(database: DatabaseSync): Map<string, string> {
  const rows = database.prepare('SELECT "name", "checksum" FROM "_migrations"').all();
  return new Map(rows.map((row) => [String(row.name), String(row.checksum)]));
}
