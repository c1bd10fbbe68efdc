import { createHash, randomBytes } from 'node:crypto'
import type { VerifyEnvironmentInput } from '../stack.ts'

export const verifyEnvironment = ({ scratch, apiKey }: VerifyEnvironmentInput): Record<string, string> => ({
  NODE_ENV: 'production',
  HOST: '127.0.0.1',
  DATABASE_PATH: `${scratch}/verify.sqlite`,
  LOG_LEVEL: 'error',
  // A task whose time comes now would make one run another than the next.
  SCHEDULES: 'off',
  // Only their own tests are to reach the limits on requests.
  RATE_LIMIT_PER_MINUTE: '1000000',
  AUTH_RATE_LIMIT_PER_MINUTE: '1000000',
  JWT_SECRET: randomBytes(32).toString('base64url'),
  API_KEYS: `tests:${createHash('sha256').update(apiKey).digest('hex')}`,
  TZ: 'UTC',
})
