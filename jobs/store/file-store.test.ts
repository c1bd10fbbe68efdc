import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { prepareFolder } from './disk.ts'
import { makeFileStore } from './file-store.ts'
import { aRecord, describeJobStore } from './testing/store-contract.ts'

describeJobStore('a folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'store-'))
  return {
    store: makeFileStore({ dir: folder }),
    other: makeFileStore({ dir: folder }),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  }
})

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'store-'))
})
afterEach(() => rm(dir, { recursive: true }))

describe('files of the job store', () => {
  it('names the file that cannot be read back', async () => {
    const store = makeFileStore({ dir })
    const record = aRecord()
    await store.createRecord(record)
    await writeFile(join(dir, record.jobId, 'record.json'), '{"jobId"')
    await expect(store.readRecord(record.jobId)).rejects.toThrow(/record\.json cannot be read/)
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
      'Its folder cannot be created: part of its path is a file (ENOTDIR).',
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
      message: expect.stringMatching(
        /a-file\/jobs cannot be created.*or set DATA_DIR to a folder that is\.$/,
      ),
    })
  })

  it('says so of a disk that is mounted read-only', { skip: !existsSync('/sys/kernel') }, async () => {
    const path = '/sys/kernel/jobs'
    await expect(prepareFolder(path, 'DATA_DIR')).rejects.toMatchObject({
      code: 'store_setup',
      message: expect.stringMatching(/^The folder \/sys\/kernel\/jobs .*\(E[A-Z]+\): make it writable/),
    })
  })

  // Node's own `mkdir` with `recursive` never returns there.
  it('says so where the system makes no folders', { skip: !existsSync('/proc/self') }, async () => {
    await expect(prepareFolder('/proc/nope/jobs', 'DATA_DIR')).rejects.toMatchObject({
      code: 'store_setup',
      message: expect.stringMatching(/^The folder \/proc\/nope\/jobs cannot be created: .*\(ENOENT\)/),
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
    await store.prune({ tombstones: 1 })
    expect((await readdir(join(dir, record.jobId))).sort()).toEqual(['archive.zip.01K.tmp', 'record.json'])
  })
})
