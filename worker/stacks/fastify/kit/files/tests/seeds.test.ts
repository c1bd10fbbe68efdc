import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { migrate } from '../src/database/migrate.ts';
import { openDatabase } from '../src/database/open.ts';
import { insertSeeds } from '../src/database/seeds.ts';

describe('the seeds', () => {
  it('are inserted once, however often they are asked for', () => {
    using database = openDatabase(':memory:');
    migrate(database);
    // @if auth
    assert.ok(insertSeeds(database, 'a hash') > 0);
    assert.equal(insertSeeds(database, 'a hash'), 0);
    // @else
    assert.ok(insertSeeds(database) > 0);
    assert.equal(insertSeeds(database), 0);
    // @end
  });
});
