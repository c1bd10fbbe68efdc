import type { DatabaseSync } from 'node:sqlite';
import type { Authentication } from './authentication.ts';
import { makeCredentials } from './credentials.ts';
import type { Passwords } from './passwords.ts';

/** What operations may do with the passwords and tokens of accounts. No row and no response has a hash. */
export type AccountCredentials = {
  /** A hash to store, with its own salt. */
  hashPassword(password: string): Promise<string>;
  /** Stores the hash of an account's password, in place of an earlier one. */
  setPasswordHash(accountId: AccountId, hash: string): void;
  /** Whether this is the password of the account. Without an account it takes the same time and returns false. */
  verifyPassword(password: string, account: { id: AccountId } | undefined): Promise<boolean>;
  /** A token of the account, sent as `@credential`. */
  issueToken(account: { id: AccountId }): Promise<string>;
};

type Dependencies = {
  database: DatabaseSync;
  passwords: Passwords;
  authentication: Pick<Authentication, 'tokenFor'>;
};

export function makeAccountCredentials({
  database,
  passwords,
  authentication,
}: Dependencies): AccountCredentials {
  const credentials = makeCredentials(database);
  return {
    hashPassword: (password) => passwords.hash(password),
    setPasswordHash: (accountId, hash) => credentials.set(accountId, hash),
    verifyPassword: (password, account) =>
      passwords.verify(password, account && credentials.hashOf(account.id)),
    issueToken: async ({ id }) => authentication.tokenFor({ id }),
  };
}
