// @if auth
import type { Authentication } from './auth/authentication.ts';
// @end
import type { Repositories } from './database/repositories.ts';
// @if operations
import type { MakeOperationContext } from './operation-context.ts';
// @end

/** What the routes work with. */
export type Context = {
  repositories: Repositories;
  // @if auth
  authentication: Authentication;
  // @end
  // @if operations
  operationContext: MakeOperationContext;
  // @end
};
