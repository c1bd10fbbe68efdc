import type { Authentication } from './auth/authentication.ts';
import type { Repositories } from './database/repositories.ts';
import type { MakeOperationContext } from './operation-context.ts';

/** The dependencies of routes. */
export type Context = {
  repositories: Repositories;
  authentication: Authentication;
  operationContext: MakeOperationContext;
};
