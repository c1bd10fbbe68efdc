import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pino } from 'pino'
import { describe, expect, test } from 'vitest'
import { writeProgram } from '#lib/testing/write-program'
import { openQueueBackend } from './open-backend.ts'
import { makeClient } from '../connect.ts'
import { findRedisServer, isNewEnough } from './redis-executable.ts'
import { eventually, silent, temporaryFolder } from '../testing/harness.ts'

const redis = await findRedisServer()
const missing = 'problem' in redis

/** A folder in which redis-server cannot start: a file blocks its subfolder. */
async function spoiltFolder(dataDir: string) {
  await mkdir(join(dataDir, 'queue', 'redis'), { recursive: true })
  await writeFile(join(dataDir, 'queue', 'redis', 'appendonlydir'), 'in the way')
}

describe('opening the queue', { concurrent: true, timeout: 180_000 }, () => {
  test.skipIf(missing)('prefers an installed redis-server', async () => {
    await using folder = await temporaryFolder()
    await using backend = await openQueueBackend({
      dataDir: folder.path,
      production: true,
      log: silent,
      redisUrl: ' ',
    })
    expect(backend.kind).toBe('redis-server')
    expect(backend.description).toMatch(/^(redis|valkey)-server \d+\.\d+\.\d+ on .*queue\/redis \(AOF\)$/)
  })

  test.skipIf(missing)(
    'falls back to the embedded queue, with one log line, when redis-server fails',
    async () => {
      await using folder = await temporaryFolder()
      await spoiltFolder(folder.path)
      const lines: { level: number; msg: string }[] = []
      const log = pino({}, { write: (line: string) => lines.push(JSON.parse(line)) })
      await using backend = await openQueueBackend({ dataDir: folder.path, production: false, log })
      expect(backend.kind).toBe('embedded')
      expect(await backend.connect('plain').ping()).toBe('PONG')
      expect(lines).toMatchObject([
        {
          msg: expect.stringMatching(
            /was found, but redis-server did not start: Can't open .*append[^\n]*$/i,
          ),
        },
      ])
    },
  )

  test.skipIf(missing)('fails in production, with the cause and advice', async () => {
    await using folder = await temporaryFolder()
    await spoiltFolder(folder.path)
    const opening = openQueueBackend({ dataDir: folder.path, production: true, log: silent })
    await expect(opening).rejects.toMatchObject({ code: 'embedded_queue_refused' })
    await expect(opening).rejects.toThrow(/redis-server did not start.*Set REDIS_URL/s)
  })

  test.skipIf(missing)('takes over from an orphaned redis-server, with its data', async () => {
    await using folder = await temporaryFolder()
    const dir = join(folder.path, 'queue', 'redis')
    await mkdir(dir, { recursive: true })
    const socket = join(dir, 'redis.sock')
    const args = ['--port', '0', '--unixsocket', socket, '--dir', dir, '--pidfile', join(dir, 'redis.pid')]
    const leftover = spawn(
      'path' in redis ? redis.path : '',
      [...args, '--appendonly', 'yes', '--save', ''],
      {
        stdio: 'ignore',
      },
    )
    const exited = once(leftover, 'exit')
    const client = makeClient({ kind: 'single', description: '', options: { path: socket } }, 'worker')
    client.on('error', () => {})
    await client.set('kept', 'yes')
    client.disconnect()

    await using backend = await openQueueBackend({
      dataDir: folder.path,
      production: true,
      log: silent,
      embedded: 'never',
    })
    await exited
    expect(await backend.connect('plain').get('kept')).toBe('yes')
  })

  test('stops when aborted', async () => {
    await using folder = await temporaryFolder()
    const signal = AbortSignal.abort(new Error('no longer wanted'))
    const opening = openQueueBackend({ dataDir: folder.path, production: false, log: silent, signal })
    await expect(opening).rejects.toThrow('no longer wanted')
  })

  test('closes remaining connections', async () => {
    await using folder = await temporaryFolder()
    const backend = await openQueueBackend({
      dataDir: folder.path,
      production: false,
      log: silent,
      embedded: 'only',
    })
    const client = backend.connect('worker')
    await client.ping()
    await backend[Symbol.asyncDispose]()
    await eventually(() => client.status === 'end')
    expect(client.status).toBe('end')
  })
})

describe('a redis-server on the PATH', () => {
  test.each([
    ['6.2.0', true],
    ['7.0.15', true],
    ['8.0.1', true],
    ['6.0.16', false],
    ['5.0.14', false],
    ['unknown', false],
  ])('of version %s is new enough: %s', (version, expected) => {
    expect(isNewEnough(version)).toBe(expected)
  })

  test('is skipped when it is old or broken, with the reason', async () => {
    await using folder = await temporaryFolder()
    const file = join(folder.path, 'redis-server')
    const install = (script: string) => writeProgram(file, `#!/bin/sh\n${script}\n`)
    const find = (path: string) => findRedisServer(path, 60_000)
    install('echo "Redis server v=5.0.7 sha=00000000:0"')
    expect(await find(folder.path)).toEqual({
      problem: `${file} is version 5.0.7, but 6.2 or newer is required`,
    })
    install('exit 1')
    expect(await find(folder.path)).toEqual({ problem: `${file} does not say its version` })
    expect(await find('')).toEqual({ problem: 'there is no redis-server on the PATH' })
    install('echo "Valkey server v=8.1.0 sha=00000000:0"')
    expect(await find(`/nowhere:${folder.path}`)).toMatchObject({ version: '8.1.0', path: file })
  })
})
