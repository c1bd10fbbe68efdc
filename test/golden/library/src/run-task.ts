import { buildApp } from './app.ts';
import { ConfigError, readConfig } from './config.ts';
import { migrate } from './database/migrate.ts';
import { openDatabase } from './database/open.ts';
import { forgetEnvironment } from './lockdown.ts';
import { makeRepositories } from './database/repositories.ts';
import { makeHandlerContexts } from './operation-context.ts';
import { schedule } from './schedule.ts';
import { runTask } from './scheduler.ts';

/** Runs one task now, independent of its schedule: `npm run task -- <id>`. Returns whether it succeeded. */
async function run(id: string | undefined): Promise<boolean> {
  const task = schedule.find((one) => one.id === id);
  if (task === undefined) {
    const known = schedule.map((one) => `  ${one.id}: ${one.description}`);
    console.error(['Say which task is to run: npm run task -- <id>', ...known].join('\n'));
    return false;
  }
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stopping.abort());
  const config = readConfig(process.env);
  forgetEnvironment();
  using database = openDatabase(config.databasePath);
  migrate(database);
  // For its logger, the same as in the service.
  await using app = await buildApp({ config, database });
  const handlerContext = makeHandlerContexts({
    repositories: makeRepositories(database),
    database,
    config: config.values,
  });
  return await runTask(task, {
    handlerContext,
    log: app.log,
    signal: stopping.signal,
  });
}

try {
  if (!(await run(process.argv[2]))) process.exitCode = 1;
} catch (error) {
  console.error(error instanceof ConfigError ? `Cannot run the task. ${error.message}` : error);
  process.exit(1);
}
