import { describe, expect, it } from 'vitest'
import { NO_QUOTAS } from '#queue/producer/quotas'
import { readApiConfig } from './config.ts'

describe('the settings of the API', () => {
  it('listens on this machine only by default', () => {
    expect(readApiConfig({})).toMatchObject({
      host: '127.0.0.1',
      port: 8080,
      log: { level: 'info', prompts: false },
      telemetry: null,
      keep: { archiveDays: 30, jobDays: 90, totalBytes: 20e9 },
      production: false,
      redisUrl: undefined,
      dataDir: '.data',
      maxPromptChars: 20_000,
      linkSecrets: [],
      keys: [],
      allowAnonymous: false,
      corsOrigins: [],
      requestsPerMinute: { key: 0, user: 0 },
      quotas: NO_QUOTAS,
    })
  })

  it.each(['LIMIT_KEY_COST_PER_DAY', 'LIMIT_USER_COST_PER_DAY', 'MAX_JOB_COST_USD'])(
    'refuses %s where what the model costs is not known',
    (limit) => {
      const env = { [limit]: '20', OPENAI_MODEL: 'mine' }
      expect(() => readApiConfig(env)).toThrow(
        `${limit} is set, but the price of mine is unknown, so the limit cannot be enforced. Add the model to OPENAI_PRICES`,
      )
      const prices = '{"mine":{"input":1,"output":2}}'
      expect(() => readApiConfig({ ...env, OPENAI_PRICES: prices })).not.toThrow()
      expect(() => readApiConfig({ ...env, [limit]: '0' })).not.toThrow()
      expect(() => readApiConfig({ [limit]: '20' })).not.toThrow()
    },
  )

  it('takes what is set', () => {
    const env = {
      PORT: '3000',
      HOST: '0.0.0.0',
      LOG_LEVEL: 'warn',
      LOG_PROMPTS: '1',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318',
      OTEL_EXPORTER_OTLP_HEADERS: 'api-key=a%3Db, tenant=team',
      KEEP_ARCHIVES_DAYS: '7',
      KEEP_JOBS_DAYS: '0',
      KEEP_TOTAL_GB: '0',
      NODE_ENV: 'production',
      REDIS_URL: 'rediss://user:secret@redis.internal:6380/2',
      DATA_DIR: '/var/lib/backends',
      MAX_PROMPT_CHARS: '500',
      LINK_SECRET: `${'n'.repeat(32)},${'o'.repeat(32)}`,
      API_KEYS: `ci:generate+read:${'ab'.repeat(32)} ops:admin:${'cd'.repeat(32)}:2027-01-31`,
      ALLOW_ANONYMOUS: '0',
      LIMIT_KEY_REQUESTS_PER_MINUTE: '600',
      LIMIT_USER_JOBS_AT_ONCE: '3',
      LIMIT_USER_COST_PER_DAY: '2.50',
      CORS_ORIGINS: 'https://tools.example.com, http://localhost:3000',
    }
    expect(readApiConfig(env)).toMatchObject({
      host: '0.0.0.0',
      port: 3000,
      log: { level: 'warn', prompts: true },
      telemetry: { endpoint: 'http://collector:4318', headers: { 'api-key': 'a=b', tenant: 'team' } },
      keep: { archiveDays: 7, jobDays: null, totalBytes: null },
      production: true,
      redisUrl: env.REDIS_URL,
      dataDir: '/var/lib/backends',
      maxPromptChars: 500,
      linkSecrets: ['n'.repeat(32), 'o'.repeat(32)],
      keys: [
        { name: 'ci', scopes: ['generate', 'read'], hash: Buffer.alloc(32, 0xab), expiresAt: null },
        {
          name: 'ops',
          scopes: ['admin'],
          hash: Buffer.alloc(32, 0xcd),
          expiresAt: new Date('2027-01-31T00:00:00Z'),
        },
      ],
      allowAnonymous: false,
      requestsPerMinute: { key: 600, user: 0 },
      quotas: { ...NO_QUOTAS, user: { ...NO_QUOTAS.user, jobsAtOnce: 3, costPerDay: 2.5 } },
      corsOrigins: ['https://tools.example.com', 'http://localhost:3000'],
    })
  })

  it('names every setting that is wrong at once', () => {
    const read = () => readApiConfig({ PORT: '70000', LOG_LEVEL: 'loud', MAX_PROMPT_CHARS: '0' })
    expect(read).toThrow(/^PORT is "70000".*\nLOG_LEVEL is "loud".*\nMAX_PROMPT_CHARS is "0"/)
  })

  it('refuses what is no Redis address, without repeating a password that may be in it', () => {
    const read = () => readApiConfig({ REDIS_URL: 'http://user:hunter2@redis:6379' })
    expect(read).toThrow('REDIS_URL has an invalid value, but it must be a Redis address')
    expect(read).not.toThrow('hunter2')
  })

  it('does not listen for others without keys, unless a proxy decides who may ask', () => {
    for (const HOST of ['0.0.0.0', '::', '192.168.1.2', 'api.internal'])
      expect(() => readApiConfig({ HOST })).toThrow(`HOST is "${HOST}", but API_KEYS is not set`)
    for (const HOST of ['localhost', '127.0.0.2', '::1']) expect(readApiConfig({ HOST }).keys).toEqual([])
    expect(readApiConfig({ HOST: '::', ALLOW_ANONYMOUS: '1' }).allowAnonymous).toBe(true)
    expect(readApiConfig({ HOST: '::', API_KEYS: `ci:read:${'ab'.repeat(32)}` }).keys).toHaveLength(1)
  })

  it.each([
    ['ci', 'entry 1 must have the form name:scope+scope:sha256'],
    [`ci:read:${'ab'.repeat(32)},CI:read:${'ab'.repeat(32)}`, 'entry 2 has an invalid name'],
    [`ci:write:${'ab'.repeat(32)}`, 'entry 1 (ci) has a scope other than generate, read, bot, admin.'],
    ['ci:read:bgk_secret', 'entry 1 (ci) has no hex SHA-256 hash: did you enter the key itself?'],
    [`ci:read:${'ab'.repeat(32)}:2027-02-30`, 'entry 1 (ci) has an invalid expiry date'],
  ])('says which key cannot be read, and does not repeat it: %s', (API_KEYS, fault) => {
    expect(() => readApiConfig({ API_KEYS })).toThrow(`In API_KEYS, ${fault}`)
    expect(() => readApiConfig({ API_KEYS })).not.toThrow('bgk_secret')
  })
})
