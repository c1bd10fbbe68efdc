import { allowedModels, MODEL_NAMES_FORM, modelNames } from '#lib/allowed-models'
import { LOG_VARIABLES, TELEMETRY_VARIABLES, logConfig, telemetryConfig, type LogConfig } from '#lib/config'
import { ConfigError, oneOf, readEnv, secretList, text, variable, wholeNumber } from '#lib/env'
import {
  findCostLimit,
  DEFAULT_MODEL,
  listPrices,
  PRICE_TABLE_FORM,
  priceOf,
  priceTable,
  missingPriceMessage,
} from '#lib/model-prices'
import { allowedHosts, type AllowedHost } from '#lib/public-address'
import type { TelemetryConfig } from '#lib/telemetry'
import type { Quotas } from '#queue/producer/quotas'
import { parseRedisUrl } from '#queue/hosts/redis-url'
import type { RetentionPolicy } from '#queue/producer/sweep'
import { STORE_VARIABLES, requireLinkSecret, storeTarget, type StoreTarget } from '#store/config'
import { z } from 'zod'
import { isLoopback } from './access/host.ts'
import { parseKeys, type ApiKey } from './access/keys.ts'
import type { RequestLimits } from './access/limits.ts'

/** Configuration of the API. Sizes are in characters; `redisUrl` may contain a password. */
export type ApiConfig = {
  readonly host: string
  readonly port: number
  readonly log: LogConfig
  readonly telemetry: TelemetryConfig
  readonly production: boolean
  /** Undefined starts a local Redis, or the embedded queue. */
  readonly redisUrl: string | undefined
  /** Data folder of the job store and the embedded queue. */
  readonly dataDir: string
  readonly store: StoreTarget
  readonly maxPromptChars: number
  /** Empty: a generated secret is kept in the data folder. */
  readonly linkSecrets: readonly string[]
  /** Empty disables authentication. */
  readonly keys: readonly ApiKey[]
  /** Without keys, accepts any Host: a proxy in front authenticates. */
  readonly allowAnonymous: boolean
  /** Origins that may call the API from a browser (CORS). */
  readonly corsOrigins: readonly string[]
  readonly keep: RetentionPolicy
  /** Empty disables callbacks. */
  readonly webhookSecrets: readonly string[]
  /** Non-public hosts that callbacks may reach. */
  readonly webhookAllowed: readonly AllowedHost[]
  readonly requestsPerMinute: RequestLimits
  /** Concurrent event streams per API key, or per address without keys; 0 means no limit. */
  readonly streamsAtOnce: number
  readonly quotas: Quotas
  /** The models that requests and settings may choose; empty where there is no choice. */
  readonly models: readonly string[]
}

const dollars = z
  .string()
  .regex(/^\d{1,7}(\.\d{1,2})?$/)
  .optional()
  .transform((value) => Number(value ?? 0))

const variables = {
  API_KEYS: text('keys created by npm run keys -- create', ''),
  ALLOW_ANONYMOUS: oneOf(['0', '1'], '0'),
  CORS_ORIGINS: variable(
    z
      .string()
      .optional()
      .transform((value) => value?.split(/[\s,]+/).filter((origin) => origin !== '') ?? [])
      .pipe(z.array(z.string().refine(isOrigin))),
    'origins of web pages, such as https://tools.example.com',
  ),
  WEBHOOK_SECRET: variable(
    secretList,
    'random text of at least 32 characters, or several separated by commas',
    { secret: true },
  ),
  WEBHOOK_ALLOWED_HOSTS: variable(
    allowedHosts,
    'names and networks, such as hooks.internal,*.corp,10.1.0.0/16',
  ),
  LIMIT_KEY_REQUESTS_PER_MINUTE: wholeNumber(0, 1_000_000, 0),
  LIMIT_KEY_STREAMS_AT_ONCE: wholeNumber(0, 1_000_000, 100),
  LIMIT_KEY_JOBS_AT_ONCE: wholeNumber(0, 1_000_000, 0),
  LIMIT_KEY_JOBS_PER_DAY: wholeNumber(0, 1_000_000, 0),
  LIMIT_KEY_TOKENS_PER_DAY: wholeNumber(0, 1_000_000_000_000, 0),
  LIMIT_KEY_COST_PER_DAY: variable(dollars, 'US dollars, such as 20 or 2.50'),
  LIMIT_USER_REQUESTS_PER_MINUTE: wholeNumber(0, 1_000_000, 0),
  LIMIT_USER_JOBS_AT_ONCE: wholeNumber(0, 1_000_000, 0),
  LIMIT_USER_JOBS_PER_DAY: wholeNumber(0, 1_000_000, 0),
  LIMIT_USER_TOKENS_PER_DAY: wholeNumber(0, 1_000_000_000_000, 0),
  LIMIT_USER_COST_PER_DAY: variable(dollars, 'US dollars, such as 20 or 2.50'),
  OPENAI_MODEL: text('the name of a model', DEFAULT_MODEL),
  OPENAI_ALLOWED_MODELS: variable(modelNames, MODEL_NAMES_FORM),
  OPENAI_PRICES: variable(priceTable, PRICE_TABLE_FORM),
  PORT: wholeNumber(0, 65_535, 8080),
  HOST: text('an address to listen on', '127.0.0.1'),
  ...LOG_VARIABLES,
  ...TELEMETRY_VARIABLES,
  NODE_ENV: oneOf(['development', 'test', 'production'], 'development'),
  REDIS_URL: variable(
    z.string().refine(isRedisUrl).optional(),
    'a Redis address, such as redis://user:password@host:6379 (also rediss://, redis+sentinel://, redis+cluster://)',
    { secret: true },
  ),
  DATA_DIR: text('a folder', '.data'),
  ...STORE_VARIABLES,
  MAX_PROMPT_CHARS: wholeNumber(1, 1_000_000, 20_000),
  LINK_SECRET: variable(secretList, 'random text of at least 32 characters, or several separated by commas', {
    secret: true,
  }),
  KEEP_ARCHIVES_DAYS: wholeNumber(0, 36_500, 30),
  KEEP_JOBS_DAYS: wholeNumber(0, 36_500, 90),
  KEEP_TOTAL_GB: wholeNumber(0, 1_000_000, 20),
}

