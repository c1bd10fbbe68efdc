import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Redis } from 'ioredis'
import { describe, expect, test } from 'vitest'
import { CLOSED_PORT, freePort } from '../support/ports.ts'

const run = promisify(execFile)
const PROGRAM = new URL('../../deploy/worker-health-main.ts', import.meta.url).pathname

const REDIS_SERVER = 'redis-server'
const hasRedis = await run(REDIS_SERVER, ['--version']).then(
  () => true,
  () => false,
)

async function startRedis() {
  const dir = await mkdtemp(join(tmpdir(), 'worker-health-'))
  const port = await freePort()
  const settings = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', dir]
  const child = spawn(REDIS_SERVER, settings, { stdio: 'ignore' })
  const url = `redis://127.0.0.1:${port}`
  const client = new Redis(url, { retryStrategy: () => 20, maxRetriesPerRequest: null })
  client.on('error', () => {})
  await client.ping()
  return {
    url,
    client,
    async [Symbol.asyncDispose]() {
      client.disconnect()
      child.kill()
      await once(child, 'exit')
      await rm(dir, { recursive: true })
    },
  }
}

const check = (url: string) =>
  run(process.execPath, [PROGRAM], { env: { REDIS_URL: url } }).then(
    () => 'healthy',
    (error: { stderr: string }) => error.stderr.trim(),
  )

describe('the health of a worker', () => {
  test.skipIf(!hasRedis)(
    'is good while a connection of its host speaks, and bad when there is none',
    async () => {
      await using redis = await startRedis()
      expect(await check(redis.url)).toBe('healthy')
      redis.client.disconnect()
      expect(await check(redis.url)).toBe('No worker of 127.0.0.1 spoke to Redis in the last 9 seconds.')
    },
  )

  test('is bad when Redis cannot be reached', async () => {
    expect(await check(`redis://127.0.0.1:${CLOSED_PORT}`)).toMatch(/^Redis does not answer: /)
  })
})
