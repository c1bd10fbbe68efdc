import { oneOf, readEnv, text, wholeNumber } from '#lib/env'
import { LOG_LEVELS } from '#lib/log'
import { readModelConfig } from './models/config.ts'

export type WorkerConfig = ReturnType<typeof readWorkerConfig>

/** The worker's settings, from the environment. Throws a `ConfigError` that names every variable that is wrong. */
export function readWorkerConfig(env: Readonly<Record<string, string | undefined>>) {
  const values = readEnv(env, {
    REDIS_URL: text('the address of a Redis, such as redis://localhost:6379', ''),
    DATA_DIR: text('a folder that can be written', '.data'),
    LOG_LEVEL: oneOf(LOG_LEVELS, 'info'),
    NODE_ENV: oneOf(['development', 'production', 'test'], 'development'),
    SANDBOX: oneOf(['auto', 'none'], 'auto'),
    WORKER_CONCURRENCY: wholeNumber(1, 64, 2),
    SHUTDOWN_GRACE_SECONDS: wholeNumber(0, 3600, 20),
  })
  return {
    redisUrl: values.REDIS_URL || undefined,
    dataDir: values.DATA_DIR,
    logLevel: values.LOG_LEVEL,
    production: values.NODE_ENV === 'production',
    sandbox: values.SANDBOX,
    concurrency: values.WORKER_CONCURRENCY,
    shutdownGraceMs: values.SHUTDOWN_GRACE_SECONDS * 1000,
    model: readModelConfig(env),
  }
}
