import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { makeAccountCredentials } from '../../src/auth/account-credentials.ts';
import { makePasswords } from '../../src/auth/passwords.ts';
import { startServer } from '../support/server.ts';

const passwords = makePasswords({ cost: 16 });
const authentication = { tokenFor: ({ id }: { id: AccountId }) => `token of ${id}` };

describe('what operations may do with passwords and tokens', () => {
  it('checks the password that was set last', async () => {
    await using server = await startServer();
    const { database, me } = server;
    const credentials = makeAccountCredentials({ database, passwords, authentication });
    assert.equal(await credentials.verifyPassword('first', me), false);
    for (const password of ['first', 'second'])
      credentials.setPasswordHash(me.id, await credentials.hashPassword(password));
    assert.equal(await credentials.verifyPassword('first', me), false);
    assert.equal(await credentials.verifyPassword('second', me), true);
    assert.equal(await credentials.verifyPassword('second', undefined), false);
  });

  it('stores a hash, and for an existing account only', async () => {
    await using server = await startServer();
    const { database, me } = server;
    const credentials = makeAccountCredentials({ database, passwords, authentication });
    const hash = await credentials.hashPassword('a password');
    assert.notEqual(hash, await credentials.hashPassword('a password'));
    credentials.setPasswordHash(me.id, hash);
    const kept = database.prepare('SELECT "password_hash" AS "hash" FROM "_credentials"').all();
    assert.deepEqual(
      kept.map((row) => row.hash),
      [hash],
    );
    assert.doesNotMatch(hash, /a password/);
    // @if numberAccount
    assert.throws(() => credentials.setPasswordHash(987_654, hash), /FOREIGN KEY/);
    // @else
    assert.throws(() => credentials.setPasswordHash('nobody', hash), /FOREIGN KEY/);
    // @end
  });

  it('issues tokens of one account', async () => {
    await using server = await startServer();
    const { database, me } = server;
    const credentials = makeAccountCredentials({ database, passwords, authentication });
    assert.equal(await credentials.issueToken(me), `token of ${me.id}`);
  });
});
