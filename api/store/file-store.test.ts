import { createHash } from 'node:crypto'
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { notStarted, type JobOutcome, type JobRecord, type JobSource } from '#contract'
import { ulid } from 'ulid'
import { prepareFolder } from './disk.ts'
import { makeFileStore } from './file-store.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'store-'))
})
afterEach(() => rm(dir, { recursive: true }))

const aRecord = (): JobRecord => ({
  jobId: ulid().toLowerCase(),
  prompt: 'a todo app',
  options: {},
  spec: null,
  origin: { kind: 'rest' },
  owner: null,
  callbackUrl: null,
  parent: null,
  version: 1,
  createdAt: '2026-01-02T03:04:05.000Z',
})

const aSource: JobSource = {
  blueprint: {
    version: 1,
    name: 'todo-api',
    title: 'Todo API',
    description: 'Keeps todos.',
    auth: { kind: 'none' },
    entities: [
      {
        name: 'Todo',
        plural: 'Todos',
        label: 'Todo',
        labelPlural: 'Todos',
        path: '/todos',
        fields: [],
        belongsTo: [],
        operations: ['list'],
        access: { read: 'public', write: 'public' },
      },
    ],
    manyToMany: [],
    operations: [],
    config: [],
    seeds: [],
    schedules: [],
    services: [],
  },
  handlers: { completeTodo: 'export const completeTodo = () => {}' },
  migrations: [{ path: 'migrations/0001_initial.sql', content: 'CREATE TABLE todos (id TEXT);' }],
  files: {},
  history: [],
}

const failed = (message: string): JobOutcome => ({
  state: 'failed',
  finishedAt: '2026-01-02T03:04:06.000Z',
  startedAt: null,
  percent: 10,
  stage: 'design',
  steps: notStarted.steps,
  failure: { code: 'nothing_readable', message },
  report: null,
})

