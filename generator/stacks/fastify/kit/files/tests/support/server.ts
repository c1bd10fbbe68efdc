// @if operations
import assert from 'node:assert/strict';
// @end
import type { DatabaseSync } from 'node:sqlite';
// @if errorFormat
import type { FastifyError } from 'fastify';
// @end
import { buildApp } from '../../src/app.ts';
// @if auth
// @if passwords
import { makeCredentials } from '../../src/auth/credentials.ts';
// @end
import { makePasswords } from '../../src/auth/passwords.ts';
// @end
import { type Config, readConfig } from '../../src/config.ts';
import { migrate } from '../../src/database/migrate.ts';
import { openDatabase } from '../../src/database/open.ts';
import { makeRepositories, type Repositories } from '../../src/database/repositories.ts';
// @if errorFormat
import { toApiError } from '../../src/http/error-handling.ts';
// @end
// @if apiKey
import { hashOf } from '../../src/auth/api-keys.ts';
// @end
// @if roles
import { initialRole, type Role } from '../../src/auth/roles.ts';
// @end
// @if auth
import { insertAccount } from './fixtures.ts';
// @end
// @if sender
import { sentAs } from './sent-as.ts';
// @end
// @if services
import { makeServiceDoubles } from './services.ts';
// @end

// @if auth
export type TestServer = ReturnType<typeof serve>;
// @end

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
// @if sender
type Sender = ReturnType<typeof sentAs>;
// @end

/** Removes the limits that only their own tests should reach. */
const testConfig = readConfig({
  LOG_LEVEL: 'silent',
  RATE_LIMIT_PER_MINUTE: '1000000',
  // @if auth
  AUTH_RATE_LIMIT_PER_MINUTE: '1000000',
  // @end
  // @if apiKey
  API_KEYS: `tests:${hashOf('a key for tests').toString('hex')}`,
  // @end
});

// @if auth
const passwords = makePasswords({ cost: 16 });
// @if passwords
/** The password of every account that a test inserts. */
const passwordHash = await passwords.hash('correct horse battery staple');
// @end

// @end
// @if services
const doubles = makeServiceDoubles();

// @end
async function build(overrides: Partial<Config> = {}) {
  const config = { ...testConfig, ...overrides };
  const database = openDatabase(':memory:');
  migrate(database);
  const app = await buildApp({
    config,
    database,
    // @if auth
    passwords,
    // @end
    // @if services
    services: doubles.services,
    // @end
  });
  // @if thrown
  const thrown: { last?: unknown } = {};
  app.addHook('onError', async (_request, _reply, error) => {
    thrown.last = error;
  });
  return { app, database, repositories: makeRepositories(database), thrown };
  // @else
  return { app, database, repositories: makeRepositories(database) };
  // @end
}
type Built = Awaited<ReturnType<typeof build>>;

// Building an application takes longer than a test, so it is emptied and reused.
let spare: Built | undefined;

