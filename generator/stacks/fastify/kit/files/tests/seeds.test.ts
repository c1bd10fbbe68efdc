import assert from 'node:assert/strict';
import type { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { migrate } from '../src/database/migrate.ts';
import { openDatabase } from '../src/database/open.ts';
import { insertSeeds } from '../src/database/seeds.ts';

describe('the seeds', () => {
  it('are inserted only once', () => {
    using database = openDatabase(':memory:');
    migrate(database);
    // @if seedAccounts
    assert.ok(insertSeeds(database, 'a hash') > 0);
    // @else
    assert.ok(insertSeeds(database) > 0);
    // @end
    const before = contentOf(database);
    // @if seedAccounts
    assert.equal(insertSeeds(database, 'another hash'), 0);
    // @else
    assert.equal(insertSeeds(database), 0);
    // @end
    assert.deepEqual(contentOf(database), before);
  });
});

/** Every row of every table. */
function contentOf(database: DatabaseSync) {
  const tables = database.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table'`).all();
  return tables.map(({ name }) => [name, database.prepare(`SELECT * FROM "${String(name)}"`).all()]);
}