describe('the job store in a folder', () => {
  it('gives a record back, and null for a job it does not know', async () => {
    const store = makeFileStore({ dir })
    const record = aRecord()
    await store.createRecord(record)
    expect(await store.readRecord(record.jobId)).toEqual(record)
    expect(await store.readRecord(ulid().toLowerCase())).toBeNull()
  })

  it('keeps the first record when a job is stored twice', async () => {
    const store = makeFileStore({ dir })
    const record = aRecord()
    await store.createRecord(record)
    await store.createRecord({ ...record, prompt: 'another' })
    expect(await store.readRecord(record.jobId)).toEqual(record)
  })

  it('lets exactly one of many concurrent outcomes win, and tells the others which', async () => {
    const store = makeFileStore({ dir })
    const { jobId, ...rest } = aRecord()
    await store.createRecord({ jobId, ...rest })
    const attempts = await Promise.all(
      Array.from({ length: 20 }, (_, i) => store.putOutcome(jobId, failed(`${i}`))),
    )
    expect(attempts.filter((attempt) => attempt.won)).toHaveLength(1)
    const held = await store.readOutcome(jobId)
    for (const attempt of attempts) expect(attempt.outcome).toEqual(held)
  })

  it('gives the bytes of an archive back, whole and in ranges', async () => {
    const store = makeFileStore({ dir })
    const record = aRecord()
    await store.createRecord(record)
    const bytes = Buffer.from('0123456789')
    const info = await store.writeArchive(record.jobId, 'todo-api.zip', bytes)
    expect(info).toEqual({
      filename: 'todo-api.zip',
      bytes: 10,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    })
    const read = async (range?: { start: number; end: number }) => {
      const stream = await store.openArchive(record.jobId, range)
      return stream && (await buffer(stream)).toString()
    }
    expect(await read()).toBe('0123456789')
    expect(await read({ start: 2, end: 4 })).toBe('234')
    expect(await store.openArchive(ulid().toLowerCase())).toBeNull()
  })

  it('keeps a checkpoint under its key, replaced as a whole', async () => {
    const store = makeFileStore({ dir })
    const record = aRecord()
    await store.createRecord(record)
    expect(await store.readCheckpoint(record.jobId, 'design.abc')).toBeNull()
    await store.writeCheckpoint(record.jobId, 'design.abc', { a: 1 })
    await store.writeCheckpoint(record.jobId, 'design.abc', { a: 2 })
    expect(await store.readCheckpoint(record.jobId, 'design.abc')).toEqual({ a: 2 })
  })

  it('keeps what the next version is made from', async () => {
    const store = makeFileStore({ dir })
    const { jobId, ...rest } = aRecord()
    await store.createRecord({ jobId, ...rest })
    expect(await store.readSource(jobId)).toBeNull()
    await store.writeSource(jobId, { ...aSource, handlers: { completeTodo: 'earlier' } })
    await store.writeSource(jobId, aSource)
    expect(await store.readSource(jobId)).toEqual(aSource)
  })

  it('refuses ids and keys that would leave its folder', async () => {
    const store = makeFileStore({ dir })
    expect(() => store.readRecord('../../etc')).toThrow(/pattern/)
    await expect(store.writeCheckpoint(aRecord().jobId, '../x', 1)).rejects.toThrow(/pattern/)
  })

  it('names the file that cannot be read back', async () => {
    const store = makeFileStore({ dir })
    const record = aRecord()
    await store.createRecord(record)
    await writeFile(join(dir, record.jobId, 'record.json'), '{"jobId"')
    await expect(store.readRecord(record.jobId)).rejects.toThrow(/record\.json cannot be read back/)
  })

  it('lists every job and leaves no temporary file behind', async () => {
    const store = makeFileStore({ dir })
    const records = [aRecord(), aRecord(), aRecord()]
    for (const record of records) await store.createRecord(record)
    await store.check()
    expect((await Array.fromAsync(store.jobIds())).sort()).toEqual(records.map((r) => r.jobId).sort())
    expect((await readdir(dir, { recursive: true })).filter((name) => /tmp|check/.test(name))).toEqual([])
  })

  it('says so when its folder cannot be written', async () => {
    const file = join(dir, 'a-file')
    await writeFile(file, '')
    await expect(makeFileStore({ dir: join(file, 'jobs') }).check()).rejects.toThrow(
      'Its folder cannot be made: a part of its path is a file (ENOTDIR).',
    )
  })

  it('says so before its disk is full', async () => {
    const store = makeFileStore({ dir, freeBytes: async () => 3_000_000 })
    await expect(store.check()).rejects.toThrow('Its disk is full: 3 MB are free.')
    expect(await readdir(dir)).toEqual([])
  })

  it('says at a start which folder cannot be used, and what to set', async () => {
    const file = join(dir, 'a-file')
    await writeFile(file, '')
    await expect(prepareFolder(join(file, 'jobs'), 'DATA_DIR')).rejects.toMatchObject({
      code: 'store_setup',
      message: expect.stringMatching(/a-file\/jobs cannot be made.*or set DATA_DIR to a folder that is\.$/),
    })
  })

  it('removes temporary files that a crash left, and keeps those that are being written', async () => {
    const store = makeFileStore({ dir })
    const record = aRecord()
    await store.createRecord(record)
    const old = join(dir, record.jobId, 'outcome.json.01K.tmp')
    const fresh = join(dir, record.jobId, 'archive.zip.01K.tmp')
    await writeFile(old, '{"sta')
    await writeFile(fresh, 'PK')
    const before = new Date(Date.now() - 7_200_000)
    await utimes(old, before, before)
    await store.tidy({ tombstones: 1 })
    expect((await readdir(join(dir, record.jobId))).sort()).toEqual(['archive.zip.01K.tmp', 'record.json'])
  })

  it('tells archives that were written again from those that were not', async () => {
    const store = makeFileStore({ dir })
    const { jobId } = aRecord()
    await store.createRecord({ ...aRecord(), jobId })
    expect(await store.statArchive(jobId)).toBeNull()
    await store.writeArchive(jobId, 'a.zip', Buffer.from('one'))
    const first = await store.statArchive(jobId)
    expect(first).toMatchObject({ bytes: 3 })
    expect(await store.statArchive(jobId)).toEqual(first)
    await store.writeArchive(jobId, 'a.zip', Buffer.from('two'))
    expect(await store.statArchive(jobId)).not.toEqual(first)
  })
})
