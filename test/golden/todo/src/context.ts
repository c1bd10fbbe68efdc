import type { Repositories } from './database/repositories.ts';

/** The dependencies of routes. */
export type Context = {
  repositories: Repositories;
};
