import { JobId, JobOutcome, JobRecord, Tombstone } from '#contract'
import { decodeTime } from 'ulid'
import type { z } from 'zod'
import type { JobRetention, JobUsage } from '../job-store.ts'
import type { Objects } from './objects.ts'

/*
 * The outcome is marked as expired before the archive is deleted, and the tombstone is written before the job is deleted.
 * The record is deleted first, so that no reader finds half a job; the sweep removes leftovers without a record.
 */

const TOMBSTONES = 'expired/'
/** How long after its id was made a job's record may arrive, in milliseconds: a write that was given up can be carried out. */
const LATE_MS = 3_600_000

/** Retention for the S3 store. */
export function makeS3Retention(deps: {
  readonly objects: Objects
  readonly read: <T>(key: string, schema: z.ZodType<T>) => Promise<T | null>
  readonly at: (jobId: JobId, name: string) => string
}): JobRetention {
  const { objects, read, at } = deps
  const tombstone = (jobId: JobId) => `${TOMBSTONES}${JobId.parse(jobId)}.json`
  const removeAll = (keys: readonly string[]) => Promise.all(keys.map((key) => objects.remove(key)))
  const keysOf = async (jobId: JobId) =>
    (await Array.fromAsync(objects.list(at(jobId, '')))).map(({ key }) => key)

  return {
    async expireArchive(jobId, time) {
      const key = at(jobId, 'outcome.json')
      const outcome = await read(key, JobOutcome)
      if (outcome?.state !== 'completed') return
      if (outcome.archive.expiredAt === undefined) {
        const archive = { ...outcome.archive, expiredAt: time.toISOString() }
        await objects.put(key, JSON.stringify({ ...outcome, archive } satisfies JobOutcome))
      }
      // Stage results are named by a hash; other checkpoints are small and record the job's fate.
      const stale = (await keysOf(jobId)).filter((each) =>
        /\/(archive\.zip|source\.json|checkpoints\/.*\.[0-9a-f]{16,}\.json)$/.test(each),
      )
      await removeAll(stale)
    },

    async expireJob(jobId, time) {
      const record = await read(at(jobId, 'record.json'), JobRecord)
      if (record !== null) {
        const { owner, origin } = record
        const stone: Tombstone = { jobId, owner, origin, expiredAt: time.toISOString() }
        await objects.put(tombstone(jobId), JSON.stringify(stone))
        await objects.remove(at(jobId, 'record.json'))
      }
      const keys = await keysOf(jobId)
      // A record that arrives after its job was refused finds how it ended, and does not run.
      const isAwaited = record === null && time.getTime() - decodeTime(jobId.toUpperCase()) < LATE_MS
      await removeAll(isAwaited ? keys.filter((key) => key !== at(jobId, 'outcome.json')) : keys)
    },

    async readTombstone(jobId) {
      const stone = await read(tombstone(jobId), Tombstone)
      if (stone === null) return null
      return (await objects.head(at(jobId, 'record.json'))) === null ? stone : null
    },

    async *usage() {
      let job: JobUsage | null = null
      for await (const { key, bytes, etag } of objects.list('jobs/')) {
        const [, id, name] = key.split('/')
        const jobId = JobId.safeParse(id)
        if (!jobId.success) continue
        if (job !== null && job.jobId !== jobId.data) yield job
        const before: JobUsage =
          job?.jobId === jobId.data
            ? job
            : { jobId: jobId.data, bytes: 0, hasRecord: false, outcomeVersion: '' }
        job = {
          ...before,
          bytes: before.bytes + bytes,
          ...(name === 'record.json' && { hasRecord: true }),
          ...(name === 'outcome.json' && { outcomeVersion: etag }),
        }
      }
      if (job !== null) yield job
    },

    async bytesOf(jobId) {
      let sum = 0
      for await (const { bytes } of objects.list(at(jobId, ''))) sum += bytes
      return sum
    },

    async prune({ tombstones }) {
      const stones = (await Array.fromAsync(objects.list(TOMBSTONES))).map(({ key }) => key)
      // Ids sort by time: the first are the oldest.
      await removeAll(stones.sort().slice(0, Math.max(0, stones.length - tombstones)))
    },
  }
}
