import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmdirSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { recordOf } from '#contract/testing/samples'
import { prepareFolder } from './disk.ts'
import { makeFileStore } from './file-store.ts'

/** A disk of 900 kB, less than counts as free, and far more than one small record takes. Only root may mount one, and not in every container. */
const disk = mkdtempSync(join(tmpdir(), 'full-disk-'))
const mounted = mount()
afterAll(() => {
  if (mounted) execFileSync('umount', [disk])
  rmdirSync(disk)
})

function mount(): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=900k', 'tmpfs', disk], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

describe('a full disk (skipped where no disk can be mounted)', { skip: !mounted }, () => {
  it('is reported, rejects jobs, and leaves no partial files', async () => {
    const store = makeFileStore({ dir: join(disk, 'jobs') })
    // The sweep makes room, so a start is not refused.
    await prepareFolder(join(disk, 'jobs'), 'DATA_DIR')
    await expect(store.check()).rejects.toThrow(/Its disk is full: 0 MB are free/)
    const record = recordOf({ prompt: 'x'.repeat(2_000_000) })
    await expect(store.createRecord(record)).rejects.toMatchObject({ code: 'ENOSPC' })
    expect(await readdir(disk, { recursive: true })).toEqual(['jobs'])

    // Some kernels count the pages of a removed file a moment later.
    await vi.waitFor(() => store.createRecord({ ...record, prompt: 'small' }), { timeout: 60_000 })
    await expect(store.writeArchive(record.jobId, 'a.zip', Buffer.alloc(2_000_000))).rejects.toMatchObject({
      code: 'ENOSPC',
    })
    expect(await readdir(join(disk, 'jobs', record.jobId))).toEqual(['record.json'])
  })
})
