import { createHash } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { notStarted, type JobOutcome, type JobRecord, type JobSource } from '#contract'
import { blueprintOf, recordOf, reportOf } from '#contract/testing/samples'
import { ulid } from 'ulid'
import { makeArchiveCheck } from '../archive-check.ts'
import type { JobStore } from '../job-store.ts'

export const aRecord = (): JobRecord => recordOf({ jobId: ulid().toLowerCase() })

const aSource: JobSource = {
  blueprint: blueprintOf(),
  handlers: { completeTodo: 'export const completeTodo = () => {}' },
  migrations: [{ path: 'migrations/0001_initial.sql', content: 'CREATE TABLE todos (id TEXT);' }],
  files: {},
  history: [],
}

export const failed = (message: string): JobOutcome => ({
  state: 'failed',
  finishedAt: '2026-01-02T03:04:06.000Z',
  startedAt: null,
  percent: 10,
  stage: 'design',
  steps: notStarted.steps,
  failure: { code: 'nothing_readable', message },
  report: null,
})

const completed = (archive: Awaited<ReturnType<JobStore['writeArchive']>>): JobOutcome => ({
  state: 'completed',
  finishedAt: '2026-01-02T03:04:06.000Z',
  startedAt: null,
  steps: [],
  files: [],
  archive,
  report: reportOf(),
})

/** Two processes that use one store, each with a store of its own. */
export type StorePair = AsyncDisposable & { readonly store: JobStore; readonly other: JobStore }

