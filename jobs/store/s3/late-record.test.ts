import { expect, test } from 'vitest'
import { failed, aRecord } from '../testing/store-contract.ts'
import { makeS3Store } from './s3-store.ts'
import type { Objects } from './objects.ts'

const HOUR_MS = 3_600_000

/** As much of a bucket as a record and an outcome need. */
function makeBucket() {
  const kept = new Map<string, string>()
  const objects = {
    text: async (key: string) => kept.get(key) ?? null,
    head: async (key: string) => (kept.has(key) ? { bytes: 1, etag: '1' } : null),
    create: async (key: string, body: string) => !kept.has(key) && Boolean(kept.set(key, body)),
    put: async (key: string, body: string) => void kept.set(key, body),
    remove: async (key: string) => void kept.delete(key),
    async *list(folder: string) {
      for (const key of [...kept.keys()].filter((one) => one.startsWith(folder)))
        yield { key, bytes: 1, etag: '1' }
    },
  }
  const store = makeS3Store({ objects: objects as unknown as Objects, place: 'memory', links: false })
  return { store, kept }
}

test('a record that arrives after its job was refused finds the job ended', async () => {
  const { store, kept } = makeBucket()
  const record = aRecord()
  const { jobId } = record
  // The write of the record was given up, so the request was refused and its job taken back.
  await store.decide(jobId, 'withdrawn')
  await store.putOutcome(jobId, failed('refused'))
  await store.expireJob(jobId, new Date())
  await store.createRecord(record)
  expect(await store.readOutcome(jobId)).toMatchObject({ failure: { message: 'refused' } })

  // With the record it goes like any other, and nothing is left of one that never arrived.
  await store.expireJob(jobId, new Date())
  expect([...kept.keys()].filter((key) => key.startsWith('jobs/'))).toEqual([])
  await store.putOutcome(jobId, failed('refused'))
  await store.expireJob(jobId, new Date(Date.now() + HOUR_MS + 1_000))
  expect([...kept.keys()].filter((key) => key.startsWith('jobs/'))).toEqual([])
})
