import { randomBytes } from 'node:crypto'
import { mkdir, readdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { JobRecord } from '#contract'
import { ulid } from 'ulid'
import { KINDS_HERE, aRecord, completed, eventually, failed, openHarness, until } from '../testing/harness.ts'

const DAY_MS = 24 * 3_600_000
const ago = (days: number) => new Date(Date.now() - days * DAY_MS).toISOString()
const FOR_GOOD = { archiveDays: null, jobDays: null, totalBytes: null }

for (const kind of KINDS_HERE)
  describe(`keeping jobs, on ${kind.name}`, { concurrent: true, timeout: 180_000, skip: kind.skip }, () => {
    /** A job that ended some days ago, with an archive of this size. */
    async function ended(
      queue: Awaited<ReturnType<typeof openHarness>>,
      job: { days: number; bytes?: number; state?: 'failed' } & Partial<JobRecord>,
    ) {
      const { days, bytes = 100, state, ...over } = job
      const jobId = ulid(Date.now() - days * DAY_MS).toLowerCase()
      await queue.store.createRecord(aRecord({ jobId, createdAt: ago(days), ...over }))
      if (state === 'failed')
        await queue.store.putOutcome(jobId, { ...failed('nothing'), finishedAt: ago(days) })
      else {
        const archive = await queue.store.writeArchive(jobId, 'todo.zip', randomBytes(bytes))
        const outcome = completed()
        if (outcome.state !== 'completed') throw new Error('unreachable')
        await queue.store.writeCheckpoint(jobId, `design.${'a'.repeat(32)}`, 'what a model said')
        await queue.store.writeCheckpoint(jobId, 'account', 'what it cost')
        await queue.store.putOutcome(jobId, { ...outcome, finishedAt: ago(days), archive })
      }
      await queue.jobs.recover()
      return jobId
    }
    const hasArchive = async ({ store }: Awaited<ReturnType<typeof openHarness>>, jobId: string) => {
      const stream = await store.openArchive(jobId)
      await stream?.cancel()
      return stream !== null
    }

    test('expires old archives; the record and the outcome stay', async () => {
      await using queue = await openHarness(kind)
      const old = await ended(queue, { days: 31 })
      const young = await ended(queue, { days: 29 })
      const swept = await queue.jobs.sweep({ ...FOR_GOOD, archiveDays: 30 })
      expect(swept).toMatchObject({ archives: 1, jobs: 0 })
      expect([await hasArchive(queue, old), await hasArchive(queue, young)]).toEqual([false, true])
      const view = await queue.jobs.view(old)
      expect(view).toMatchObject({ state: 'completed', result: { success: true } })
      expect(Date.parse(view?.archive?.expiredAt ?? '')).toBeGreaterThan(Date.now() - 120_000)
      expect((await queue.jobs.view(young))?.archive).not.toHaveProperty('expiredAt')
      expect(await queue.store.readCheckpoint(old, `design.${'a'.repeat(32)}`)).toBeNull()
      expect(await queue.store.readCheckpoint(old, 'account')).toBe('what it cost')
      // The event stream says the same.
      const followed = await Array.fromAsync(queue.jobs.follow(old, { signal: AbortSignal.timeout(60_000) }))
      expect(followed.at(-1)?.view.archive?.expiredAt).toBe(view?.archive?.expiredAt)
      expect(await queue.jobs.sweep({ ...FOR_GOOD, archiveDays: 30 })).toMatchObject({ archives: 0, jobs: 0 })
    })

    test('expires old jobs: lists, counts, views and event streams agree, and a tombstone stays', async () => {
      await using queue = await openHarness(kind)
      const requester = 'slack:T1:U1'
      const origin = { kind: 'slack', teamId: 'T1', channelId: 'C1', userId: 'U1', threadTs: null } as const
      const old = await ended(queue, { days: 91, owner: 'team-a', origin })
      const broken = await ended(queue, { days: 92, state: 'failed' })
      const young = await ended(queue, { days: 89, origin })
      expect((await queue.jobs.list({ limit: 10 })).jobs).toHaveLength(3)
      expect(await queue.jobs.sweep({ ...FOR_GOOD, jobDays: 90 })).toMatchObject({ jobs: 2 })
      const ids = async (query: object) =>
        (await queue.jobs.list({ limit: 10, ...query })).jobs.map((job) => job.jobId)
      expect(await ids({})).toEqual([young])
      expect(await ids({ requester })).toEqual([young])
      expect(await ids({ state: 'failed' })).toEqual([])
      expect(await queue.jobs.counts()).toMatchObject({ completed: 1, failed: 0 })
      expect(await queue.jobs.view(old)).toBeNull()
      expect(await Array.fromAsync(queue.jobs.follow(old, { signal: AbortSignal.timeout(60_000) }))).toEqual(
        [],
      )
      expect(await queue.store.readTombstone(old)).toMatchObject({ jobId: old, owner: 'team-a' })
      expect(await queue.store.readTombstone(broken)).not.toBeNull()
      expect(await queue.store.readTombstone(young)).toBeNull()
      expect(await queue.store.readTombstone(ulid().toLowerCase())).toBeNull()
    })

    test('frees space: the oldest archives first, then the oldest jobs, never recent ones', async () => {
      await using queue = await openHarness(kind)
      const [oldest, older, fresh] = [
        await ended(queue, { days: 3, bytes: 50_000 }),
        await ended(queue, { days: 2, bytes: 50_000 }),
        await ended(queue, { days: 0, bytes: 50_000 }),
      ]
      await queue.jobs.sweep({ ...FOR_GOOD, totalBytes: 120_000 })
      const kept = () => Promise.all([oldest, older, fresh].map((jobId) => hasArchive(queue, jobId)))
      expect(await kept()).toEqual([false, true, true])
      expect(await queue.jobs.view(oldest)).not.toBeNull()
      await queue.jobs.sweep({ ...FOR_GOOD, totalBytes: 10 })
      expect(await kept()).toEqual([false, false, true])
      expect(await queue.jobs.view(oldest)).toBeNull()
      expect(await queue.jobs.view(fresh)).toMatchObject({ state: 'completed' })
    })

    test('never touches an open job, nor the parent of one', async () => {
      await using queue = await openHarness(kind)
      const parent = await ended(queue, { days: 400 })
      const other = await ended(queue, { days: 400 })
      const child = aRecord({ parent, version: 2, createdAt: ago(300) })
      const { promise: finish, resolve } = Promise.withResolvers<void>()
      await queue.jobs.submit(child)
      queue.worker(async () => {
        await finish
        return completed()
      })
      await eventually(async () => (await queue.jobs.view(child.jobId))?.state === 'active')
      const all = { archiveDays: 1, jobDays: 1, totalBytes: 1 }
      await queue.jobs.sweep(all)
      expect(await hasArchive(queue, parent)).toBe(true)
      expect(await queue.jobs.view(other)).toBeNull()
      resolve()
      await eventually(async () => (await queue.jobs.view(child.jobId))?.state === 'completed')
      // It was refined recently, so it is in use.
      await queue.jobs.sweep(all)
      expect(await hasArchive(queue, parent)).toBe(true)
    })

    test('completes what a crash interrupted', async () => {
      await using queue = await openHarness(kind)
      const said = await ended(queue, { days: 40 })
      const renamed = await ended(queue, { days: 100 })
      const dir = join(queue.dataDir, 'jobs')
      // Marked as expired, but the file still exists.
      const bytes = randomBytes(10)
      await queue.store.expireArchive(said, new Date())
      await writeFile(join(dir, said, 'archive.zip'), bytes)
      await rename(join(dir, renamed), join(dir, `.removing-${renamed}`))
      await queue.jobs.sweep({ ...FOR_GOOD, archiveDays: 30, jobDays: 90 })
      expect(await readdir(join(dir, said))).not.toContain('archive.zip')
      expect((await readdir(dir)).filter((name) => name.startsWith('.removing'))).toEqual([])
      expect((await queue.jobs.list({ limit: 10 })).jobs.map(({ jobId }) => jobId)).toEqual([said])
      expect(await queue.jobs.counts()).toMatchObject({ completed: 1 })
    })

    test('keeps only the newest tombstones', async () => {
      await using queue = await openHarness(kind)
      const ids = [
        await ended(queue, { days: 3 }),
        await ended(queue, { days: 2 }),
        await ended(queue, { days: 1 }),
      ]
      for (const jobId of ids) await queue.store.expireJob(jobId, new Date())
      await queue.store.prune({ tombstones: 2 })
      const left = await Promise.all(ids.map((jobId) => queue.store.readTombstone(jobId)))
      expect(left.map((stone) => stone !== null)).toEqual([false, true, true])
    })

    test('keeps everything without limits', async () => {
      await using queue = await openHarness(kind)
      const jobId = await ended(queue, { days: 4_000 })
      expect(await queue.jobs.sweep(FOR_GOOD)).toMatchObject({ archives: 0, jobs: 0 })
      expect(await hasArchive(queue, jobId)).toBe(true)
    })

    test('a job missing from the queue is requeued by the next recovery', async () => {
      await using queue = await openHarness(kind)
      const record = aRecord()
      await queue.jobs.submit(record)
      const client = queue.backend.connect('plain')
      expect(await queue.jobs.recover('lost')).toEqual({ requeued: 0 })
      // Like a Redis that restarts without its data.
      await client.flushall()
      expect(await queue.jobs.recover('lost')).toEqual({ requeued: 1 })
      queue.worker(async () => completed())
      await eventually(async () => (await queue.jobs.view(record.jobId))?.state === 'completed')
    })

    test('a recovery leaves waiting and running jobs alone', async () => {
      await using queue = await openHarness(kind)
      const runs: string[] = []
      const [first, second] = [aRecord(), aRecord()]
      queue.worker(async ({ record, signal }) => {
        runs.push(record.jobId)
        return until(signal)
      })
      await queue.jobs.submit(first)
      await eventually(() => runs.length === 1)
      await queue.jobs.submit(second)
      expect(await queue.jobs.recover('lost')).toEqual({ requeued: 0 })
      expect(await queue.jobs.counts()).toMatchObject({ active: 1, waiting: 1 })
    })

    test('removes leftovers of a job whose record could not be written', async () => {
      await using queue = await openHarness(kind)
      const folder = (hoursAgo: number) =>
        join(queue.dataDir, 'jobs', ulid(Date.now() - hoursAgo * 3_600_000).toLowerCase())
      for (const path of [folder(2), folder(0)]) await mkdir(path, { recursive: true })
      await queue.jobs.sweep(FOR_GOOD)
      expect(
        (await readdir(join(queue.dataDir, 'jobs'))).filter((name) => !name.startsWith('.')),
      ).toHaveLength(1)
    })

    test('reads a job again only when its outcome changes', async () => {
      await using queue = await openHarness(kind)
      const [first, second] = [await ended(queue, { days: 5 }), await ended(queue, { days: 4 })]
      await queue.jobs.sweep(FOR_GOOD)
      // A sweep that does not read a record cannot notice damage.
      for (const jobId of [first, second])
        await writeFile(join(queue.dataDir, 'jobs', jobId, 'record.json'), '{')
      const swept = await queue.jobs.sweep({ ...FOR_GOOD, archiveDays: 4.5 })
      expect(swept).toMatchObject({ archives: 1 })
    })
  })
