import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { makeFileStore } from '#store/file-store'
import { openQueueBackend } from './open-backend.ts'
import { makeJobs } from '../producer/jobs.ts'
import { findRedisServer } from './redis-executable.ts'
import { runGenerateWorker } from '../consumer/generate-worker.ts'
import {
  aRecord,
  aWorker,
  completed,
  eventually,
  failed,
  silent,
  temporaryFolder,
  until,
} from '../testing/harness.ts'
import { CLOSED_PORT, freePort } from '../../../test/support/ports.ts'

const redis = await findRedisServer()
const missing = 'problem' in redis

/** An external Redis on its own port. */
async function startRedis(folder: string, ...settings: string[]) {
  return startRedisOn(await freePort(), folder, ...settings)
}

async function startRedisOn(port: number, folder: string, ...settings: string[]) {
  const path = 'path' in redis ? redis.path : ''
  const args = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, '--save', '', ...settings]
  const server = spawn(path, args, { stdio: 'ignore' })
  const exited = once(server, 'exit')
  return {
    port,
    async [Symbol.asyncDispose]() {
      server.kill('SIGKILL')
      await exited
    },
  }
}

const open = (redisUrl: string, dataDir: string) =>
  openQueueBackend({ redisUrl, dataDir, production: true, log: silent })

describe('REDIS_URL', { concurrent: true, timeout: 180_000 }, () => {
  test('that is unreachable fails with a clear error within five seconds', async () => {
    await using folder = await temporaryFolder()
    const port = CLOSED_PORT
    const began = performance.now()
    const opening = open(`redis://app:hunter2@127.0.0.1:${port}`, folder.path)
    await expect(opening).rejects.toMatchObject({ code: 'queue_unreachable' })
    await expect(opening).rejects.toThrow(`Redis at 127.0.0.1:${port} cannot be used: connect ECONNREFUSED`)
    await expect(opening).rejects.not.toThrow('hunter2')
    expect(performance.now() - began).toBeLessThan(50_000)
  })

  test('that is invalid is rejected before connecting', async () => {
    await using folder = await temporaryFolder()
    await expect(open('localhost:6379', folder.path)).rejects.toMatchObject({ code: 'redis_url_invalid' })
  })

  test.skipIf(missing)('with a wrong password fails immediately', async () => {
    await using folder = await temporaryFolder()
    await using server = await startRedis(folder.path, '--requirepass', 'right')
    await using right = await open(`redis://:right@127.0.0.1:${server.port}`, folder.path)
    expect(right.kind).toBe('redis')
    expect(right.description).toMatch(/^Redis at 127\.0\.0\.1:\d+ \(version \d+\.\d+\.\d+\)$/)
    const began = performance.now()
    await expect(open(`redis://:wrong@127.0.0.1:${server.port}`, folder.path)).rejects.toThrow('WRONGPASS')
    expect(performance.now() - began).toBeLessThan(15_000)
  })

  test.skipIf(missing)('of a Cluster runs a job from submission to completion', async () => {
    await using folder = await temporaryFolder()
    await using server = await startRedis(
      folder.path,
      '--cluster-enabled',
      'yes',
      '--cluster-announce-ip',
      '127.0.0.1',
      // 10,000 above its port by default, where outgoing connections of this machine may have it.
      '--cluster-port',
      String(await freePort()),
    )
    await using plain = await open(`redis://127.0.0.1:${server.port}`, folder.path)
    const admin = plain.connect('plain')
    await admin.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383')
    await eventually(async () => String(await admin.call('CLUSTER', 'INFO')).includes('cluster_state:ok'))
    await using backend = await open(`redis+cluster://127.0.0.1:${server.port}`, folder.path)
    const store = makeFileStore({ dir: join(folder.path, 'jobs') })
    await using jobs = makeJobs({ backend, store, log: silent })
    const worker = runGenerateWorker({
      backend,
      store,
      log: silent,
      info: aWorker(),
      concurrency: 1,
      run: async () => completed(),
      failureOutcome: () => failed('gave_up'),
    })
    const record = aRecord()
    await jobs.submit(record, { key: 'k', caller: 'c', bodyHash: 'h' })
    const seen = await Array.fromAsync(jobs.follow(record.jobId, { signal: AbortSignal.timeout(60_000) }))
    expect(seen.at(-1)?.view.state).toBe('completed')
    expect(await jobs.counts()).toMatchObject({ completed: 1, waiting: 0, active: 0 })
    expect((await jobs.list({ limit: 5 })).jobs).toHaveLength(1)
    expect(await jobs.workers()).toHaveLength(1)
    const cancelled = aRecord()
    await worker.stop({ graceMs: 0 })
    await jobs.submit(cancelled)
    expect(await jobs.cancel(cancelled.jobId)).toBe('cancelled')
  })

  test.skipIf(missing)('whose Redis becomes unavailable makes calls fail fast, and recovers', async () => {
    await using folder = await temporaryFolder()
    const first = await startRedis(folder.path)
    await using backend = await open(`redis://127.0.0.1:${first.port}`, folder.path)
    const store = makeFileStore({ dir: join(folder.path, 'jobs') })
    await using jobs = makeJobs({ backend, store, log: silent })
    const ended = aRecord()
    await jobs.submit(ended)
    await jobs.cancel(ended.jobId)
    await first[Symbol.asyncDispose]()

    const began = performance.now()
    const refused = aRecord()
    await expect(jobs.ping()).rejects.toMatchObject({ code: 'queue_unavailable' })
    await expect(jobs.submit(refused)).rejects.toMatchObject({ code: 'queue_unavailable' })
    expect(performance.now() - began).toBeLessThan(50_000)
    // Rejected jobs were not stored, so they never run; ended ones can be read.
    expect(await store.readRecord(refused.jobId)).toBeNull()
    expect(await jobs.view(ended.jobId)).toMatchObject({ state: 'cancelled' })

    await using second = await startRedisOn(first.port, folder.path)
    expect(second.port).toBe(first.port)
    await eventually(() =>
      jobs.ping().then(
        () => true,
        () => false,
      ),
    )
    expect(await jobs.submit(refused)).toEqual({ jobId: refused.jobId, created: true })
  })

  test.skipIf(missing)('whose Redis is gone does not prevent a worker from stopping', async () => {
    await using folder = await temporaryFolder()
    const server = await startRedis(folder.path)
    await using backend = await open(`redis://127.0.0.1:${server.port}`, folder.path)
    const store = makeFileStore({ dir: join(folder.path, 'jobs') })
    const jobs = makeJobs({ backend, store, log: silent })
    const reasons: unknown[] = []
    const worker = runGenerateWorker({
      backend,
      store,
      log: silent,
      info: aWorker(),
      concurrency: 1,
      run: ({ signal }) =>
        until(signal).catch((reason: unknown) => {
          reasons.push(reason)
          throw reason
        }),
      failureOutcome: () => failed('gave_up'),
      abortTimeoutMs: 100,
    })
    const record = aRecord()
    await jobs.submit(record)
    await eventually(async () => (await jobs.view(record.jobId))?.state === 'active')
    await server[Symbol.asyncDispose]()
    await worker.stop({ graceMs: 10 })
    await jobs[Symbol.asyncDispose]()
    expect(reasons).toMatchObject([{ cause: 'stopping' }])
    expect(await store.readOutcome(record.jobId)).toBeNull()
  })
})
