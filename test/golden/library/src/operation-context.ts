import type { DatabaseSync } from 'node:sqlite';
import type { FastifyBaseLogger } from 'fastify';
import type { ConfigValues } from './config-values.ts';
import type { Repositories } from './database/repositories.ts';
import { inTransaction } from './database/transaction.ts';

/** The context of an operation, besides its input. */
export type OperationContext = {
  repositories: Repositories;
  /** Runs the synchronous `work` in a transaction. */
  transaction<Result>(work: () => Result): Result;
  log: Pick<FastifyBaseLogger, 'debug' | 'info' | 'warn' | 'error'>;
  now(): Date;
  config: ConfigValues;
};

export type MakeOperationContext = (log: FastifyBaseLogger) => OperationContext;

type Dependencies = {
  repositories: Repositories;
  database: DatabaseSync;
  config: ConfigValues;
};

export function makeOperationContexts({
  repositories,
  database,
  config,
}: Dependencies): MakeOperationContext {
  return (logger) => ({
    repositories,
    transaction: (work) => inTransaction(database, work),
    // Not the logger itself, which exposes its destination.
    log: {
      debug: logger.debug.bind(logger) as FastifyBaseLogger['debug'],
      info: logger.info.bind(logger) as FastifyBaseLogger['info'],
      warn: logger.warn.bind(logger) as FastifyBaseLogger['warn'],
      error: logger.error.bind(logger) as FastifyBaseLogger['error'],
    },
    now: () => new Date(),
    config,
  });
}
