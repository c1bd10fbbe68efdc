import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StoreUnavailableError } from '#store/errors'
import { makeFileStore } from '#store/file-store'
import type { JobStore } from '#store/job-store'
import { ulid } from 'ulid'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { makeCheckpoints } from '../attempt/checkpoint.ts'
import { retryingStore } from './retrying-store.ts'

const quick = { firstMs: 1, maxMs: 2, patienceMs: 60_000, lastMs: 60_000 }

/** A store whose next `failures` writes of a checkpoint fail as a bucket's do. */
async function failing(failures: number, error: Error = new StoreUnavailableError('The bucket is slow.')) {
  const dir = await mkdtemp(join(tmpdir(), 'patient-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  const store = makeFileStore({ dir })
  let left = failures
  return {
    ...store,
    async writeCheckpoint(...args: Parameters<typeof store.writeCheckpoint>) {
      if (left-- > 0) throw error
      return store.writeCheckpoint(...args)
    },
  }
}

test('what a model answered is kept although the store was away', async () => {
  const store = await failing(5)
  const jobId = ulid().toLowerCase()
  let asked = 0
  const ask = () =>
    makeCheckpoints({ store: retryingStore(store, new AbortController().signal, quick), jobId })(
      'design',
      'a todo app',
      z.number(),
      async () => ++asked,
    )
  expect([await ask(), await ask()]).toEqual([1, 1])
})

test('waits no longer than its patience, and not for an error that stays', async () => {
  const jobId = ulid().toLowerCase()
  const { signal } = new AbortController()
  const away = retryingStore(await failing(1_000), signal, { ...quick, patienceMs: 10 })
  await expect(away.writeCheckpoint(jobId, 'design', 1)).rejects.toMatchObject({ code: 'store_unavailable' })
  const broken = retryingStore(await failing(1, new Error('a fault of ours')), signal, quick)
  await expect(broken.writeCheckpoint(jobId, 'design', 1)).rejects.toThrow('a fault of ours')
})

test('keeps what was paid for although the run is ended while the store is away', async () => {
  const stop = new AbortController()
  const store = await failing(5)
  const jobId = ulid().toLowerCase()
  const written = retryingStore(store, stop.signal, { ...quick, firstMs: 5 }).writeCheckpoint(
    jobId,
    'design',
    1,
  )
  stop.abort(new Error('the worker stops'))
  await written
  expect(await store.readCheckpoint(jobId, 'design')).toBe(1)
})

test('ends with the run, at once where nothing is to be kept', async () => {
  const stop = new AbortController()
  const away = retryingStore(await failing(1_000), stop.signal, { ...quick, firstMs: 30_000, lastMs: 0 })
  const jobId = ulid().toLowerCase()
  const written = away.writeCheckpoint(jobId, 'design', 1)
  const reading: JobStore = {
    ...(await failing(0)),
    readCheckpoint: async () => Promise.reject(new StoreUnavailableError('The bucket is slow.')),
  }
  const read = retryingStore(reading, stop.signal, { ...quick, firstMs: 30_000 }).readCheckpoint(
    jobId,
    'design',
  )
  stop.abort(new Error('the run was cancelled'))
  await expect(written).rejects.toThrow('the run was cancelled')
  await expect(read).rejects.toThrow('the run was cancelled')
})
