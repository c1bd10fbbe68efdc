import type { Repositories } from './database/repositories.ts';

/** What the routes work with. */
export type Context = {
  repositories: Repositories;
};
