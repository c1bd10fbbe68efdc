import { createHash, randomBytes } from 'node:crypto'
import type { VerifyEnvironmentInput } from '../stack.ts'

export const verifyEnvironment = ({ scratch, apiKey }: VerifyEnvironmentInput): Record<string, string> => ({
  NODE_ENV: 'production',
  HOST: '127.0.0.1',
  DATABASE_PATH: `${scratch}/verify.sqlite`,
  LOG_LEVEL: 'error',
  // The document is compared with the routes.
  DOCS_ACCESS: 'public',
  // A task that is due now would make runs differ.
  SCHEDULES: 'off',
  // Only the rate limit tests should reach the limits.
  RATE_LIMIT_PER_MINUTE: '1000000',
  AUTH_RATE_LIMIT_PER_MINUTE: '1000000',
  JWT_SECRET: randomBytes(32).toString('base64url'),
  API_KEYS: `tests:${createHash('sha256').update(apiKey).digest('hex')}`,
  // Code that takes a local day for a day in UTC fails its tests: here the day before lasts until 10:00.
  TZ: 'Pacific/Honolulu',
})
