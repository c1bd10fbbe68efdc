import { cp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { once } from 'node:events'
import { basename, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { makeClient } from '../../connect.ts'
import { openQueueBackend } from '../open-backend.ts'
import { makeJobs } from '../../producer/jobs.ts'
import { KINDS, aRecord, openHarness, silent, temporaryFolder } from '../../testing/harness.ts'
import { openEmbedded } from './open-embedded.ts'

async function open(file: string, periodMs = 60_000) {
  const server = await openEmbedded({
    file,
    isVolatile: (key) => key.startsWith('volatile'),
    log: silent,
    periodMs,
  })
  const client = makeClient(server.target, 'plain')
  return {
    ...server,
    client,
    async [Symbol.asyncDispose]() {
      client.disconnect()
      await server[Symbol.asyncDispose]()
    },
  }
}

/** Simulates a kill -9: copies the current file. */
async function crashed(file: string): Promise<string> {
  const copy = `${file}.crashed`
  await writeFile(copy, await readFile(file))
  return copy
}

describe('the embedded queue', { concurrent: true, timeout: 180_000 }, () => {
  test('restores every type of value, and expiry times', async () => {
    await using folder = await temporaryFolder()
    const file = join(folder.path, 'snapshot')
    const binary = Buffer.from([0, 255, 10, 13, 128])
    await using first = await open(file)
    const { client: c } = first
    await c.set('string', binary)
    await c.set('expiring', 'soon', 'PX', 100_000)
    await c.hset('hash', { a: '1', b: 'ü' })
    await c.rpush('list', 'x', 'y', 'x')
    await c.sadd('set', 'one', 'two')
    await c.zadd('zset', 1.5, 'low', 'inf', 'top', 0, 'zero')
    const id = await c.xadd('stream', '*', 'field', 'value')
    await c.xgroup('CREATE', 'stream', 'group', '0')
    await c.xreadgroup('GROUP', 'group', 'me', 'STREAMS', 'stream', '>')
    await c.set('gone', 'x')
    await c.del('gone')
    await c.set('volatile', 'x')
    await first.flush()

    await using second = await open(await crashed(file))
    const { client: r } = second
    expect(await r.getBuffer('string')).toEqual(binary)
    expect(await r.pttl('string')).toBe(-1)
    expect(await r.get('expiring')).toBe('soon')
    expect(await r.pttl('expiring')).toBeGreaterThan(90_000)
    expect(await r.hgetall('hash')).toEqual({ a: '1', b: 'ü' })
    expect(await r.lrange('list', 0, -1)).toEqual(['x', 'y', 'x'])
    expect((await r.smembers('set')).toSorted()).toEqual(['one', 'two'])
    expect(await r.zrange('zset', 0, -1, 'WITHSCORES')).toEqual(['zero', '0', 'low', '1.5', 'top', 'inf'])
    expect(await r.xrange('stream', '-', '+')).toEqual([[id, ['field', 'value']]])
    expect(await r.xpending('stream', 'group')).toEqual([1, id, id, [['me', expect.anything()]]])
    expect(await r.exists('gone', 'volatile')).toBe(0)
    expect(await r.dbsize()).toBe(7)
    const next = await r.xadd('stream', '*', 'field', 'later')
    expect(Number(next!.split('-')[0])).toBeGreaterThanOrEqual(Number(id!.split('-')[0]))
  })

  test('drops keys at startup that expired in the meantime', async () => {
    await using folder = await temporaryFolder()
    const file = join(folder.path, 'snapshot')
    await using first = await open(file)
    await first.client.set('brief', 'x', 'PX', 30)
    await first.flush()
    const copy = await crashed(file)
    await new Promise((resolve) => setTimeout(resolve, 40))
    await using second = await open(copy)
    expect(await second.client.exists('brief')).toBe(0)
  })

  test('writes soon after a change, and only then', async () => {
    await using folder = await temporaryFolder()
    const file = join(folder.path, 'snapshot')
    await using server = await open(file, 20)
    await server.client.set('a', '1')
    const written = () => stat(file).then(({ mtimeMs }) => mtimeMs)
    await expect.poll(() => written().catch(() => 0)).toBeGreaterThan(0)
    const before = await written()
    await server.client.get('a')
    await server.client.set('volatile', '1')
    await new Promise((resolve) => setTimeout(resolve, 80))
    expect(await written()).toBe(before)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(await readdir(folder.path)).toEqual(['snapshot'])
  })

  test('shares one write between concurrent flushes, each covering all earlier changes', async () => {
    await using folder = await temporaryFolder()
    const file = join(folder.path, 'snapshot')
    await using server = await open(file)
    const copies = await Promise.all(
      Array.from({ length: 30 }, async (_, i) => {
        await server.client.set(`key${i}`, String(i))
        await server.flush()
        const copy = `${file}.${i}`
        await writeFile(copy, await readFile(file))
        return copy
      }),
    )
    for (const [i, copy] of copies.entries()) {
      await using crashedServer = await open(copy)
      expect(await crashedServer.client.get(`key${i}`)).toBe(String(i))
    }
  })

  test('reports a damaged file with advice, instead of starting empty', async () => {
    await using folder = await temporaryFolder()
    const dataDir = folder.path
    const file = join(dataDir, 'queue', 'embedded.snapshot')
    const options = { dataDir, production: false, log: silent, embedded: 'only' } as const
    const backend = await openQueueBackend(options)
    await backend.connect('plain').set('a', '1')
    await backend.flush()
    await backend[Symbol.asyncDispose]()

    const intact = await readFile(file)
    const flipped = Buffer.from(intact)
    flipped[intact.length >> 1]! ^= 1
    for (const damaged of [flipped, intact.subarray(0, -20), Buffer.from('{}'), Buffer.alloc(0)]) {
      await writeFile(file, damaged)
      const opening = openQueueBackend(options)
      await expect(opening).rejects.toMatchObject({ code: 'queue_snapshot_corrupt' })
      await expect(opening).rejects.toThrow(file)
      await expect(opening).rejects.toThrow('move it away')
    }
    await writeFile(file, intact)
    await using again = await openQueueBackend(options)
    expect(await again.connect('plain').get('a')).toBe('1')
  })

  test('requires the password', async () => {
    await using folder = await temporaryFolder()
    await using server = await open(join(folder.path, 'snapshot'))
    const { port } = server.target.options
    const socket = connect({ port: port!, host: '127.0.0.1' })
    socket.write('GET a\r\n')
    const [answer] = (await once(socket, 'data')) as [Buffer]
    socket.destroy()
    expect(answer.toString()).toMatch(/^-NOAUTH/)
  })

  test('is rejected in production, with advice', async () => {
    await using folder = await temporaryFolder()
    const opening = openQueueBackend({
      dataDir: folder.path,
      production: true,
      log: silent,
      embedded: 'only',
    })
    await expect(opening).rejects.toMatchObject({ code: 'embedded_queue_refused' })
    await expect(opening).rejects.toThrow('Set REDIS_URL')
    expect(await readdir(join(folder.path, 'queue'))).toEqual([])
  })

  test('closes immediately, even during a blocking read', async () => {
    await using folder = await temporaryFolder()
    const server = await open(join(folder.path, 'snapshot'))
    const blocked = server.client.blpop('nothing', 30).catch((error: Error) => error)
    await new Promise((resolve) => setTimeout(resolve, 50))
    const began = performance.now()
    await server[Symbol.asyncDispose]()
    expect(performance.now() - began).toBeLessThan(15_000)
    expect(await blocked).toBeInstanceOf(Error)
  })
})

test('a request retried after a crash returns the same job', async () => {
  await using stack = new AsyncDisposableStack()
  const first = stack.use(await openHarness(KINDS[0]))
  const key = { key: 'k', caller: 'alice', bodyHash: 'a' }
  const copy = `${first.dataDir}-crashed`
  stack.defer(() => rm(copy, { recursive: true, force: true }))
  const crashing = makeJobs({
    ...first,
    log: silent,
    store: {
      ...first.store,
      async createRecord(record) {
        await first.store.createRecord(record)
        // Simulates a kill -9.
        await cp(first.dataDir, copy, { recursive: true, filter: (path) => basename(path) !== 'lock' })
      },
    },
  })
  stack.use(crashing)
  const { jobId } = await crashing.submit(aRecord(), key)

  await using second = await openHarness(KINDS[0], { dataDir: copy })
  await second.jobs.recover()
  expect(await second.jobs.submit(aRecord(), key)).toEqual({ jobId, created: false })
  expect((await second.jobs.list({ limit: 10 })).jobs).toHaveLength(1)
})
