import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { kill } from 'node:process'
import { describe, expect, test } from 'vitest'
import { KINDS, completed, eventually, openHarness, temporaryFolder } from './testing/harness.ts'
import { spawnChild } from './testing/spawn-child.ts'

const lives = (pid: number) => {
  try {
    return kill(pid, 0)
  } catch {
    return false
  }
}

for (const kind of KINDS)
  describe(`kill -9 with ${kind.name}`, { concurrent: true, timeout: 120_000, skip: kind.skip }, () => {
    test('loses no accepted job', async () => {
      await using folder = await temporaryFolder()
      await using child = spawnChild(kind, folder.path, 'submit')
      await eventually(() => child.said.length >= 15, 20_000)
      await child.kill()
      const accepted = [...child.said]

      await using queue = await openHarness(kind, { dataDir: folder.path })
      // Contents of the queue before recovery from the store.
      const waiting = await queue.backend.connect('plain').lrange('{gb}:generate:wait', 0, -1)
      expect(accepted.filter((jobId) => !waiting.includes(jobId))).toEqual([])
      expect(waiting.length - accepted.length).toBeLessThanOrEqual(1)

      const ran: string[] = []
      queue.worker(
        async ({ record }) => {
          ran.push(record.jobId)
          return completed()
        },
        { concurrency: 4 },
      )
      await eventually(async () => (await queue.jobs.counts()).completed >= accepted.length, 20_000)
      expect(new Set(ran).size).toBe(ran.length)
      expect(accepted.filter((jobId) => !ran.includes(jobId))).toEqual([])
    })

    test('resumes a running job at once after the restart', async () => {
      await using folder = await temporaryFolder()
      await using child = spawnChild(kind, folder.path, 'run')
      await eventually(() => child.said.length > 0, 20_000)
      const jobId = child.said[0]!
      await child.kill()

      await using queue = await openHarness(kind, { dataDir: folder.path })
      expect(await queue.jobs.workers()).toEqual([])
      const began = performance.now()
      const runs: unknown[] = []
      queue.worker(async ({ record, attempt, lastProgress }) => {
        runs.push([record.jobId, attempt, lastProgress?.percent])
        return completed()
      })
      await eventually(async () => (await queue.jobs.view(jobId))?.state === 'completed')
      expect(performance.now() - began).toBeLessThan(20_000)
      expect(runs).toEqual([[jobId, 2, 70]])
    })

    test('rejects a second process while the first one runs, and only then', async () => {
      await using folder = await temporaryFolder()
      await using child = spawnChild(kind, folder.path, 'idle')
      await eventually(() => child.said.includes('open'), 20_000)
      await expect(openHarness(kind, { dataDir: folder.path })).rejects.toMatchObject({
        code: 'queue_in_use',
        pid: child.pid,
        message: expect.stringContaining(`process ${child.pid}`),
      })
      await child.kill()
      await using queue = await openHarness(kind, { dataDir: folder.path })
      await queue.jobs.ping()
    })
  })

const [, redisServer] = KINDS
describe(
  `the child ${redisServer.name}`,
  { concurrent: true, timeout: 120_000, skip: redisServer.skip },
  () => {
    const serverOf = async (dataDir: string) =>
      Number(await readFile(join(dataDir, 'queue', 'redis', 'redis.pid'), 'utf8'))

    test('dies with its parent, also by kill -9', async () => {
      await using folder = await temporaryFolder()
      await using child = spawnChild(redisServer, folder.path, 'idle')
      await eventually(() => child.said.includes('open'), 20_000)
      const server = await serverOf(folder.path)
      expect(lives(server)).toBe(true)
      await child.kill()
      await eventually(() => !lives(server))
    })

    test('is gone when the queue is closed', async () => {
      await using folder = await temporaryFolder()
      const queue = await openHarness(redisServer, { dataDir: folder.path })
      const server = await serverOf(folder.path)
      expect(lives(server)).toBe(true)
      await queue[Symbol.asyncDispose]()
      expect(lives(server)).toBe(false)
    })

    test('restarts with its data when killed', async () => {
      await using queue = await openHarness(redisServer)
      const client = queue.backend.connect('worker')
      await client.set('kept', 'yes')
      // Redis answers before it has written while the disk is busy with what came before.
      await eventually(async () => /aof_buffer_length:0\r/.test(await client.info('persistence')))
      const server = await serverOf(queue.dataDir)
      kill(server, 'SIGKILL')
      expect(await client.get('kept')).toBe('yes')
      expect(await serverOf(queue.dataDir)).not.toBe(server)
      await eventually(() => queue.jobs.ping().then(() => true))
    })

    test('is only accessible to its owner', async () => {
      await using queue = await openHarness(redisServer)
      const client = queue.backend.connect('plain')
      expect(await client.config('GET', 'port')).toEqual(['port', '0'])
      expect(await client.config('GET', 'unixsocketperm')).toEqual(['unixsocketperm', '700'])
      expect(await client.config('GET', 'appendonly')).toEqual(['appendonly', 'yes'])
      expect(await client.config('GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction'])
    })

    test('works in a folder whose path is too long for a socket', async () => {
      await using folder = await temporaryFolder()
      const dataDir = join(folder.path, 'd'.repeat(120))
      await using queue = await openHarness(redisServer, { dataDir })
      await queue.jobs.ping()
      expect(queue.backend.kind).toBe('redis-server')
    })
  },
)
