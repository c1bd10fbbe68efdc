// @if auth
import type { Authentication } from './auth/authentication.ts';
// @end
import type { Repositories } from './database/repositories.ts';

/** What the routes work with. */
export type Context = {
  repositories: Repositories;
  // @if auth
  authentication: Authentication;
  // @end
};