// @if roles
/** An application with an empty in-memory database, for one test; requests are sent by an account with this role. */
export async function startServer(role: Role = initialRole) {
  // @else
/** An application with an empty in-memory database, for one test. */
export async function startServer() {
  // @end
  const built = spare ?? (await build());
  spare = undefined;
  const release = async () => {
    empty(built.database);
    // @if services
    doubles.forget();
    // @end
    spare = built;
  };
  // @if roles
  return serve(built, release, role);
  // @else
  return serve(built, release);
  // @end
}

/** A new application: for another configuration, or for a test that changes it. */
export async function startOwnServer(overrides: Partial<Config> = {}) {
  const built = await build(overrides);
  return serve(built, async () => {
    await built.app.close();
    built.database.close();
  });
}

function empty(database: DatabaseSync): void {
  const tables = database
    .prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> '_migrations'`)
    .all();
  database.exec('PRAGMA foreign_keys = OFF');
  for (const { name } of tables) database.exec(`DELETE FROM "${String(name)}"`);
  database.exec('PRAGMA foreign_keys = ON');
}

// @if auth
/** Requests are sent by the account `me` by default. */
// @end
// @if roles
function serve(built: Built, release: () => Promise<void>, role: Role = initialRole) {
  // @else
function serve(built: Built, release: () => Promise<void>) {
  // @end
  // @if thrown
  const { app, database, repositories, thrown } = built;
  // @else
  const { app, database, repositories } = built;
  // @end
  const numbers = new Map<string, number>();
  /** Counts rows, to make unique values. */
  function nextNumber(key: keyof Repositories): number {
    const number = (numbers.get(key) ?? 0) + 1;
    numbers.set(key, number);
    return number;
  }
  // @if passwords
  const credentials = makeCredentials(database);
  const setPassword = (accountId: AccountId) => credentials.set(accountId, passwordHash);
  const target = { repositories, nextNumber, setPassword };
  // @end
  // @if auth

  // @if roles
  /** Another account that can send requests; by default with the role of `me`. */
  function signUp(as: Role = role) {
    // @if passwords
    const account = insertAccount(target, { role: as });
    // @else
    const account = insertAccount({ repositories, nextNumber }, { role: as });
    // @end
    // @else
  /** Another account that can send requests. */
  function signUp() {
    // @if passwords
    const account = insertAccount(target);
    // @else
    const account = insertAccount({ repositories, nextNumber });
    // @end
    // @end
    // @if numberAccount
    return { account, ...sentAs(app.jwt.sign({ sub: String(account.id) })) };
    // @else
    return { account, ...sentAs(app.jwt.sign({ sub: account.id })) };
    // @end
  }
  const me = signUp();
  // @end
  // @if requestHeaders
  let further: Record<string, string> = {};
  // @end
  // @if apiKey
  const me = sentAs('a key for tests');
  // @end

  return {
    app,
    database,
    repositories,
    nextNumber,
    // @if passwords
    setPassword,
    // @end
    // @if auth
    me: me.account,
    signUp,
    // @end

    // @if sender
    // @if auth
    /** Sends a request: as `me`, as another account, or unauthenticated with `null`. */
    // @else
    /** Sends a request, optionally with another key, or unauthenticated with `null`. */
    // @end
    send(method: Method, url: string, body?: object, as: Sender | null = me) {
      // @if requestHeaders
      const headers = { ...further, ...as?.headers };
      // @else
      const headers = as?.headers ?? {};
      // @end
      // @if queryCredential
      return app.inject({ method, url, headers, ...(as && { query: as.query }), ...(body && { body }) });
      // @else
      return app.inject({ method, url, headers, ...(body && { body }) });
      // @end
    },
    // @else
    send(method: Method, url: string, body?: object) {
      // @if requestHeaders
      return app.inject({ method, url, headers: further, ...(body && { body }) });
      // @else
      return app.inject({ method, url, ...(body && { body }) });
      // @end
    },
    // @end

    // @if requestHeaders
    /** Sets the headers of all further requests in this test, besides those of the sender. */
    setHeaders(headers: Record<string, string>): void {
      further = headers;
    },

    // @end
    // @if services
    /** Sets the response of a service call in this test: `mail.send`. */
    say: doubles.say,

    // @end
    // @if errorFormat
    /** The last error that was answered, also what its form has no place for. */
    errorOf(_response: { statusCode: number }) {
      const { code, message, details } = toApiError(thrown.last as FastifyError);
      return JSON.parse(JSON.stringify({ code, message, details }));
    },

    // @end
    // @if operations
    /** Fails with the response, and with the error that the server hides. */
    expectStatus(response: { statusCode: number; body: string }, status: number): void {
      const { statusCode, body } = response;
      const fault = statusCode >= 500 && thrown.last instanceof Error ? `\n${thrown.last.stack}` : '';
      assert.equal(statusCode, status, `Expected ${status}, answered ${statusCode}: ${body}${fault}`);
    },
    // @end

    [Symbol.asyncDispose]: release,
  };
}
