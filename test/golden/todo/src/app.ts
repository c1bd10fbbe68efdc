import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import Fastify from 'fastify';
import {
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import type { Config } from './config.ts';
import { makeRepositories } from './database/repositories.ts';
import type { App } from './http/app-type.ts';
import { BODY_LIMIT, HANDLER_TIMEOUT } from './http/limits.ts';
import { registerDocumentation } from './http/documentation.ts';
import { registerErrorHandling } from './http/error-handling.ts';
import { registerHealth } from './http/health.ts';
import { registerJsonBodies } from './http/json-bodies.ts';
import { registerProtection } from './http/protection.ts';
import { todoRoutes } from './routes/todo.ts';

type Dependencies = {
  config: Config;
  /** Open and migrated. The caller closes it after the application. */
  database: DatabaseSync;
};

/** Builds the application without listening, so that tests can inject requests. */
export async function buildApp({ config, database }: Dependencies): Promise<App> {
  const app = Fastify({
    logger: {
      level: config.logLevel,
      redact: ['req.headers.authorization', 'req.headers.cookie'],
    },
    genReqId: () => randomUUID(),
    bodyLimit: BODY_LIMIT,
    requestTimeout: 30_000,
    handlerTimeout: HANDLER_TIMEOUT,
    keepAliveTimeout: 10_000,
    trustProxy: config.trustProxy,
  }).withTypeProvider<ZodTypeProvider>();

  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.removeContentTypeParser('text/plain');
  registerJsonBodies(app);
  registerErrorHandling(app);
  await registerProtection(app, config);
  await registerDocumentation(app, config);

  const repositories = makeRepositories(database);
  const context = {
    repositories,
  };
  registerHealth(app, database);
  todoRoutes(app, context);
  return app;
}
