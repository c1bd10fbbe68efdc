import { chmod, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findRedisServer } from '#queue/hosts/redis-executable'
import { findProgram } from '../generator/sandbox/runtime.ts'
import { startRedis } from './chaos/redis.ts'
import { run } from './support/process.ts'
import { freePort } from './support/ports.ts'
import { ROOT, startMain, temporaryFolder } from './support/service.ts'

const PROGRAMS = ['main.ts', 'api/main.ts', 'worker/main.ts']
const NOBODY = '65534'

it('a second start on a folder in use fails with one line', { timeout: 240_000 }, async () => {
  await using data = await temporaryFolder('data-folder')
  await using first = await startMain({ dataDir: data.path })
  for (const file of PROGRAMS) {
    const env = { PORT: String(await freePort()), DATA_DIR: data.path, LOG_LEVEL: 'warn' }
    await using second = run(process.execPath, [file], { cwd: ROOT, env })
    expect({ file, ...(await second.exited) }).toMatchObject({ file, code: 1 })
    expect(second.output()).toMatch(
      /^The queue in \S+ is in use by process \d+\. Stop that process, choose another data folder, or set REDIS_URL [^\n]+\n$/,
    )
  }
  expect((await fetch(`${first.url}/health`)).status).toBe(200)
})

// Root can write anywhere, so switch to another user.
const isRoot = process.getuid?.() === 0
const setpriv = isRoot ? await findProgram('setpriv', process.env['PATH'] ?? '') : null
const cannot = process.getuid === undefined || (isRoot && setpriv === null)
const noRedis = 'problem' in (await findRedisServer())

async function readOnly() {
  const home = await temporaryFolder('read-only')
  await chmod(home.path, 0o755)
  const data = join(home.path, 'data')
  const jobs = join(home.path, 'jobs')
  await mkdir(data, { mode: 0o555 })
  await mkdir(jobs)
  await chmod(jobs, 0o777)
  return {
    data,
    jobs,
    async start(file: string, env: Record<string, string>) {
      const program = [process.execPath, file]
      const as = ['--reuid', NOBODY, '--regid', NOBODY, '--clear-groups', ...program]
      const [command, ...args] = setpriv === null ? program : [setpriv, ...as]
      const all = {
        PORT: String(await freePort()),
        DATA_DIR: data,
        LOG_LEVEL: 'warn',
        SANDBOX: 'none',
        ...env,
      }
      return run(command!, args, { cwd: ROOT, env: all })
    },
    async [Symbol.asyncDispose]() {
      await chmod(data, 0o755)
      await home[Symbol.asyncDispose]()
    },
  }
}

describe.skipIf(cannot)(
  `a data folder that this user may not write${cannot ? ' (skipped: no setpriv)' : ''}`,
  () => {
    it.each(PROGRAMS)('ends %s with a line that says what to set', { timeout: 120_000 }, async (file) => {
      await using folder = await readOnly()
      await using program = await folder.start(file, {})
      expect(await program.exited).toMatchObject({ code: 1 })
      expect(program.output()).toMatch(
        /^The folder \S+ is not writable by this user \(EACCES\): make it writable for this user, or set DATA_DIR to a folder that is\.\n$/,
      )
    })

    it.skipIf(noRedis)(
      'ends it so where only a small file is to be kept in it',
      { timeout: 120_000 },
      async () => {
        await using folder = await readOnly()
        await using home = await temporaryFolder('redis')
        await using redis = await startRedis(join(home.path, 'redis'))
        const elsewhere = { REDIS_URL: redis.url, STORE_URL: `file://${folder.jobs}` }
        await using refused = await folder.start('main.ts', elsewhere)
        expect(await refused.exited).toMatchObject({ code: 1 })
        expect(refused.output()).toMatch(
          /^The link secret cannot be stored in [^\n]+ Set LINK_SECRET, or make/m,
        )
        expect(refused.output()).not.toMatch(/\n\s+at /)
        await using second = await folder.start('main.ts', { ...elsewhere, LINK_SECRET: 'l'.repeat(32) })
        expect(await second.exited).toMatchObject({ code: 1 })
        expect(second.output()).toMatch(
          /^The folder \S+ is not writable by this user [^\n]+ set DATA_DIR [^\n]+$/m,
        )
        expect(second.output()).not.toMatch(/\n\s+at /)
      },
    )
  },
)
