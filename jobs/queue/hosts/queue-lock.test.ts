import { mkdir, readFile, readdir, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { pid } from 'node:process'
import { describe, expect, test } from 'vitest'
import { acquireQueueLock } from './queue-lock.ts'
import { temporaryFolder } from '../testing/harness.ts'

/** Greater than any pid on Linux or macOS. */
const DEAD = 99_999_999
const lockOf = (owner: object) => JSON.stringify(owner)

describe('the lock on the queue folder', { concurrent: true, timeout: 180_000 }, () => {
  test('is held until released', async () => {
    await using folder = await temporaryFolder()
    const lock = await acquireQueueLock(folder.path)
    await expect(acquireQueueLock(folder.path)).rejects.toMatchObject({ code: 'queue_in_use', pid })
    await lock[Symbol.asyncDispose]()
    const again = await acquireQueueLock(folder.path)
    expect(await readdir(folder.path)).toEqual(['lock'])
    await again[Symbol.asyncDispose]()
    expect(await readdir(folder.path)).toEqual([])
  })

  test('is acquired by one of many concurrent callers', async () => {
    for (let round = 0; round < 10; round++) {
      await using folder = await temporaryFolder()
      await writeFile(join(folder.path, 'lock'), lockOf({ pid: DEAD, birth: null, host: hostname() }))
      const all = await Promise.allSettled(Array.from({ length: 8 }, () => acquireQueueLock(folder.path)))
      const winners = all.filter((result) => result.status === 'fulfilled')
      expect(winners).toHaveLength(1)
      await winners[0]!.value[Symbol.asyncDispose]()
      expect(await readdir(folder.path)).toEqual([])
    }
  })

  test('is taken over even after an interrupted takeover', async () => {
    await using folder = await temporaryFolder()
    await writeFile(join(folder.path, 'lock'), lockOf({ pid: DEAD, birth: null, host: hostname() }))
    await mkdir(join(folder.path, 'lock.takeover'))
    const longAgo = new Date(Date.now() - 60_000)
    await utimes(join(folder.path, 'lock.takeover'), longAgo, longAgo)
    await using taken = new AsyncDisposableStack()
    taken.use(await acquireQueueLock(folder.path))
    expect(await readdir(folder.path)).toEqual(['lock'])
  })

  test('is taken over from a dead process', async () => {
    await using folder = await temporaryFolder()
    await writeFile(join(folder.path, 'lock'), lockOf({ pid: DEAD, birth: null, host: hostname() }))
    await using taken = new AsyncDisposableStack()
    taken.use(await acquireQueueLock(folder.path))
    expect(JSON.parse(await readFile(join(folder.path, 'lock'), 'utf8'))).toMatchObject({ pid })
  })

  test('is taken over from an earlier process that had the same pid', async () => {
    await using folder = await temporaryFolder()
    await writeFile(join(folder.path, 'lock'), lockOf({ pid, birth: 'another-boot:1', host: hostname() }))
    await using taken = new AsyncDisposableStack()
    taken.use(await acquireQueueLock(folder.path))
    expect(await readFile(join(folder.path, 'lock'), 'utf8')).not.toContain('another-boot')
  })

  test('of another host is watched, and respected while it is being touched', async () => {
    await using folder = await temporaryFolder()
    const file = join(folder.path, 'lock')
    await writeFile(file, lockOf({ pid: 1, birth: null, host: 'another-container' }))
    const touch = setInterval(() => void utimes(file, new Date(), new Date()), 100)
    try {
      await expect(acquireQueueLock(folder.path)).rejects.toThrow('process 1 on host another-container')
    } finally {
      clearInterval(touch)
    }
  })

  test('of another host is taken over when it is not touched', async () => {
    await using folder = await temporaryFolder()
    await writeFile(join(folder.path, 'lock'), lockOf({ pid: 1, birth: null, host: 'another-container' }))
    const began = performance.now()
    await using taken = new AsyncDisposableStack()
    taken.use(await acquireQueueLock(folder.path))
    expect(performance.now() - began).toBeGreaterThan(4_500)
  })

  test('stops waiting when aborted', async () => {
    await using folder = await temporaryFolder()
    await writeFile(join(folder.path, 'lock'), 'damaged')
    await expect(acquireQueueLock(folder.path, AbortSignal.timeout(50))).rejects.toThrow(/abort|timeout/i)
  })
})
