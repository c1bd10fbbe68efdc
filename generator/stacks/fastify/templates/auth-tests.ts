import { access, propertyKey } from '../../../codegen/encode/property.ts'
import { literal } from '../../../codegen/encode/typescript.ts'
import { makeImports } from '../../../codegen/imports.ts'
import type { ProjectModel } from '../model.ts'
import { challenge } from './credential.ts'
import { isGuarded } from './guard-code.ts'
import { sampleCall } from './operation-tests.ts'
import { referencesOf, openProperties, type Resource } from '../resource.ts'
import { hasInvalidValue, invalidValueOf } from './sample-code.ts'
import { insertFunction, requestFunction } from './fixtures.ts'
import { nobodyHasCode } from './resource-tests/writer.ts'
import { canCoexist } from './row-capacity.ts'
import { lockedOnRegistration } from './resource-tests/locked.ts'
import { defaultOf } from './schemas.ts'

/** `tests/auth/routes.test.ts`: registration, login and tokens. */
export function authTestsFile(account: Resource, model: ProjectModel): string {
  const imports = makeImports()
  imports.default('node:assert/strict', 'assert')
  for (const name of ['describe', 'it']) imports.value('node:test', name)
  imports.value('../support/sent-as.ts', 'sentAs')
  imports.value('../support/server.ts', 'startServer')
  imports.value('../support/server.ts', 'startOwnServer')
  imports.type('../support/server.ts', 'TestServer')
  const body = `${imports.value('../support/fixtures.ts', requestFunction(account))}(server)`
  const required = openProperties(account)
    .filter((property) => defaultOf(property) === undefined)
    .map(({ name }) => name)
  const wrong = openProperties(account)
    .filter(hasInvalidValue)
    .map((property) => `${propertyKey(property.name)}: ${literal(invalidValueOf(property))}`)
  const { key } = account
  const insert = (target: Resource) =>
    `${imports.value('../support/fixtures.ts', insertFunction(target))}(server)${access(target.id.name)}`
  const tests = referenceTests(account, insert)
  return `${imports.render()}

const password = 'correct horse';

const registration = (server: TestServer) => ({ ...${body}, password });

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
    assert.deepEqual({ ...server.repositories.${key}.find(account.id) }, account);
    const kept = server.database.prepare('SELECT "password_hash" AS "hash" FROM "_credentials"').get();
    assert.match(String(kept?.hash), /^scrypt\\$/);
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
    for (const property of [${[...required, 'password'].map((name) => `'${name}'`).join(', ')}]) {
      const body = { ...registration(server), [property]: undefined };
      const response = await server.send('POST', '/auth/register', body, null);
      assert.equal(response.statusCode, 400, property);
      assert.equal(response.json().error.details[0].path, property);
    }
  });

  it('rejects invalid values and unknown properties', async () => {
    await using server = await startServer();
    const wrong = { ${[...wrong, "password: ''", 'unknownProperty: 1'].join(', ')} };
    for (const [property, value] of Object.entries(wrong)) {
      const body = { ...registration(server), [property]: value };
      const response = await server.send('POST', '/auth/register', body, null);
      assert.equal(response.statusCode, 400, property);
      assert.equal(response.json().error.details[0].path, property);
    }
  });

${lockedOnRegistration(account)}${tests}  it('limits how often it can be tried', async () => {
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
    const credentials = { email: \` \${body.email.toUpperCase()} \`, password };
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
    const response = await server.send('POST', '/auth/login', { email: body.email, password }, null);
    assert.equal(response.statusCode, 401);
  });
});

${tokenTests(account, model, "'GET', '/auth/me'")}`
}

/** `tests/auth/tokens.test.ts`, where the routes of the API sign accounts in; null if none needs a token. */
export function tokenTestsFile(account: Resource, model: ProjectModel): string | null {
  const guarded = model.customs.find(({ guard }) => isGuarded(guard) && guard.roles.length === 0)
  if (guarded === undefined) return null
  const imports = makeImports()
  imports.default('node:assert/strict', 'assert')
  for (const name of ['describe', 'it']) imports.value('node:test', name)
  imports.value('../support/sent-as.ts', 'sentAs')
  for (const name of ['startOwnServer', 'startServer']) imports.value('../support/server.ts', name)
  const tests = tokenTests(account, model, sampleCall(guarded, imports))
  return `${imports.render()}\n\n${tests}`
}

/** `call` is a request that needs a token: its method, its path and perhaps its body. */
function tokenTests(account: Resource, model: ProjectModel, call: string): string {
  const request = call.split(', ').length > 2 ? call : `${call}, undefined`
  return `describe('a token', () => {
  it('is required', async () => {
    await using server = await startServer();
    const response = await server.send(${request}, null);
    assert.equal(response.statusCode, 401);
    assert.equal(response.headers['www-authenticate'], '${challenge(model)}');
  });

  it('is rejected if it is forged, unsigned or expired', async () => {
    await using server = await startServer();
    await using other = await startOwnServer({ jwtSecret: 'another secret of 32 characters!' });
    ${account.id.kind === 'integer' ? 'const id = String(server.me.id);' : 'const { id } = server.me;'}
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const tokens = {
      forged: other.app.jwt.sign({ sub: id }),
      unsigned: \`\${part({ alg: 'none', typ: 'JWT' })}.\${part({ sub: id })}.\`,
      'of another algorithm': server.app.jwt.sign({ sub: id }, { algorithm: 'HS512' }),
      expired: server.app.jwt.sign({ sub: id }, { expiresIn: '1ms', clockTimestamp: 0 }),
    };
    for (const [kind, token] of Object.entries(tokens)) {
      const response = await server.send(${request}, sentAs(token));
      assert.equal(response.statusCode, 401, kind);
    }
  });

  it('is rejected if it is signed but names no account', async () => {
    await using server = await startServer();
    const subjects = [undefined, null, '', 0, 1, true, {}, { id: server.me.id }, [server.me.id], 'nobody', ' ', '\\u0000'];
    for (const sub of subjects) {
      const token = server.app.jwt.sign({ sub } as { sub: string });
      const response = await server.send(${request}, sentAs(token));
      assert.equal(response.statusCode, 401, JSON.stringify(sub));
    }
  });

  it('is rejected if its account was deleted', async () => {
    await using server = await startServer();
    server.repositories.${account.key}.remove(server.me.id);
    const response = await server.send(${call});
    assert.equal(response.statusCode, 401);
  });
});
`
}

/** Optional references of a registration: to a row that everybody may see, and to none or another. */
function referenceTests(account: Resource, insert: (target: Resource) => string): string {
  return referencesOf(account)
    .map(({ name, required, relation: { target } }) => {
      const refused = `  it('refuses a ${name} that does not exist${target.policies.read.scope ? ' for everybody' : ''}', async () => {
    await using server = await startServer();
    const body = { ...registration(server), ${propertyKey(name)}: ${nobodyHasCode(target)} };
    const response = await server.send('POST', '/auth/register', body, null);
    assert.equal(response.statusCode, 422);
    assert.equal(response.json().error.details[0].path, '${name}');
  });
`
      if (required || target.policies.read.scope || !canCoexist(account, account, target)) return refused
      return `${refused}
  it('takes a ${name} that exists', async () => {
    await using server = await startServer();
    const body = { ...registration(server), ${propertyKey(name)}: ${insert(target)} };
    const response = await server.send('POST', '/auth/register', body, null);
    assert.equal(response.statusCode, 201);
    assert.equal(response.json().account${access(name)}, body${access(name)});
  });
`
    })
    .map((test) => `${test}\n`)
    .join('')
}
