import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { FastifyBaseLogger } from 'fastify';
import type { AccountCredentials } from './auth/account-credentials.ts';
import type { ConfigValues } from './config-values.ts';
import type { Repositories } from './database/repositories.ts';
import { inTransaction } from './database/transaction.ts';

/** What operations and tasks have in common. */
export type HandlerContext = {
  repositories: Repositories;
  /** Runs the synchronous `work` in a transaction. */
  transaction<Result>(work: () => Result): Result;
  log: Pick<FastifyBaseLogger, 'debug' | 'info' | 'warn' | 'error'>;
  /** The time. */
  now(): Date;
  /** A new UUID. */
  newId(): string;
  config: ConfigValues;
};

/** The context of an operation, besides its input. */
export type OperationContext = HandlerContext & {
  /** The passwords and tokens of accounts. */
  credentials: AccountCredentials;
};

export type MakeHandlerContext = (log: FastifyBaseLogger) => HandlerContext;
export type MakeOperationContext = (log: FastifyBaseLogger) => OperationContext;

/** Where handlers get the time and new ids from; tests set both. */
export type Sources = { now: () => Date; newId: () => string };

type Dependencies = {
  repositories: Repositories;
  database: DatabaseSync;
  config: ConfigValues;
  sources?: Sources | undefined;
};

const usual: Sources = { now: () => new Date(), newId: () => randomUUID() };

export function makeHandlerContexts({
  repositories,
  database,
  config,
  sources: { now, newId } = usual,
}: Dependencies): MakeHandlerContext {
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
    now,
    newId,
    config,
  });
}
