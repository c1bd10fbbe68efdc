import type { Logger } from 'pino'
import { decodeTime } from 'ulid'
import type { JobId, JobOutcome, JobRecord } from '#contract'
import type { JobStore } from '#store/job-store'
import { groupsOf } from '../events/unindex-jobs.ts'

/** Whoever asked has this long to fetch an archive, however little room there is. */
export const FRESH_MS = 3_600_000

/** `version` is the outcome's, as the store tells it. */
export type SweepFacts = {
  readonly version: string
  readonly parent: JobId | null
  readonly ended: Omit<Ended, 'bytes'> | null
}

export type Ended = {
  readonly jobId: JobId
  /** The lists of what belongs to somebody that it is in. */
  readonly groups: readonly string[]
  /** When somebody last had an interest in it, in milliseconds since 1970. */
  readonly usedAt: number
  /** Its archive is there. */
  readonly hasArchive: boolean
  /** Its archive was let go of, by what its outcome says. */
  readonly isExpired: boolean
  bytes: number
}

type Deps = {
  readonly store: JobStore
  readonly log: Logger
  /** What the sweep before has read of the jobs in the store. */
  readonly sweepMemory: Map<JobId, SweepFacts>
}

/** Jobs that may go, oldest first; those that run only count. */
export async function readEnded({ store, log, sweepMemory }: Deps, now: Date) {
  const ids = new Set<JobId>()
  const ended = new Map<JobId, Ended>()
  const open: { parent: JobId | null; bytes: number }[] = []
  const refined = new Map<JobId, number>()
  const usages = (await Array.fromAsync(store.usage())).sort((a, b) => (a.jobId < b.jobId ? -1 : 1))
  for (const { jobId, bytes, hasRecord, outcomeVersion } of usages) {
    if (!hasRecord) {
      // What a crash or a full disk left of it.
      if (now.getTime() - timeOf(jobId) > FRESH_MS) await store.expireJob(jobId, now)
      continue
    }
    ids.add(jobId)
    try {
      const facts = await readFacts({ store, sweepMemory }, jobId, outcomeVersion)
      if (facts === null) continue
      if (facts.parent !== null) refined.set(facts.parent, timeOf(jobId))
      if (facts.ended === null) open.push({ parent: facts.parent, bytes })
      else ended.set(jobId, { ...facts.ended, bytes })
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'store_corrupt') throw error
      log.error({ err: error, jobId }, 'a job cannot be read and is left as it is')
    }
  }
  for (const jobId of sweepMemory.keys()) if (!ids.has(jobId)) sweepMemory.delete(jobId)
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

/** What a sweep has to know of a job; of one that has ended it is read again only when its outcome was written. */
async function readFacts(
  { store, sweepMemory }: Pick<Deps, 'store' | 'sweepMemory'>,
  jobId: JobId,
  version: string,
): Promise<SweepFacts | null> {
  const known = sweepMemory.get(jobId)
  if (known !== undefined && known.version === version && version !== '') return known
  const [record, outcome] = await Promise.all([store.readRecord(jobId), store.readOutcome(jobId)])
  if (record === null) return null
  const facts = { version, parent: record.parent, ended: outcome && whatEnded(record, outcome) }
  sweepMemory.set(jobId, facts)
  return facts
}

const timeOf = (jobId: JobId) => decodeTime(jobId.toUpperCase())

const whatEnded = (record: JobRecord, outcome: JobOutcome) => ({
  jobId: record.jobId,
  groups: groupsOf(record),
  usedAt: Date.parse(outcome.finishedAt),
  hasArchive: outcome.state === 'completed' && outcome.archive.expiredAt === undefined,
  isExpired: outcome.state === 'completed' && outcome.archive.expiredAt !== undefined,
})
