import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import Fastify from 'fastify';
import { hashOf, makeAuthentication } from '../../src/auth/api-keys.ts';
import { readConfig } from '../../src/config.ts';
import { sentAs } from '../support/sent-as.ts';

function appWith(...keys: { name: string; hash: Buffer }[]) {
  const app = Fastify();
  const authentication = makeAuthentication(app, keys);
  app.get('/', { onRequest: authentication.required }, (request) => authentication.callerOf(request));
  app.get('/guarded', { onRequest: authentication.required }, () => 'done');
  app.get('/open', (request) => authentication.callerOf(request));
  return (key?: string, url = '/') => app.inject({ url, ...(key !== undefined && sentAs(key)) });
}

describe('API keys', () => {
  const ask = appWith({ name: 'ada', hash: hashOf('first') }, { name: 'alan', hash: hashOf('second') });

  it('identify the caller', async () => {
    assert.equal((await ask('first')).body, 'ada');
    assert.equal((await ask('second')).body, 'alan');
  });

  it('are required, and must be valid', async () => {
    for (const key of [undefined, '', 'third', 'first second']) {
      assert.equal((await ask(key, '/guarded')).statusCode, 401);
    }
    assert.equal((await ask('first', '/guarded')).body, 'done');
  });

  it('identify nobody where they are not required', async () => {
    assert.equal((await ask('first', '/open')).statusCode, 401);
  });

  it('reject every request if there are none', async () => {
    assert.equal((await appWith()('')).statusCode, 401);
  });

  it('are configured as hashes', () => {
    const hash = hashOf('first').toString('hex');
    const { apiKeys } = readConfig({ API_KEYS: `ada:${hash}` });
    assert.deepEqual(apiKeys, [{ name: 'ada', hash: hashOf('first') }]);
    assert.throws(() => readConfig({ API_KEYS: 'ada:first' }), /API_KEYS/);
  });
});
