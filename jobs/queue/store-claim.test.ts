import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeFileStore } from '#store/file-store'
import { keys } from './names.ts'
import { claimStore } from './store-claim.ts'
import {
  KINDS,
  KINDS_HERE,
  aRecord,
  eventually,
  openHarness,
  temporaryFolder,
  completed,
} from './testing/harness.ts'

const EMBEDDED = KINDS[0]
const shared = { kind: 'redis', description: 'redis://queue.example:6379' } as const

test('a queue is bound to its first store; others are rejected with advice', async () => {
  await using queue = await openHarness(EMBEDDED)
  await using other = await temporaryFolder()
  const client = queue.backend.connect('plain')
  const ours = { backend: shared, client, store: queue.store }
  const theirs = { ...ours, store: makeFileStore({ dir: join(other.path, 'jobs') }) }

  await client.del(keys.store)
  expect(await claimStore(ours)).toEqual({ claimed: true })
  expect(await claimStore(ours)).toEqual({ claimed: false })
  await expect(claimStore(theirs)).rejects.toMatchObject({
    code: 'store_mismatch',
    message: expect.stringMatching(
      /queue\.example.*set STORE_URL to the same store.*or DATA_DIR.*\{gb\}:store/s,
    ),
  })
  // Another process with the same folder is accepted.
  const again = makeFileStore({ dir: join(queue.dataDir, 'jobs') })
  expect(await claimStore({ ...ours, store: again })).toEqual({ claimed: false })
})

test('a local queue can move to another store with its process', async () => {
  await using queue = await openHarness(EMBEDDED)
  await using other = await temporaryFolder()
  const client = queue.backend.connect('plain')
  const store = makeFileStore({ dir: join(other.path, 'jobs') })
  await claimStore({ backend: queue.backend, client, store: queue.store })
  expect(await claimStore({ backend: queue.backend, client, store })).toEqual({ claimed: true })
  expect(await claimStore({ backend: shared, client, store })).toEqual({ claimed: false })
})

test('a queue that lost its data recovers every job, even when only lost ones are requested', async () => {
  await using queue = await openHarness(EMBEDDED)
  const ended = aRecord()
  const open = aRecord()
  for (const record of [ended, open]) await queue.store.createRecord(record)
  await queue.store.putOutcome(ended.jobId, completed())
  const client = queue.backend.connect('plain')
  await queue.jobs.recover()
  await client.flushall()
  expect(await queue.jobs.recover('lost')).toEqual({ requeued: 1 })
  expect((await queue.jobs.list({ limit: 10 })).jobs).toHaveLength(2)
})

for (const kind of KINDS_HERE)
  test(
    `a job that its worker cannot find fails within seconds on ${kind.name}`,
    { skip: kind.skip },
    async () => {
      await using queue = await openHarness(kind)
      await using other = await temporaryFolder()
      const record = aRecord()
      await queue.jobs.submit(record)
      const followed: string[] = []
      const following = (async () => {
        const { signal } = new AbortController()
        for await (const { view } of queue.jobs.follow(record.jobId, { signal })) followed.push(view.state)
      })()
      let ran = false
      queue.worker(
        async () => {
          ran = true
          return completed()
        },
        { store: makeFileStore({ dir: other.path }), recordTimeoutMs: 50 },
      )
      await following
      expect(followed.at(-1)).toBe('failed')
      const view = await queue.jobs.view(record.jobId)
      expect(view).toMatchObject({ state: 'failed', error: { code: 'job_not_in_store' } })
      expect(view?.error?.hint).toContain('STORE_URL')
      expect(ran).toBe(false)
      // Even after the queue has expired it.
      expect(await queue.store.readOutcome(record.jobId)).toMatchObject({
        failure: { code: 'job_not_in_store' },
      })
    },
  )

test('such a failure is stored even if the job is never viewed', async () => {
  await using queue = await openHarness(EMBEDDED)
  await using other = await temporaryFolder()
  const record = aRecord()
  await queue.jobs.submit(record)
  queue.worker(async () => completed(), {
    store: makeFileStore({ dir: other.path }),
    recordTimeoutMs: 50,
  })
  await eventually(async () => (await queue.jobs.counts()).failed === 1)
  expect(await queue.jobs.recover('lost')).toEqual({ requeued: 0 })
  expect(await queue.store.readOutcome(record.jobId)).toMatchObject({ state: 'failed' })
})

test('a record that appears shortly after the job is queued is found', async () => {
  await using queue = await openHarness(EMBEDDED)
  await using late = await temporaryFolder()
  const record = aRecord()
  const store = makeFileStore({ dir: late.path })
  await queue.jobs.submit(record)
  let looks = 0
  queue.worker(async () => completed(), {
    recordTimeoutMs: 60_000,
    store: {
      ...store,
      async readRecord(jobId) {
        looks++
        if (looks === 2) await store.createRecord(record)
        return store.readRecord(jobId)
      },
    },
  })
  await eventually(() => store.readOutcome(record.jobId))
  expect(await store.readOutcome(record.jobId)).toMatchObject({ state: 'completed' })
})
