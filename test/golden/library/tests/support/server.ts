import assert from 'node:assert/strict';
import type { DatabaseSync } from 'node:sqlite';
import { buildApp } from '../../src/app.ts';
import { makePasswords } from '../../src/auth/passwords.ts';
import { type Config, readConfig } from '../../src/config.ts';
import { migrate } from '../../src/database/migrate.ts';
import { openDatabase } from '../../src/database/open.ts';
import { makeRepositories, type Repositories } from '../../src/database/repositories.ts';
import { insertAccount } from './fixtures.ts';
import { sentAs } from './sent-as.ts';

export type TestServer = ReturnType<typeof serve>;

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
type Sender = ReturnType<typeof sentAs>;

/** Removes the limits that only their own tests should reach. */
const testConfig = readConfig({
  LOG_LEVEL: 'silent',
  RATE_LIMIT_PER_MINUTE: '1000000',
  AUTH_RATE_LIMIT_PER_MINUTE: '1000000',
});

const passwords = makePasswords({ cost: 16 });

async function build(overrides: Partial<Config> = {}) {
  const config = { ...testConfig, ...overrides };
  const database = openDatabase(':memory:');
  migrate(database);
  const app = await buildApp({
    config,
    database,
    passwords,
  });
  const thrown: { last?: unknown } = {};
  app.addHook('onError', async (_request, _reply, error) => {
    thrown.last = error;
  });
  return { app, database, repositories: makeRepositories(database), thrown };
}
type Built = Awaited<ReturnType<typeof build>>;

// Building an application takes longer than a test, so it is emptied and reused.
let spare: Built | undefined;

/** An application with an empty in-memory database, for one test. */
export async function startServer() {
  const built = spare ?? (await build());
  spare = undefined;
  const release = async () => {
    empty(built.database);
    spare = built;
  };
  return serve(built, release);
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

/** Requests are sent by the account `me` by default. */
function serve(built: Built, release: () => Promise<void>) {
  const { app, database, repositories, thrown } = built;
  const numbers = new Map<string, number>();
  /** Counts rows, to make unique values. */
  function nextNumber(key: keyof Repositories): number {
    const number = (numbers.get(key) ?? 0) + 1;
    numbers.set(key, number);
    return number;
  }

  /** Another account that can send requests. */
  function signUp() {
    const account = insertAccount({ repositories, nextNumber });
    return { account, ...sentAs(app.jwt.sign({ sub: account.id })) };
  }
  const me = signUp();

  return {
    app,
    database,
    repositories,
    nextNumber,
    me: me.account,
    signUp,

    /** Sends a request: as `me`, as another account, or unauthenticated with `null`. */
    send(method: Method, url: string, body?: object, as: Sender | null = me) {
      const headers = as?.headers ?? {};
      return app.inject({ method, url, headers, ...(body && { body }) });
    },

    /** Fails with the response, and with the error that the server hides. */
    expectStatus(response: { statusCode: number; body: string }, status: number): void {
      const { statusCode, body } = response;
      const fault =
        statusCode >= 500 && thrown.last instanceof Error ? `\n${thrown.last.stack}` : '';
      assert.equal(
        statusCode,
        status,
        `Expected ${status}, answered ${statusCode}: ${body}${fault}`,
      );
    },

    [Symbol.asyncDispose]: release,
  };
}
