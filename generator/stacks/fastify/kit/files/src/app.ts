// @if contexts
import './lockdown.ts';
// @end
import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import Fastify from 'fastify';
import {
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
// @if auth
// @if credentials
import { makeAccountCredentials } from './auth/account-credentials.ts';
// @end
import { makeAuthentication } from './auth/authentication.ts';
import { makePasswords, type Passwords } from './auth/passwords.ts';
// @if authRoutes
import { registerAuthentication } from './auth/routes.ts';
// @end
// @end
// @if apiKey
import { makeAuthentication } from './auth/api-keys.ts';
// @end
import type { Config } from './config.ts';
import { makeRepositories } from './database/repositories.ts';
import type { App } from './http/app-type.ts';
import { BODY_LIMIT, HANDLER_TIMEOUT } from './http/limits.ts';
import { registerDocumentation } from './http/documentation.ts';
import { registerErrorHandling } from './http/error-handling.ts';
import { registerHealth } from './http/health.ts';
// @if forms
import { registerFormBodies } from './http/form-bodies.ts';
// @end
import { registerJsonBodies } from './http/json-bodies.ts';
// @if uploads
import { registerMultipartBodies } from './http/multipart-bodies.ts';
// @end
import { registerProtection } from './http/protection.ts';
// @if operations
// @if credentials
import { makeHandlerContexts, type MakeOperationContext, type Sources } from './operation-context.ts';
// @else
import { makeHandlerContexts, type Sources } from './operation-context.ts';
// @end
// @end
// @if services
import { makeServices, type Services } from './services/index.ts';
// @end
// @insert route-imports

type Dependencies = {
  config: Config;
  /** Open and migrated. The caller closes it after the application. */
  database: DatabaseSync;
  // @if auth
  passwords?: Passwords;
  // @end
  // @if operations
  /** The clock and the ids of operations; real ones by default. */
  sources?: Sources;
  // @end
  // @if services
  services?: Services;
  // @end
};

/** Builds the application without listening, so that tests can inject requests. */
export async function buildApp({
  config,
  database,
  // @if auth
  passwords = makePasswords(),
  // @end
  // @if operations
  sources,
  // @end
  // @if services
  services = makeServices(config.values),
  // @end
}: Dependencies): Promise<App> {
  const app = Fastify({
    logger: {
      level: config.logLevel,
      // @if apiKey
      redact: ['req.headers.authorization', 'req.headers.cookie', 'req.headers["x-api-key"]'],
      // @else
      redact: ['req.headers.authorization', 'req.headers.cookie'],
      // @end
      // @if queryOfRequests
      serializers: {
        // Without the query, which may hold a credential.
        req: ({ method, url, host, ip }) => ({ method, url: url.split('?', 1)[0], host, remoteAddress: ip }),
      },
      // @end
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
  // @if forms
  registerFormBodies(app);
  // @end
  // @if uploads
  await registerMultipartBodies(app);
  // @end
  registerErrorHandling(app);
  await registerProtection(app, config);
  await registerDocumentation(app, config);

  const repositories = makeRepositories(database);
  // @if auth
  // @if basic
  const authentication = await makeAuthentication(app, { config, repositories, database, passwords });
  // @else
  const authentication = await makeAuthentication(app, { config, repositories });
  // @end
  // @end
  // @if apiKey
  const authentication = makeAuthentication(app, config.apiKeys);
  // @end
  // @if operations
  // @if credentials
  const handlerContext = makeHandlerContexts({
    // @else
  const operationContext = makeHandlerContexts({
    // @end
    repositories,
    database,
    // @if configValues
    config: config.values,
    // @end
    sources,
  });
  // @if credentials
  const credentials = makeAccountCredentials({ database, passwords, authentication });
  const operationContext: MakeOperationContext = (log) => ({ ...handlerContext(log), credentials });
  // @end
  // @end
  const context = {
    repositories,
    // @if sender
    authentication,
    // @end
    // @if operations
    operationContext,
    // @end
    // @if services
    services,
    // @end
  };
  registerHealth(app, database);
  // @if authRoutes
  registerAuthentication(app, { ...context, config, database, passwords });
  // @end
  // @insert routes
  return app;
}
