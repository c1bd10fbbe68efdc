import { createHmac, randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { FastifyRequest } from 'fastify';
import type { Config } from '../config.ts';
import { ApiError } from '../errors.ts';
import { makeCredentials } from './credentials.ts';
import type { Passwords } from './passwords.ts';

export const isBasic = ({ headers }: Pick<FastifyRequest, 'headers'>): boolean =>
  /^Basic /i.test(headers.authorization ?? '');

type Dependencies<Account> = {
  config: Pick<Config, 'authRateLimitPerMinute'>;
  database: DatabaseSync;
  passwords: Passwords;
  /** The account with this name, or whatever else accounts sign in with. */
  find: (name: string) => Account | undefined;
};

const MOST_REMEMBERED = 1000;
const MINUTE = 60_000;

/** HTTP Basic: a name and a password with every request. */
export function makeBasic<Account extends { id: AccountId }>({ config, database, passwords, find }: Dependencies<Account>) {
  const credentials = makeCredentials(database);
  // Checking a password is expensive by design: what was right stays known, until the password changes.
  const remembered = new Set<string>();
  const secret = randomBytes(32);
  let failures = new Map<string, number>();
  let since = 0;

  /** Wrong passwords of one sender, in the current minute. */
  function countsOf(now: number): Map<string, number> {
    if (now - since > MINUTE) {
      failures = new Map();
      since = now;
    }
    return failures;
  }

  return {
    /** The account of a request; undefined if its name or its password is wrong. */
    async accountOf({ headers, ip }: Pick<FastifyRequest, 'headers' | 'ip'>): Promise<Account | undefined> {
      const given = headers.authorization ?? '';
      const text = Buffer.from(given.slice('Basic '.length), 'base64').toString();
      const [, name = '', password = ''] = /^([^:]*):([\s\S]{1,1024})$/.exec(text) ?? [];
      const account = find(name);
      const hash = account && credentials.hashOf(account.id);
      const key = createHmac('sha256', secret).update(`${hash}\n${given}`).digest('base64');
      if (account && remembered.has(key)) return account;
      const counts = countsOf(Date.now());
      const failed = counts.get(ip) ?? 0;
      if (failed >= config.authRateLimitPerMinute)
        throw new ApiError(429, 'too_many_requests', 'Too many wrong passwords. Try again in a minute.');
      if (!(await passwords.verify(password, hash)) || !account) {
        counts.set(ip, failed + 1);
        return undefined;
      }
      if (remembered.size >= MOST_REMEMBERED) remembered.clear();
      remembered.add(key);
      return account;
    },
  };
}
