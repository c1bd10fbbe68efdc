import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isBasic, makeBasic } from '../../src/auth/basic.ts';
import { makeCredentials } from '../../src/auth/credentials.ts';
import { makePasswords } from '../../src/auth/passwords.ts';
import { startServer } from '../support/server.ts';

const sent = (text: string, ip = '192.0.2.1') => ({
  headers: { authorization: `Basic ${Buffer.from(text).toString('base64')}` },
  ip,
});

describe('HTTP Basic', () => {
  it('is a name and a password', async () => {
    await using server = await startServer();
    const { database, me } = server;
    const hashing = makePasswords({ cost: 16 });
    let verified = 0;
    const passwords = {
      ...hashing,
      verify(password: string, hash: string | undefined) {
        verified += 1;
        return hashing.verify(password, hash);
      },
    };
    const credentials = makeCredentials(database);
    database.exec('DELETE FROM "_credentials"');
    credentials.add(me.id, await passwords.hash('tea: black'));
    const find = (name: string) => (name === 'ann' ? me : undefined);
    const config = { authRateLimitPerMinute: 3 };
    const basic = makeBasic({ config, database, passwords, find });

    assert.equal(isBasic(sent('ann:x')), true);
    assert.equal(isBasic({ headers: { authorization: 'Bearer x' } }), false);
    assert.equal(await basic.accountOf(sent('ann:tea: black')), me);
    assert.equal(await basic.accountOf(sent('ann:tea: black')), me);
    assert.equal(verified, 1, 'a right password is checked once');

    // A changed password counts at once.
    database.exec('DELETE FROM "_credentials"');
    credentials.add(me.id, await passwords.hash('coffee'));
    for (const wrong of ['ann:tea: black', 'bob:coffee', 'ann'])
      assert.equal(await basic.accountOf(sent(wrong)), undefined, wrong);
    await assert.rejects(basic.accountOf(sent('ann:again')), { statusCode: 429 });
    assert.equal(await basic.accountOf(sent('ann:coffee', '192.0.2.2')), me, 'others are not held up');
  });
});