/** What every job store promises, whatever it keeps its jobs in. */
export function describeJobStore(
  name: string,
  open: () => Promise<StorePair>,
  options: { readonly skip?: boolean; readonly timeoutMs?: number } = {},
): void {
  const { skip = false, timeoutMs = 10_000 } = options
  describe(`the job store in ${name}`, { skip, timeout: timeoutMs }, () => {
    let pair: StorePair
    let store: JobStore
    let other: JobStore
    beforeAll(async () => {
      pair = await open()
      ;({ store, other } = pair)
    }, 60_000)
    afterAll(() => pair?.[Symbol.asyncDispose]())

    const stored = async () => {
      const record = aRecord()
      await store.createRecord(record)
      return record
    }
    const archived = async (bytes: Uint8Array) => {
      const record = await stored()
      const archive = await store.writeArchive(record.jobId, 'todo-api.zip', bytes)
      await store.putOutcome(record.jobId, completed(archive))
      return { ...record, archive }
    }
    const read = async (jobId: string, range?: { start: number; end: number }) => {
      const stream = await store.openArchive(jobId, range)
      return stream && (await buffer(stream)).toString()
    }

    it('gives a record back to every process, and null for a job it does not know', async () => {
      const record = await stored()
      expect(await other.readRecord(record.jobId)).toEqual(record)
      expect([await store.has(record.jobId), await other.has(ulid().toLowerCase())]).toEqual([true, false])
      expect(await store.readRecord(ulid().toLowerCase())).toBeNull()
      expect(await store.readOutcome(record.jobId)).toBeNull()
    })

    it('keeps the first record when a job is created twice', async () => {
      const record = await stored()
      await other.createRecord({ ...record, prompt: 'another' })
      expect(await store.readRecord(record.jobId)).toEqual(record)
    })

    it('lets exactly one of many concurrent outcomes win, and tells the others which', async () => {
      const { jobId } = await stored()
      const attempts = await Promise.all(
        Array.from({ length: 20 }, (_, i) => [store, other][i % 2]!.putOutcome(jobId, failed(`${i}`))),
      )
      expect(attempts.filter((attempt) => attempt.won)).toHaveLength(1)
      const held = await store.readOutcome(jobId)
      for (const attempt of attempts) expect(attempt.outcome).toEqual(held)
      expect((await other.putOutcome(jobId, failed('late'))).won).toBe(false)
    })

    it('keeps the first decision about a job, of whichever request it is', async () => {
      const { jobId } = await stored()
      const wanted = (['accepted', 'withdrawn', 'accepted', 'withdrawn'] as const).flatMap((one) => [
        one,
        one,
      ])
      const held = await Promise.all(wanted.map((one, at) => (at < 4 ? store : other).decide(jobId, one)))
      expect(new Set(held).size).toBe(1)
      for (const one of wanted) expect(await other.decide(jobId, one)).toBe(held[0])
    })

    it('makes no decision for a missing job', async () => {
      const { jobId } = await stored()
      await store.expireJob(jobId, new Date())
      expect(await store.decide(jobId, 'accepted')).toBe('withdrawn')
      expect(await other.decide(ulid().toLowerCase(), 'accepted')).toBe('withdrawn')
    })

    it('keeps a withdrawal that comes before the record', async () => {
      const record = aRecord()
      expect(await other.decide(record.jobId, 'withdrawn')).toBe('withdrawn')
      await store.createRecord(record)
      expect(await store.decide(record.jobId, 'accepted')).toBe('withdrawn')
      expect(await store.readRecord(record.jobId)).toEqual(record)
    })

    it('gives the bytes of an archive back, whole and in ranges', async () => {
      const { jobId, archive } = await archived(Buffer.from('0123456789'))
      expect(archive).toEqual({
        filename: 'todo-api.zip',
        bytes: 10,
        sha256: createHash('sha256').update('0123456789').digest('hex'),
      })
      expect(await read(jobId)).toBe('0123456789')
      expect(await read(jobId, { start: 2, end: 4 })).toBe('234')
      expect(await read(jobId, { start: 9, end: 9 })).toBe('9')
      expect(await store.openArchive(ulid().toLowerCase())).toBeNull()
      expect(await store.statArchive(ulid().toLowerCase())).toBeNull()
    })

    it('passes on an archive of several megabytes, and stops when nobody reads', async () => {
      const bytes = Buffer.alloc(6_000_000, 'backend')
      const { jobId } = await archived(bytes)
      expect((await buffer((await store.openArchive(jobId))!)).equals(bytes)).toBe(true)
      const reader = (await store.openArchive(jobId))!.getReader()
      await reader.read()
      await reader.cancel()
    })

    it('tells an archive that is damaged, short or gone from one that is intact', async () => {
      const { jobId, archive } = await archived(Buffer.from('0123456789'))
      const check = makeArchiveCheck(other)
      expect(await check(jobId, archive)).toBe('intact')
      await store.writeArchive(jobId, 'todo-api.zip', Buffer.from('0123456780'))
      expect(await check(jobId, archive)).toBe('damaged')
      await store.writeArchive(jobId, 'todo-api.zip', Buffer.from('012345'))
      expect(await check(jobId, archive)).toBe('damaged')
      await store.writeArchive(jobId, 'todo-api.zip', Buffer.from('0123456789'))
      expect(await check(jobId, archive)).toBe('intact')
      expect(await check(ulid().toLowerCase(), archive)).toBe('gone')
    })

    it('creates a checkpoint once, whichever process is first', async () => {
      const { jobId } = await stored()
      const created = await Promise.all(
        [store, other, store, other].map((each, at) => each.createCheckpoint(jobId, 'change.0', { at })),
      )
      expect(created.filter(Boolean)).toHaveLength(1)
      expect(await other.readCheckpoint(jobId, 'change.0')).toEqual({ at: created.indexOf(true) })
    })

    it('keeps a checkpoint under its key, replaced as a whole', async () => {
      const { jobId } = await stored()
      expect(await store.readCheckpoint(jobId, 'design.abc')).toBeNull()
      await store.writeCheckpoint(jobId, 'design.abc', { a: 1 })
      await other.writeCheckpoint(jobId, 'design.abc', { a: 2 })
      expect(await store.readCheckpoint(jobId, 'design.abc')).toEqual({ a: 2 })
    })

    it('keeps what the next version is made from', async () => {
      const { jobId } = await stored()
      expect(await store.readSource(jobId)).toBeNull()
      await store.writeSource(jobId, { ...aSource, handlers: { completeTodo: 'earlier' } })
      await store.writeSource(jobId, aSource)
      expect(await other.readSource(jobId)).toEqual(aSource)
    })

    it('rejects ids and keys that escape its folder', async () => {
      await expect((async () => store.readRecord('../../etc'))()).rejects.toThrow(/pattern/)
      await expect(store.writeCheckpoint(aRecord().jobId, '../x', 1)).rejects.toThrow(/pattern/)
    })

    it('has the same identity in every process', async () => {
      const names = await Promise.all([store.identity(), other.identity(), store.identity()])
      expect(names[0].id).toMatch(/\S{10}/)
      expect(new Set(names.map(({ id }) => id)).size).toBe(1)
    })

    it('lists every job, and those alone that were made since a time', async () => {
      const old = { ...aRecord(), jobId: ulid(Date.now() - 3_600_000).toLowerCase() }
      await store.createRecord(old)
      const { jobId } = await stored()
      const all = await Array.fromAsync(other.jobIds())
      expect(all).toEqual(expect.arrayContaining([old.jobId, jobId]))
      expect(new Set(all).size).toBe(all.length)
      const recent = await Array.fromAsync(other.jobIds({ since: new Date(Date.now() - 1_800_000) }))
      expect(recent).toContain(jobId)
      expect(recent).not.toContain(old.jobId)
    })

    it('reports the size and outcome version of each job', async () => {
      const usageOf = async (wanted: string) =>
        (await Array.fromAsync(other.usage())).find(({ jobId }) => jobId === wanted)
      const record = await stored()
      const { jobId } = record
      const before = await usageOf(jobId)
      expect(before).toMatchObject({ hasRecord: true, outcomeVersion: '' })
      expect(before?.bytes).toBe(Buffer.byteLength(JSON.stringify(record)))
      await store.writeCheckpoint(jobId, 'account', 'x'.repeat(1_000))
      await store.putOutcome(jobId, failed('no'))
      const after = await usageOf(jobId)
      expect(after?.bytes).toBeGreaterThan(before!.bytes + 1_000)
      expect(after?.outcomeVersion).not.toBe('')
      expect(await usageOf(jobId)).toEqual(after)
      expect(await store.bytesOf(jobId)).toBe(after?.bytes)
      expect(await store.bytesOf(ulid().toLowerCase())).toBe(0)
    })

    it('expires an archive and its sources, and keeps the rest', async () => {
      const { jobId } = await archived(Buffer.from('0123456789'))
      await store.writeSource(jobId, aSource)
      await store.writeCheckpoint(jobId, `design.${'a'.repeat(32)}`, 'what a model said')
      await store.writeCheckpoint(jobId, 'account', 'what it cost')
      const before = await Array.fromAsync(store.usage())
      for (const at of ['2026-02-02T00:00:00.000Z', '2026-03-02T00:00:00.000Z'])
        await other.expireArchive(jobId, new Date(at))
      expect(await store.openArchive(jobId)).toBeNull()
      expect(await store.readSource(jobId)).toBeNull()
      expect(await store.readCheckpoint(jobId, `design.${'a'.repeat(32)}`)).toBeNull()
      expect(await store.readCheckpoint(jobId, 'account')).toBe('what it cost')
      expect(await store.readOutcome(jobId)).toMatchObject({
        archive: { expiredAt: '2026-02-02T00:00:00.000Z' },
      })
      const versionIn = (usages: typeof before) =>
        usages.find((usage) => usage.jobId === jobId)?.outcomeVersion
      expect(versionIn(await Array.fromAsync(store.usage()))).not.toBe(versionIn(before))
    })

    it('expires a job and leaves a tombstone', async () => {
      const { jobId, owner, origin } = await archived(Buffer.from('0123456789'))
      await store.writeCheckpoint(jobId, 'account', 'what it cost')
      expect(await other.readTombstone(jobId)).toBeNull()
      await store.expireJob(jobId, new Date('2026-02-02T00:00:00Z'))
      await other.expireJob(jobId, new Date('2026-03-02T00:00:00Z'))
      expect(await other.readTombstone(jobId)).toEqual({
        jobId,
        owner,
        origin,
        expiredAt: '2026-02-02T00:00:00.000Z',
      })
      expect([await store.readRecord(jobId), await store.readOutcome(jobId)]).toEqual([null, null])
      expect(await store.bytesOf(jobId)).toBe(0)
      expect(await Array.fromAsync(store.jobIds())).not.toContain(jobId)
    })

    it('keeps preferences of a holder, and null where none were set', async () => {
      const holder = 'channel:slack:T1:CKEEP'
      expect(await store.readPreferences(holder)).toBeNull()
      const by = { updatedAt: '2026-01-02T03:04:05.000Z', updatedBy: 'slack:T1:U1' }
      const first = await store.changePreferences(holder, (newest) => {
        expect(newest).toBeNull()
        return { preferences: { plan: 'always', houseRules: 'Say “yes”.\nNever 🐘.' }, ...by }
      })
      expect(await other.readPreferences(holder)).toEqual(first)
      const second = await other.changePreferences(holder, (newest) => ({
        preferences: { ...newest?.preferences, plan: 'never' },
        ...by,
      }))
      expect(second.preferences).toEqual({ ...first.preferences, plan: 'never' })
      expect(await store.readPreferences(holder)).toEqual(second)
      expect(await store.readPreferences('channel:slack:T1:CKEEP2')).toBeNull()
      expect(await store.readPreferences('person:slack:T1:CKEEP')).toBeNull()
    })

    it('loses no change of preferences that comes at the same moment as others', async () => {
      const holder = 'workspace:discord:77'
      const set = (at: number) =>
        (at % 2 === 0 ? store : other).changePreferences(holder, (newest) => ({
          preferences: { houseRules: `${newest?.preferences.houseRules ?? ''}${at},` },
          updatedAt: '2026-01-02T03:04:05.000Z',
          updatedBy: null,
        }))
      const count = 8
      await Promise.all(Array.from({ length: count }, (_, at) => set(at)))
      const kept = (await store.readPreferences(holder))?.preferences.houseRules ?? ''
      const seen = kept.split(',').slice(0, -1)
      expect(seen.toSorted()).toEqual(Array.from({ length: count }, (_, at) => String(at)))
    })

    it('removes the oldest tombstones beyond the limit', async () => {
      const old = { ...aRecord(), jobId: ulid(Date.now() - 3_600_000).toLowerCase() }
      const young = { ...aRecord(), jobId: ulid(Date.now() + 3_600_000).toLowerCase() }
      for (const record of [old, young]) {
        await store.createRecord(record)
        await store.expireJob(record.jobId, new Date())
      }
      await store.prune({ tombstones: 1 })
      expect(await other.readTombstone(old.jobId)).toBeNull()
      expect(await other.readTombstone(young.jobId)).not.toBeNull()
    })

    it('can be written', async () => {
      await expect(store.check()).resolves.toBeUndefined()
    })
  })
}
