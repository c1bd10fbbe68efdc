import type { DatabaseSync } from 'node:sqlite';

/** Password hashes of the accounts. */
export function makeCredentials(database: DatabaseSync) {
  return {
    add(accountId: AccountId, passwordHash: string): void {
      database
        .prepare('INSERT INTO "_credentials" ("account_id", "password_hash") VALUES (?, ?)')
        .run(accountId, passwordHash);
    },

    // @if credentials
    /** Stores a hash, in place of an earlier one. */
    set(accountId: AccountId, passwordHash: string): void {
      database
        .prepare(
          'INSERT INTO "_credentials" ("account_id", "password_hash") VALUES (?, ?) ' +
            'ON CONFLICT ("account_id") DO UPDATE SET "password_hash" = excluded."password_hash"',
        )
        .run(accountId, passwordHash);
    },

    // @end
    hashOf(accountId: AccountId): string | undefined {
      const row = database
        .prepare('SELECT "password_hash" AS "hash" FROM "_credentials" WHERE "account_id" = ?')
        .get(accountId);
      return row && String(row.hash);
    },
  };
}
