import type { Logger } from 'pino'
import { decodeTime } from 'ulid'
import type { JobId, JobOutcome, JobRecord } from '#contract'
import type { JobStore } from '#store/job-store'
import { ownerIndexesOf } from '../events/unindex-jobs.ts'
import { readPlaces } from '../places.ts'

/** Minimum retention of a job, even when space is low. */
export const MIN_AGE_MS = 3_600_000

/** `version` is the version of the outcome in the store. */
export type SweepFacts = {
  readonly version: string
  readonly parent: JobId | null
  readonly ended: Omit<EndedJob, 'bytes'> | null
}

export type EndedJob = {
  readonly jobId: JobId
  /** The owner indexes that contain it. */
  readonly indexes: readonly string[]
  /** Time of last use, in milliseconds since 1970. */
  readonly usedAt: number
  /** The archive is stored. */
  readonly hasArchive: boolean
  /** The outcome marks the archive as expired. */
  readonly isExpired: boolean
  bytes: number
}

type Deps = {
  readonly store: JobStore
  readonly log: Logger
  /** Facts from the previous sweep. */
  readonly sweepCache: Map<JobId, SweepFacts>
}

/** Ended jobs that may expire, oldest first; open jobs only count toward the total. */
export async function readEnded({ store, log, sweepCache }: Deps, now: Date) {
  const ids = new Set<JobId>()
  const ended = new Map<JobId, EndedJob>()
  const open: { parent: JobId | null; bytes: number }[] = []
  const refined = new Map<JobId, number>()
  const usages = (await Array.fromAsync(store.usage())).sort((a, b) => (a.jobId < b.jobId ? -1 : 1))
  for (const { jobId, bytes, hasRecord, outcomeVersion } of usages) {
    if (!hasRecord) {
      // Left over from a crash or a full disk.
      if (now.getTime() - timeOf(jobId) > MIN_AGE_MS) await store.expireJob(jobId, now)
      continue
    }
    ids.add(jobId)
    try {
      const facts = await readFacts({ store, sweepCache }, jobId, outcomeVersion)
      if (facts === null) continue
      if (facts.parent !== null) refined.set(facts.parent, timeOf(jobId))
      if (facts.ended === null) open.push({ parent: facts.parent, bytes })
      else ended.set(jobId, { ...facts.ended, bytes })
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'store_corrupt') throw error
      log.error({ err: error, jobId }, 'job cannot be read, skipping it')
    }
  }
  for (const jobId of sweepCache.keys()) if (!ids.has(jobId)) sweepCache.delete(jobId)
  const needed = new Set(open.map(({ parent }) => parent))
  const all = [...ended.values()].map((job) => ({
    ...job,
    usedAt: Math.max(job.usedAt, refined.get(job.jobId) ?? 0),
  }))
  return {
    ids,
    ended: all.filter(({ jobId }) => !needed.has(jobId)),
    busyBytes: [...open, ...all.filter(({ jobId }) => needed.has(jobId))].reduce(
      (sum, { bytes }) => sum + bytes,
      0,
    ),
  }
}

/** Facts about a job; cached for ended jobs until the outcome is rewritten. */
async function readFacts(
  { store, sweepCache }: Pick<Deps, 'store' | 'sweepCache'>,
  jobId: JobId,
  version: string,
): Promise<SweepFacts | null> {
  const known = sweepCache.get(jobId)
  if (known !== undefined && known.version === version && version !== '') return known
  const [record, outcome] = await Promise.all([store.readRecord(jobId), store.readOutcome(jobId)])
  if (record === null) return null
  const places = outcome === null ? [] : await readPlaces(store, jobId)
  const facts = { version, parent: record.parent, ended: outcome && endedFacts(record, outcome, places) }
  sweepCache.set(jobId, facts)
  return facts
}

const timeOf = (jobId: JobId) => decodeTime(jobId.toUpperCase())

const endedFacts = (record: JobRecord, outcome: JobOutcome, places: readonly string[]) => ({
  jobId: record.jobId,
  indexes: ownerIndexesOf(record, places),
  usedAt: Date.parse(outcome.finishedAt),
  hasArchive: outcome.state === 'completed' && outcome.archive.expiredAt === undefined,
  isExpired: outcome.state === 'completed' && outcome.archive.expiredAt !== undefined,
})
