// @if seedAccounts
import { makePasswords } from './auth/passwords.ts';
// @end
import { ConfigError, readConfig } from './config.ts';
import { migrate } from './database/migrate.ts';
import { openDatabase } from './database/open.ts';
// @if seedAccounts
import { insertSeeds, seedPassword } from './database/seeds.ts';
// @else
import { insertSeeds } from './database/seeds.ts';
// @end
import { ApiError } from './errors.ts';

/** Inserts the rows of `database/seeds.ts` into the database. Idempotent. */
// @if seedAccounts
async function seed(): Promise<void> {
  if (process.env.NODE_ENV === 'production') {
    throw new ConfigError('NODE_ENV: seeds have a known password and stay out of production');
  }
  const database = openDatabase(readConfig(process.env).databasePath);
  migrate(database);
  const inserted = insertSeeds(database, await makePasswords().hash(seedPassword));
  console.log(`Inserted ${inserted} rows. Their accounts sign in with the password "${seedPassword}".`);
  database.close();
}
// @else
function seed(): void {
  const database = openDatabase(readConfig(process.env).databasePath);
  migrate(database);
  console.log(`Inserted ${insertSeeds(database)} rows.`);
  database.close();
}
// @end

try {
  // @if seedAccounts
  await seed();
  // @else
  seed();
  // @end
} catch (error) {
  const isExpected = error instanceof ConfigError || error instanceof ApiError;
  console.error(isExpected ? `Cannot seed. ${error.message}` : error);
  process.exit(1);
}