/** Reads the API's settings. Throws a `ConfigError` that names every invalid variable. */
export function readApiConfig(env: Readonly<Record<string, string | undefined>>): ApiConfig {
  const values = readEnv(env, variables)
  const read = parseKeys(values.API_KEYS)
  if ('fault' in read) throw new ConfigError(`In API_KEYS, ${read.fault}`)
  const allowAnonymous = values.ALLOW_ANONYMOUS === '1'
  if (read.keys.length === 0 && !allowAnonymous && !isLoopback(values.HOST))
    throw new ConfigError(
      `HOST is "${values.HOST}", but API_KEYS is not set, so anyone who can reach this machine could use the API. Create a key with npm run keys -- create NAME, unset HOST, or set ALLOW_ANONYMOUS=1 behind an authenticating proxy.`,
    )
  const store = storeTarget(values, values.DATA_DIR)
  requireLinkSecret(store, { redisUrl: values.REDIS_URL, linkSecrets: values.LINK_SECRET })
  const limit = findCostLimit(env)
  const unpriced = [values.OPENAI_MODEL, ...values.OPENAI_ALLOWED_MODELS].find(
    (model) => priceOf(model, { ...listPrices, ...values.OPENAI_PRICES }) === null,
  )
  if (limit !== null && unpriced !== undefined) throw new ConfigError(missingPriceMessage(limit, unpriced))
  return {
    keys: read.keys,
    allowAnonymous,
    corsOrigins: values.CORS_ORIGINS,
    webhookSecrets: values.WEBHOOK_SECRET,
    webhookAllowed: values.WEBHOOK_ALLOWED_HOSTS,
    streamsAtOnce: values.LIMIT_KEY_STREAMS_AT_ONCE,
    requestsPerMinute: {
      key: values.LIMIT_KEY_REQUESTS_PER_MINUTE,
      user: values.LIMIT_USER_REQUESTS_PER_MINUTE,
    },
    quotas: {
      key: {
        jobsAtOnce: values.LIMIT_KEY_JOBS_AT_ONCE,
        jobsPerDay: values.LIMIT_KEY_JOBS_PER_DAY,
        tokensPerDay: values.LIMIT_KEY_TOKENS_PER_DAY,
        costPerDay: values.LIMIT_KEY_COST_PER_DAY,
      },
      user: {
        jobsAtOnce: values.LIMIT_USER_JOBS_AT_ONCE,
        jobsPerDay: values.LIMIT_USER_JOBS_PER_DAY,
        tokensPerDay: values.LIMIT_USER_TOKENS_PER_DAY,
        costPerDay: values.LIMIT_USER_COST_PER_DAY,
      },
    },
    models: allowedModels(values.OPENAI_ALLOWED_MODELS, values.OPENAI_MODEL),
    host: values.HOST,
    port: values.PORT,
    log: logConfig(values),
    telemetry: telemetryConfig(values),
    production: values.NODE_ENV === 'production',
    redisUrl: values.REDIS_URL,
    dataDir: values.DATA_DIR,
    store,
    maxPromptChars: values.MAX_PROMPT_CHARS,
    linkSecrets: values.LINK_SECRET,
    keep: {
      archiveDays: values.KEEP_ARCHIVES_DAYS || null,
      jobDays: values.KEEP_JOBS_DAYS || null,
      totalBytes: values.KEEP_TOTAL_GB * 1e9 || null,
    },
  }
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text
}

function isRedisUrl(url: string): boolean {
  try {
    parseRedisUrl(url)
    return true
  } catch {
    return false
  }
}
