import { LOG_VARIABLES, TELEMETRY_VARIABLES, logConfig, telemetryConfig } from '#lib/config'
import { ConfigError, oneOf, readEnv, text, wholeNumber } from '#lib/env'
import { STORE_VARIABLES, requireLinkSecret, storeTarget } from '#store/config'
import { notificationTargets, readDeliverConfig } from './notify/config.ts'
import { GENERATOR_VARIABLES, generatorConfig } from '../generator/config.ts'

export type WorkerConfig = ReturnType<typeof readWorkerConfig>

/** The worker's settings, from the environment. Throws a `ConfigError` that names every invalid variable. */
export function readWorkerConfig(env: Readonly<Record<string, string | undefined>>) {
  const values = readEnv(env, {
    REDIS_URL: text('the address of a Redis, such as redis://localhost:6379', ''),
    DATA_DIR: text('a folder that can be written', '.data'),
    ...STORE_VARIABLES,
    ...LOG_VARIABLES,
    ...TELEMETRY_VARIABLES,
    NODE_ENV: oneOf(['development', 'production', 'test'], 'development'),
    ...GENERATOR_VARIABLES,
    WORKER_ROLES: oneOf(['both', 'generate', 'deliver'], 'both'),
    WORKER_CONCURRENCY: wholeNumber(1, 64, 2),
    SHUTDOWN_GRACE_SECONDS: wholeNumber(0, 3600, 20),
  })
  const roles = values.WORKER_ROLES
  // A process that runs untrusted code and sends no notifications needs no chat token.
  const deliver = roles === 'generate' ? null : readDeliverConfig(env)
  const chats = deliver === null ? [] : notificationTargets(deliver)
  if (roles === 'deliver' && chats.length === 0)
    throw new ConfigError(
      'WORKER_ROLES is "deliver", but no notification target is configured: set SLACK_BOT_TOKEN or DISCORD_BOT_TOKEN, or WEBHOOK_SECRET for callbacks.',
    )
  const store = storeTarget(values, values.DATA_DIR)
  if (deliver !== null && chats.length > 0 && deliver.publicUrl !== null)
    requireLinkSecret(store, { redisUrl: values.REDIS_URL, linkSecrets: deliver.linkSecrets })
  return {
    generates: roles !== 'deliver',
    /** Null when this worker sends no notifications. */
    deliver: chats.length === 0 ? null : deliver,
    redisUrl: values.REDIS_URL || undefined,
    dataDir: values.DATA_DIR,
    store,
    log: logConfig(values),
    telemetry: telemetryConfig(values),
    production: values.NODE_ENV === 'production',
    concurrency: values.WORKER_CONCURRENCY,
    shutdownGraceMs: values.SHUTDOWN_GRACE_SECONDS * 1000,
    ...generatorConfig(values, env),
  }
}
