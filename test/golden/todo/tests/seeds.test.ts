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
    assert.ok(insertSeeds(database) > 0);
    const before = contentOf(database);
    assert.equal(insertSeeds(database), 0);
    assert.deepEqual(contentOf(database), before);
  });
});

/** Every row of every table. */
function contentOf(database: DatabaseSync) {
  const tables = database.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table'`).all();
  return tables.map(({ name }) => [
    name,
    database.prepare(`SELECT * FROM "${String(name)}"`).all(),
  ]);
}
