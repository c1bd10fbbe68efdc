// @if auth
import type { Authentication } from './auth/authentication.ts';
// @end
// @if apiKey
import type { Authentication } from './auth/api-keys.ts';
// @end
import type { Repositories } from './database/repositories.ts';
// @if operations
import type { MakeOperationContext } from './operation-context.ts';
// @end
// @if services
import type { Services } from './services/index.ts';
// @end

/** The dependencies of routes. */
export type Context = {
  repositories: Repositories;
  // @if sender
  authentication: Authentication;
  // @end
  // @if operations
  operationContext: MakeOperationContext;
  // @end
  // @if services
  services: Services;
  // @end
};
