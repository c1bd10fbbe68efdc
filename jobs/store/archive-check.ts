import { createHash } from 'node:crypto'
import type { ArchiveInfo, JobId } from '#contract'
import type { JobStore } from './job-store.ts'

/** One entry takes about 100 bytes. */
const MAX_KEPT = 10_000

export type ArchiveStatus = 'intact' | 'damaged' | 'gone'

/**
 * Verifies a stored archive against its outcome before it is sent: the length on each call, and the hash once per stored
 * version. Results are cached per process.
 */
export function makeArchiveCheck(
  store: Pick<JobStore, 'statArchive' | 'openArchive'>,
): (jobId: JobId, info: ArchiveInfo) => Promise<ArchiveStatus> {
  const checked = new Map<string, Promise<ArchiveStatus>>()

  return async (jobId, { bytes, sha256 }) => {
    const stat = await store.statArchive(jobId)
    if (stat === null) return 'gone'
    if (stat.bytes !== bytes) return 'damaged'
    const key = `${jobId} ${stat.version} ${sha256}`
    const known = checked.get(key)
    if (known !== undefined) return known
    const check = hashOf(store, jobId).then((hash) =>
      hash === null ? 'gone' : hash === sha256 ? 'intact' : 'damaged',
    )
    checked.set(key, check)
    // A store error says nothing about the archive.
    check.catch(() => checked.delete(key))
    if (checked.size > MAX_KEPT) checked.delete(checked.keys().next().value ?? '')
    return check
  }
}

async function hashOf(store: Pick<JobStore, 'openArchive'>, jobId: JobId): Promise<string | null> {
  const stream = await store.openArchive(jobId)
  if (stream === null) return null
  const hash = createHash('sha256')
  for await (const chunk of stream) hash.update(chunk)
  return hash.digest('hex')
}

/** Fails unless the stream has exactly this many bytes: a short body would leave the client waiting. */
export function limitToBytes(bytes: number): TransformStream<Uint8Array, Uint8Array> {
  let left = bytes
  return new TransformStream({
    transform(chunk, controller) {
      left -= chunk.byteLength
      if (left < 0) throw new Error('the archive is longer than expected')
      controller.enqueue(chunk)
    },
    flush() {
      if (left > 0) throw new Error('the archive is shorter than expected')
    },
  })
}
