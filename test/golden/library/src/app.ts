import './lockdown.ts';
import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import Fastify from 'fastify';
import {
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import { makeAccountCredentials } from './auth/account-credentials.ts';
import { makeAuthentication } from './auth/authentication.ts';
import { makePasswords, type Passwords } from './auth/passwords.ts';
import { registerAuthentication } from './auth/routes.ts';
import type { Config } from './config.ts';
import { makeRepositories } from './database/repositories.ts';
import type { App } from './http/app-type.ts';
import { BODY_LIMIT, HANDLER_TIMEOUT } from './http/limits.ts';
import { registerDocumentation } from './http/documentation.ts';
import { registerErrorHandling } from './http/error-handling.ts';
import { registerHealth } from './http/health.ts';
import { registerJsonBodies } from './http/json-bodies.ts';
import { registerProtection } from './http/protection.ts';
import {
  makeHandlerContexts,
  type MakeOperationContext,
  type Sources,
} from './operation-context.ts';
import { bookRoutes } from './routes/book.ts';
import { memberRoutes } from './routes/member.ts';
import { reviewRoutes } from './routes/review.ts';

type Dependencies = {
  config: Config;
  /** Open and migrated. The caller closes it after the application. */
  database: DatabaseSync;
  passwords?: Passwords;
  /** The clock and the ids of operations; real ones by default. */
  sources?: Sources;
};

/** Builds the application without listening, so that tests can inject requests. */
export async function buildApp({
  config,
  database,
  passwords = makePasswords(),
  sources,
}: Dependencies): Promise<App> {
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
  const authentication = await makeAuthentication(app, { config, repositories });
  const handlerContext = makeHandlerContexts({
    repositories,
    database,
    config: config.values,
    sources,
  });
  const credentials = makeAccountCredentials({ database, passwords, authentication });
  const operationContext: MakeOperationContext = (log) => ({ ...handlerContext(log), credentials });
  const context = {
    repositories,
    authentication,
    operationContext,
  };
  registerHealth(app, database);
  registerAuthentication(app, { ...context, config, database, passwords });
  memberRoutes(app, context);
  bookRoutes(app, context);
  reviewRoutes(app, context);
  return app;
}
