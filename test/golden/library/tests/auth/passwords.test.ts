import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { makePasswords } from '../../src/auth/passwords.ts';

const passwords = makePasswords({ cost: 16 });

describe('a password', () => {
  it('is stored as a salted hash that matches only the same password', async () => {
    const [first, second] = await Promise.all([passwords.hash('secret'), passwords.hash('secret')]);
    assert.notEqual(first, second);
    assert.equal(await passwords.verify('secret', first), true);
    assert.equal(await passwords.verify('Secret', first), false);
  });

  it('never matches without a hash', async () => {
    assert.equal(await passwords.verify('secret', undefined), false);
  });

  it('is normalized', async () => {
    const hash = await passwords.hash('caf\u00e9');
    assert.equal(await passwords.verify('cafe\u0301', hash), true);
  });
});
