import { LOG_LEVELS, type LogLevel } from '#lib/log'
import { oneOf, readEnv, secretList, text, variable, wholeNumber } from '#lib/env'
import { parseRedisUrl } from '#queue/redis-url'
import { z } from 'zod'

/** How the API is run. Sizes are in characters, `redisUrl` may carry a password. */
export type ApiConfig = {
  readonly host: string
  readonly port: number
  readonly logLevel: LogLevel
  readonly production: boolean
  /** Undefined: a Redis of our own is started, or the embedded queue. */
  readonly redisUrl: string | undefined
  /** Where the job store and a queue of our own keep their files. */
  readonly dataDir: string
  readonly maxPromptChars: number
  /** Empty: a secret of our own is kept in the data folder. */
  readonly linkSecrets: readonly string[]
}

const variables = {
  PORT: wholeNumber(0, 65_535, 8080),
  HOST: text('an address to listen on', '127.0.0.1'),
  LOG_LEVEL: oneOf(LOG_LEVELS, 'info'),
  NODE_ENV: oneOf(['development', 'test', 'production'], 'development'),
  REDIS_URL: variable(
    z.string().refine(isRedisUrl).optional(),
    'a Redis address, such as redis://user:password@host:6379 (also rediss://, redis+sentinel://, redis+cluster://)',
    { secret: true },
  ),
  DATA_DIR: text('a folder', '.data'),
  MAX_PROMPT_CHARS: wholeNumber(1, 1_000_000, 20_000),
  LINK_SECRET: variable(
    secretList,
    'random text of at least 32 characters, or several with commas between them',
    {
      secret: true,
    },
  ),
}

/** Reads the API's settings. Throws a `ConfigError` that names every variable that is wrong. */
export function readApiConfig(env: Readonly<Record<string, string | undefined>>): ApiConfig {
  const values = readEnv(env, variables)
  return {
    // Without authentication only this machine may ask, unless the operator says otherwise.
    host: values.HOST,
    port: values.PORT,
    logLevel: values.LOG_LEVEL,
    production: values.NODE_ENV === 'production',
    redisUrl: values.REDIS_URL,
    dataDir: values.DATA_DIR,
    maxPromptChars: values.MAX_PROMPT_CHARS,
    linkSecrets: values.LINK_SECRET,
  }
}

function isRedisUrl(url: string): boolean {
  try {
    parseRedisUrl(url)
    return true
  } catch {
    return false
  }
}
