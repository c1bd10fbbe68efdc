import assert from 'node:assert/strict';
import { it } from 'node:test';
import Fastify from 'fastify';
import { readConfig } from '../src/config.ts';
import { migrate } from '../src/database/migrate.ts';
import { openDatabase } from '../src/database/open.ts';
import { makeRepositories } from '../src/database/repositories.ts';
import { makeHandlerContexts, type Sources } from '../src/operation-context.ts';

function contextWith(sources?: Sources) {
  const database = openDatabase(':memory:');
  migrate(database);
  const contextOf = makeHandlerContexts({
    repositories: makeRepositories(database),
    database,
    config: readConfig({}).values,
    sources,
  });
  return contextOf(Fastify().log);
}

it('takes the time and new ids from where it is told', () => {
  const context = contextWith({ now: () => new Date(0), newId: () => 'next' });
  assert.equal(context.now().toISOString(), '1970-01-01T00:00:00.000Z');
  assert.equal(context.newId(), 'next');
});

it('has the time of the machine and another id each time by default', () => {
  const { now, newId } = contextWith();
  assert.ok(Math.abs(now().getTime() - Date.now()) < 5_000);
  assert.match(newId(), /^[0-9a-f-]{36}$/);
  assert.notEqual(newId(), newId());
});
