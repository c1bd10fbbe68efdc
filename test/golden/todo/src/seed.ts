import { ConfigError, readConfig } from './config.ts';
import { migrate } from './database/migrate.ts';
import { openDatabase } from './database/open.ts';
import { insertSeeds } from './database/seeds.ts';
import { ApiError } from './errors.ts';

/** Inserts the rows of `database/seeds.ts` into the database. Idempotent. */
function seed(): void {
  const database = openDatabase(readConfig(process.env).databasePath);
  migrate(database);
  console.log(`Inserted ${insertSeeds(database)} rows.`);
  database.close();
}

try {
  seed();
} catch (error) {
  const isExpected = error instanceof ConfigError || error instanceof ApiError;
  console.error(isExpected ? `Cannot seed. ${error.message}` : error);
  process.exit(1);
}
