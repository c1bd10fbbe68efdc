import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeFileStore } from '#store/file-store'
import { ulid } from 'ulid'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { makeCheckpoints } from './checkpoint.ts'

let dir: string
let count: number
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'checkpoint-'))
  count = 0
})
afterEach(() => rm(dir, { recursive: true }))

const work = async () => ({ n: ++count })
const N = z.object({ n: z.number() })

describe('checkpoints', () => {
  it('does the work once for equal inputs, also for a later attempt', async () => {
    const store = makeFileStore({ dir })
    const jobId = ulid().toLowerCase()
    expect(await makeCheckpoints({ store, jobId })('design', { a: 1 }, N, work)).toEqual({ n: 1 })
    expect(await makeCheckpoints({ store, jobId })('design', { a: 1 }, N, work)).toEqual({ n: 1 })
  })

  it('does it again for other inputs, another stage or another job', async () => {
    const store = makeFileStore({ dir })
    const once = makeCheckpoints({ store, jobId: ulid().toLowerCase() })
    await once('design', { a: 1 }, N, work)
    expect(await once('design', { a: 2 }, N, work)).toEqual({ n: 2 })
    expect(await once('verify', { a: 1 }, N, work)).toEqual({ n: 3 })
    expect(
      await makeCheckpoints({ store, jobId: ulid().toLowerCase() })('design', { a: 1 }, N, work),
    ).toEqual({ n: 4 })
  })

  it('does it again when what was kept no longer fits, and keeps nothing of work that failed', async () => {
    const store = makeFileStore({ dir })
    const once = makeCheckpoints({ store, jobId: ulid().toLowerCase() })
    await expect(once('design', 1, N, () => Promise.reject(new Error('down')))).rejects.toThrow('down')
    await once('design', 1, z.object({ old: z.string() }), async () => ({ old: 'shape' }))
    expect(await once('design', 1, N, work)).toEqual({ n: 1 })
  })
})
