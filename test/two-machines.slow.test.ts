import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findRedisServer } from '#queue/hosts/redis-executable'
import { startRedis } from './chaos/redis.ts'
import { run } from './support/process.ts'
import { freePort } from './support/ports.ts'
import { ROOT, temporaryFolder } from './support/service.ts'

const missing = 'problem' in (await findRedisServer())

/** Programs of two machines on a shared Redis. */
function start(file: string, env: Record<string, string>) {
  return run(process.execPath, [file], { cwd: ROOT, env: { LOG_LEVEL: 'warn', SANDBOX: 'none', ...env } })
}

test(
  'programs with a shared Redis but separate folders fail to start, with the reason',
  { skip: missing, timeout: 240_000 },
  async () => {
    await using home = await temporaryFolder('two-machines')
    await using redis = await startRedis(join(home.path, 'redis'))
    const shared = { REDIS_URL: redis.url, PORT: String(await freePort()) }
    await using api = start('api/main.ts', { ...shared, DATA_DIR: join(home.path, 'a') })
    await api.line(/API on/)

    const others = {
      worker: start('worker/main.ts', {
        ...shared,
        DATA_DIR: join(home.path, 'b'),
        WORKER_ROLES: 'generate',
      }),
      notifier: start('worker/main.ts', {
        ...shared,
        DATA_DIR: join(home.path, 'b'),
        WORKER_ROLES: 'deliver',
        WEBHOOK_SECRET: 'w'.repeat(32),
      }),
      'second API': start('api/main.ts', { ...shared, DATA_DIR: join(home.path, 'b') }),
    }
    for (const [name, program] of Object.entries(others)) {
      expect({ name, ...(await program.exited) }).toMatchObject({ name, code: 1 })
      expect(program.output()).toMatch(/but this process uses .*set STORE_URL to the same store/)
      expect(program.output()).not.toMatch(/\n\s+at /)
    }
    await using worker = start('worker/main.ts', { ...shared, DATA_DIR: join(home.path, 'a') })
    await worker.line(/Worker on/)
  },
)
