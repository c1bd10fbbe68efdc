import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import Fastify from 'fastify';
import { hashOf, makeAuthentication } from '../../src/auth/api-keys.ts';
import { readConfig } from '../../src/config.ts';

function appWith(...keys: { name: string; hash: Buffer }[]) {
  const app = Fastify();
  const authentication = makeAuthentication(app, keys);
  app.get('/', { onRequest: authentication.required }, (request) => authentication.callerOf(request));
  return (headers: Record<string, string>) => app.inject({ url: '/', headers });
}

describe('API keys', () => {
  const ask = appWith({ name: 'ada', hash: hashOf('first') }, { name: 'alan', hash: hashOf('second') });

  it('identify the caller', async () => {
    assert.equal((await ask({ 'x-api-key': 'first' })).body, 'ada');
    assert.equal((await ask({ 'x-api-key': 'second' })).body, 'alan');
  });

  it('are required, and must be valid', async () => {
    for (const headers of [{}, { 'x-api-key': '' }, { 'x-api-key': 'third' }, { 'x-api-key': 'first second' }]) {
      assert.equal((await ask(headers)).statusCode, 401);
    }
  });

  it('reject every request if there are none', async () => {
    assert.equal((await appWith()({ 'x-api-key': '' })).statusCode, 401);
  });

  it('are configured as hashes', () => {
    const hash = hashOf('first').toString('hex');
    const { apiKeys } = readConfig({ API_KEYS: `ada:${hash}` });
    assert.deepEqual(apiKeys, [{ name: 'ada', hash: hashOf('first') }]);
    assert.throws(() => readConfig({ API_KEYS: 'ada:first' }), /API_KEYS/);
  });
});
