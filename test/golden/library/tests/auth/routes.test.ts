import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { memberBody } from '../support/fixtures.ts';
import { sentAs } from '../support/sent-as.ts';
import { startOwnServer, startServer, type TestServer } from '../support/server.ts';

const password = 'correct horse';

const registration = (server: TestServer) => ({ ...memberBody(server), password });

async function register(server: TestServer) {
  const body = registration(server);
  const response = await server.send('POST', '/auth/register', body, null);
  assert.equal(response.statusCode, 201);
  return { body, ...response.json() };
}

describe('POST /auth/register', () => {
  it('creates an account, signs it in and tells nobody the password', async () => {
    await using server = await startServer();
    const { body, account, token } = await register(server);
    assert.equal(account.email, body.email);
    assert.deepEqual({ ...server.repositories.members.find(account.id) }, account);
    const kept = server.database
      .prepare('SELECT "password_hash" AS "hash" FROM "_credentials"')
      .get();
    assert.match(String(kept?.hash), /^scrypt\$/);
    assert.ok(!('password' in account));
    const me = await server.send('GET', '/auth/me', undefined, sentAs(token));
    assert.deepEqual(me.json(), account);
  });

  it('reads an email in one spelling', async () => {
    await using server = await startServer();
    const body = { ...registration(server), email: '  Ada@Example.COM ' };
    const response = await server.send('POST', '/auth/register', body, null);
    assert.equal(response.json().account.email, 'ada@example.com');
  });

  it('rejects an email that is taken, in any case', async () => {
    await using server = await startServer();
    const { body } = await register(server);
    const again = { ...registration(server), email: body.email.toUpperCase() };
    const response = await server.send('POST', '/auth/register', again, null);
    assert.equal(response.statusCode, 409);
    assert.equal(response.json().error.details[0].path, 'email');
  });

  it('needs every required property', async () => {
    await using server = await startServer();
    for (const property of ['email', 'password']) {
      const body = { ...registration(server), [property]: undefined };
      const response = await server.send('POST', '/auth/register', body, null);
      assert.equal(response.statusCode, 400, property);
      assert.equal(response.json().error.details[0].path, property);
    }
  });

  it('rejects invalid values and unknown properties', async () => {
    await using server = await startServer();
    const wrong = { email: 'not an address', password: '', unknownProperty: 1 };
    for (const [property, value] of Object.entries(wrong)) {
      const body = { ...registration(server), [property]: value };
      const response = await server.send('POST', '/auth/register', body, null);
      assert.equal(response.statusCode, 400, property);
      assert.equal(response.json().error.details[0].path, property);
    }
  });

  it('limits how often it can be tried', async () => {
    await using server = await startOwnServer({ authRateLimitPerMinute: 1 });
    await register(server);
    const response = await server.send('POST', '/auth/register', registration(server), null);
    assert.equal(response.statusCode, 429);
  });
});

describe('POST /auth/login', () => {
  it('returns a token for the correct password, in any case of the email', async () => {
    await using server = await startServer();
    const { body, account } = await register(server);
    const credentials = { email: ` ${body.email.toUpperCase()} `, password };
    const response = await server.send('POST', '/auth/login', credentials, null);
    assert.equal(response.statusCode, 200);
    assert.deepEqual(response.json().account, account);
    const me = await server.send('GET', '/auth/me', undefined, sentAs(response.json().token));
    assert.equal(me.statusCode, 200);
  });

  it('gives the same answer to a wrong password and to an unknown email', async () => {
    await using server = await startServer();
    const { body } = await register(server);
    const attempts = [
      { email: body.email, password: 'wrong' },
      { email: 'nobody@example.com', password },
    ];
    const messages: string[] = [];
    for (const attempt of attempts) {
      const response = await server.send('POST', '/auth/login', attempt, null);
      assert.equal(response.statusCode, 401);
      messages.push(response.json().error.message);
    }
    assert.equal(messages[0], messages[1]);
  });

  it('signs nobody in whose password is not stored', async () => {
    await using server = await startServer();
    const { body } = await register(server);
    server.database.exec('DELETE FROM "_credentials"');
    const response = await server.send(
      'POST',
      '/auth/login',
      { email: body.email, password },
      null,
    );
    assert.equal(response.statusCode, 401);
  });
});

describe('a token', () => {
  it('is required', async () => {
    await using server = await startServer();
    const response = await server.send('GET', '/auth/me', undefined, null);
    assert.equal(response.statusCode, 401);
    assert.equal(response.headers['www-authenticate'], 'Bearer');
  });

  it('is rejected if it is forged, unsigned or expired', async () => {
    await using server = await startServer();
    await using other = await startOwnServer({ jwtSecret: 'another secret of 32 characters!' });
    const { id } = server.me;
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const tokens = {
      forged: other.app.jwt.sign({ sub: id }),
      unsigned: `${part({ alg: 'none', typ: 'JWT' })}.${part({ sub: id })}.`,
      'of another algorithm': server.app.jwt.sign({ sub: id }, { algorithm: 'HS512' }),
      expired: server.app.jwt.sign({ sub: id }, { expiresIn: '1ms', clockTimestamp: 0 }),
    };
    for (const [kind, token] of Object.entries(tokens)) {
      const response = await server.send('GET', '/auth/me', undefined, sentAs(token));
      assert.equal(response.statusCode, 401, kind);
    }
  });

  it('is rejected if it is signed but names no account', async () => {
    await using server = await startServer();
    const subjects = [
      undefined,
      null,
      '',
      0,
      1,
      true,
      {},
      { id: server.me.id },
      [server.me.id],
      'nobody',
      ' ',
      '\u0000',
    ];
    for (const sub of subjects) {
      const token = server.app.jwt.sign({ sub } as { sub: string });
      const response = await server.send('GET', '/auth/me', undefined, sentAs(token));
      assert.equal(response.statusCode, 401, JSON.stringify(sub));
    }
  });

  it('is rejected if its account was deleted', async () => {
    await using server = await startServer();
    server.repositories.members.remove(server.me.id);
    const response = await server.send('GET', '/auth/me');
    assert.equal(response.statusCode, 401);
  });
});
