import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { limitToBytes, makeArchiveCheck } from './archive-check.ts'

const jobId = 'job-1' as never
const zip = Buffer.from('a zip of twenty bytes')
const info = {
  filename: 'a.zip',
  bytes: zip.length,
  sha256: createHash('sha256').update(zip).digest('hex'),
} as never

/** A store whose bytes can change behind its back; counts how often they are read. */
function storeOf(bytes: Buffer) {
  const disk = { bytes, version: 1, reads: 0 }
  const check = makeArchiveCheck({
    statArchive: async () => ({ bytes: disk.bytes.length, version: String(disk.version) }),
    openArchive: async () => {
      disk.reads += 1
      return new Blob([new Uint8Array(disk.bytes)]).stream()
    },
  })
  const replace = (other: Buffer) => Object.assign(disk, { bytes: other, version: disk.version + 1 })
  return { check: () => check(jobId, info), replace, disk }
}

describe('an archive that is about to be sent', () => {
  it('is read once for each version of its bytes', async () => {
    const { check, disk } = storeOf(zip)
    expect([await check(), await check()]).toEqual(['intact', 'intact'])
    expect(disk.reads).toBe(1)
  })

  it('is damaged where it is short, without being read', async () => {
    const { check, disk } = storeOf(zip.subarray(0, -1))
    expect(await check()).toBe('damaged')
    expect(disk.reads).toBe(0)
  })

  it('is damaged where one byte is another, also after it was intact', async () => {
    const { check, replace } = storeOf(zip)
    expect(await check()).toBe('intact')
    const flipped = Buffer.from(zip)
    flipped[7]! ^= 1
    replace(flipped)
    expect(await check()).toBe('damaged')
  })
})

describe('the body of an answer with a length', () => {
  const sent = async (bytes: Buffer, length: number) => {
    const chunks: Uint8Array[] = []
    let problem: string | null = null
    try {
      const stream = new Blob([new Uint8Array(bytes)]).stream().pipeThrough(limitToBytes(length))
      for await (const chunk of stream) chunks.push(chunk)
    } catch (error) {
      problem = (error as Error).message
    }
    return { bytes: Buffer.concat(chunks).length, problem }
  }

  it('ends with an error where the archive has become shorter or longer', async () => {
    expect(await sent(zip, zip.length)).toEqual({ bytes: zip.length, problem: null })
    expect(await sent(zip, zip.length + 1)).toMatchObject({ problem: 'the archive is shorter than expected' })
    expect(await sent(zip, zip.length - 1)).toEqual({
      bytes: 0,
      problem: 'the archive is longer than expected',
    })
  })
})
