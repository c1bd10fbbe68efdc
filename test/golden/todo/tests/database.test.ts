import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { migrate, MigrationError } from '../src/database/migrate.ts';
import { openDatabase } from '../src/database/open.ts';
import { inTransaction } from '../src/database/transaction.ts';

/** A mutable copy of the migrations. */
function copyMigrations() {
  const directory = mkdtempSync(join(tmpdir(), 'migrations-'));
  cpSync(join(import.meta.dirname, '../src/migrations'), directory, { recursive: true });
  return { directory, [Symbol.dispose]: () => rmSync(directory, { recursive: true }) };
}

describe('migrations', () => {
  it('are applied only once', () => {
    using database = openDatabase(':memory:');
    assert.ok(migrate(database).length > 0);
    assert.deepEqual(migrate(database), []);
  });

  it('are rejected if a file was edited after it was applied', () => {
    using copy = copyMigrations();
    using database = openDatabase(':memory:');
    const [first = ''] = migrate(database, copy.directory);
    writeFileSync(join(copy.directory, first), 'SELECT 1;');
    assert.throws(() => migrate(database, copy.directory), MigrationError);
  });

  it('are rejected if the database is ahead of the files', () => {
    using copy = copyMigrations();
    using database = openDatabase(':memory:');
    migrate(database, copy.directory);
    for (const name of readdirSync(copy.directory)) rmSync(join(copy.directory, name));
    assert.throws(() => migrate(database, copy.directory), MigrationError);
  });

  it('are rolled back if one fails', () => {
    using copy = copyMigrations();
    using database = openDatabase(':memory:');
    writeFileSync(
      join(copy.directory, '9999_broken.sql'),
      'CREATE TABLE "family.half" ("a" TEXT); nonsense;',
    );
    assert.throws(() => migrate(database, copy.directory), /nonsense/);
    const tables = database
      .prepare("SELECT name FROM sqlite_schema WHERE name = 'family.half'")
      .all();
    assert.deepEqual(tables, []);
  });

  // No table of the project has a dot in its name.
  const family = `
    CREATE TABLE "family.parents" ("id" INTEGER PRIMARY KEY);
    CREATE TABLE "family.children" ("parent_id" INTEGER NOT NULL REFERENCES "family.parents" ("id") ON DELETE CASCADE);
    INSERT INTO "family.parents" VALUES (1);
    INSERT INTO "family.children" VALUES (1);
  `;

  it('replace a table without changing rows that refer to it', () => {
    using copy = copyMigrations();
    using database = openDatabase(':memory:');
    writeFileSync(join(copy.directory, '9998_family.sql'), family);
    const replaced = `
      CREATE TABLE "family.next" ("id" INTEGER PRIMARY KEY, "name" TEXT);
      INSERT INTO "family.next" ("id") SELECT "id" FROM "family.parents";
      DROP TABLE "family.parents";
      ALTER TABLE "family.next" RENAME TO "family.parents";
    `;
    writeFileSync(join(copy.directory, '9999_replace.sql'), replaced);
    migrate(database, copy.directory);
    assert.equal(database.prepare('SELECT * FROM "family.children"').all().length, 1);
    assert.throws(() => database.exec('INSERT INTO "family.children" VALUES (2)'), /FOREIGN KEY/);
  });

  it('are rejected if they would leave a dangling reference', () => {
    using copy = copyMigrations();
    using database = openDatabase(':memory:');
    writeFileSync(join(copy.directory, '9998_family.sql'), family);
    writeFileSync(join(copy.directory, '9999_broken.sql'), 'DELETE FROM "family.parents";');
    assert.throws(
      () => migrate(database, copy.directory),
      /9999_broken\.sql would leave rows of family\.children/,
    );
    assert.equal(database.prepare('SELECT * FROM "family.parents"').all().length, 1);
  });
});

describe('a transaction', () => {
  it('commits all of its writes or none', () => {
    using database = openDatabase(':memory:');
    database.exec('CREATE TABLE "notes" ("text" TEXT)');
    const insert = database.prepare('INSERT INTO "notes" VALUES (?)');
    inTransaction(database, () => insert.run('kept'));
    assert.throws(() =>
      inTransaction(database, () => {
        insert.run('lost');
        throw new Error('stop');
      }),
    );
    const texts = database.prepare('SELECT "text" FROM "notes"').all();
    assert.deepEqual(
      texts.map(({ text }) => text),
      ['kept'],
    );
  });
});
