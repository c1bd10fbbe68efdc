import { buildApp } from './app.ts';
import { ConfigError, readConfig } from './config.ts';
import { migrate, MigrationError } from './database/migrate.ts';
import { openDatabase } from './database/open.ts';
import { forgetEnvironment } from './lockdown.ts';
import { makeRepositories } from './database/repositories.ts';
import { makeHandlerContexts } from './operation-context.ts';
import { schedule } from './schedule.ts';
import { startScheduler } from './scheduler.ts';

async function start(): Promise<void> {
  const config = readConfig(process.env);
  forgetEnvironment();
  const database = openDatabase(config.databasePath);
  migrate(database);
  const app = await buildApp({ config, database });
  const handlerContext = makeHandlerContexts({
    repositories: makeRepositories(database),
    database,
    config: config.values,
  });
  const scheduler = config.schedules
    ? startScheduler(schedule, {
        handlerContext,
        log: app.log,
      })
    : undefined;
  app.addHook('onClose', async () => {
    await scheduler?.stop();
    database.close();
  });
  for (const warning of config.warnings) app.log.warn(warning);
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => {
      app.log.info(`${signal}: finishing open requests`);
      void app.close();
    });
  }
  await app.listen({ host: config.host, port: config.port });
}

/** Errors that the operator can fix are one line; others keep their stack. */
function explain(error: unknown): unknown {
  if (error instanceof ConfigError)
    return `Cannot start, the environment is wrong. ${error.message}`;
  if (error instanceof MigrationError) return `Cannot start. ${error.message}`;
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    return 'Cannot start, the port is in use. Stop the other process or set PORT to a free one.';
  }
  return error;
}

try {
  await start();
} catch (error) {
  console.error(explain(error));
  process.exit(1);
}
