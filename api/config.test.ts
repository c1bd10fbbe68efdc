import { describe, expect, it } from 'vitest'
import { readApiConfig } from './config.ts'

describe('the settings of the API', () => {
  it('listens on this machine only, unless told otherwise', () => {
    expect(readApiConfig({})).toEqual({
      host: '127.0.0.1',
      port: 8080,
      logLevel: 'info',
      production: false,
      redisUrl: undefined,
      dataDir: '.data',
      maxPromptChars: 20_000,
      linkSecrets: [],
    })
  })

  it('takes what is set', () => {
    const env = {
      PORT: '3000',
      HOST: '0.0.0.0',
      LOG_LEVEL: 'warn',
      NODE_ENV: 'production',
      REDIS_URL: 'rediss://user:secret@redis.internal:6380/2',
      DATA_DIR: '/var/lib/backends',
      MAX_PROMPT_CHARS: '500',
    }
    expect(readApiConfig(env)).toEqual({
      host: '0.0.0.0',
      port: 3000,
      logLevel: 'warn',
      production: true,
      redisUrl: env.REDIS_URL,
      dataDir: '/var/lib/backends',
      maxPromptChars: 500,
      linkSecrets: [],
    })
  })

  it('names every setting that is wrong at once', () => {
    const read = () => readApiConfig({ PORT: '70000', LOG_LEVEL: 'loud', MAX_PROMPT_CHARS: '0' })
    expect(read).toThrow(/^PORT is "70000".*\nLOG_LEVEL is "loud".*\nMAX_PROMPT_CHARS is "0"/)
  })

  it('refuses what is no Redis address, without repeating a password that may be in it', () => {
    const read = () => readApiConfig({ REDIS_URL: 'http://user:hunter2@redis:6379' })
    expect(read).toThrow('REDIS_URL has a value that does not fit, but it must be a Redis address')
    expect(read).not.toThrow('hunter2')
  })
})
