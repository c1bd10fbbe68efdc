import { buildApp } from './app.ts';
import { ConfigError, readConfig } from './config.ts';
import { migrate, MigrationError } from './database/migrate.ts';
import { openDatabase } from './database/open.ts';
// @if contexts
import { forgetEnvironment } from './lockdown.ts';
// @end
// @if schedules
import { makeRepositories } from './database/repositories.ts';
import { makeHandlerContexts } from './operation-context.ts';
import { schedule } from './schedule.ts';
import { startScheduler } from './scheduler.ts';
// @if services
import { makeServices } from './services/index.ts';
// @end
// @end

async function start(): Promise<void> {
  const config = readConfig(process.env);
  // @if contexts
  forgetEnvironment();
  // @end
  const database = openDatabase(config.databasePath);
  migrate(database);
  const app = await buildApp({ config, database });
  // @if schedules
  const handlerContext = makeHandlerContexts({
    repositories: makeRepositories(database),
    database,
    // @if configValues
    config: config.values,
    // @end
  });
  const scheduler = config.schedules
    ? startScheduler(schedule, {
        handlerContext,
        // @if services
        services: makeServices(config.values),
        // @end
        log: app.log,
      })
    : undefined;
  app.addHook('onClose', async () => {
    await scheduler?.stop();
    database.close();
  });
  // @else
  app.addHook('onClose', () => database.close());
  // @end
  // @if mustSet
  for (const warning of config.warnings) app.log.warn(warning);
  // @end
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
  if (error instanceof ConfigError) return `Cannot start, the environment is wrong. ${error.message}`;
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
