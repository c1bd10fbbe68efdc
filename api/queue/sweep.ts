import type { JobId, JobOutcome, JobRecord } from '#contract'
import { decodeTime } from 'ulid'
import { forgetJobs, groupsOf } from './forget.ts'
import type { JobsContext } from './jobs-context.ts'
import { keys } from './names.ts'

/** How long things are kept; null is for good. Days count from the end of a job, or from its newest refinement. */
export type Keep = {
  readonly archiveDays: number | null
  readonly jobDays: number | null
  /** All jobs together, in bytes. The oldest archives go first, then the oldest jobs. */
  readonly totalBytes: number | null
}

export type Swept = { readonly archives: number; readonly jobs: number; readonly bytes: number }

const DAY_MS = 24 * 3_600_000
/** Whoever asked has this long to fetch an archive, however little room there is. */
const FRESH_MS = 3_600_000
/** A tombstone is a file of 100 bytes. */
const MAX_TOMBSTONES = 100_000
const PAGE = 5_000

/** `version` is the outcome's, as the store tells it. */
export type SweepFacts = {
  readonly version: string
  readonly parent: JobId | null
  readonly ended: Omit<Ended, 'bytes'> | null
}

type Ended = {
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

/**
 * Lets go of what was kept for long enough. Never of a job that has not ended, nor of one that another is being made
 * from. May be repeated, also by several processes at once; what a crash left half done is finished.
 */
export async function sweepJobs(context: JobsContext, keep: Keep, now = new Date()): Promise<Swept> {
  const { store, log } = context
  await context.ready()
  await store.tidy({ tombstones: MAX_TOMBSTONES })
  // Before the store is read: whoever is listed was stored before.
  const listed = await listedJobs(context)
  const { ids, ended, busyBytes } = await readEnded(context, now)
  let archives = 0
  let jobs = 0

  const expireArchive = async (job: Ended) => {
    await store.expireArchive(job.jobId, now)
    archives++
    job.bytes = await store.bytesOf(job.jobId)
  }
  const expireJob = async (job: Ended) => {
    await store.expireJob(job.jobId, now)
    await forgetJobs(context, [job.jobId], job.groups)
    jobs++
    job.bytes = 0
  }

  const left: Ended[] = []
  for (const job of ended) {
    const days = (now.getTime() - job.usedAt) / DAY_MS
    if (keep.jobDays !== null && days > keep.jobDays) await expireJob(job)
    else {
      const isOld = keep.archiveDays !== null && days > keep.archiveDays
      if (job.hasArchive && isOld) await expireArchive(job)
      // Perhaps a crash came between the word and the deed.
      else if (job.isExpired) await store.expireArchive(job.jobId, now)
      left.push(job)
    }
  }

  let bytes = ended.reduce((sum, job) => sum + job.bytes, busyBytes)
  if (keep.totalBytes !== null && bytes > keep.totalBytes) {
    const old = left
      .filter(({ usedAt }) => now.getTime() - usedAt > FRESH_MS)
      .sort((a, b) => a.usedAt - b.usedAt)
    for (const expire of [expireArchive, expireJob]) {
      for (const job of old) {
        if (bytes <= keep.totalBytes) break
        if (expire === expireArchive && !job.hasArchive) continue
        const before = job.bytes
        await expire(job)
        bytes += job.bytes - before
      }
    }
    if (bytes > keep.totalBytes)
      log.warn(
        { bytes, limit: keep.totalBytes },
        'jobs that are fresh or run take more room than all may have',
      )
  }

  const gone: JobId[] = []
  // A listing of a store in a network may be a moment old.
  for (const jobId of listed) if (!ids.has(jobId) && !(await store.has(jobId))) gone.push(jobId)
  await forgetJobs(context, gone, [])
  if (archives + jobs > 0) {
    await context.backend.flush()
    log.info({ archives, jobs, bytes }, 'let go of what was kept for long enough')
  }
  return { archives, jobs, bytes }
}

async function listedJobs({ client }: JobsContext): Promise<JobId[]> {
  const ids: JobId[] = []
  for (let after = '-'; ;) {
    const page = await client.zrangebylex(keys.all, after, '+', 'LIMIT', 0, PAGE)
    ids.push(...page)
    if (page.length < PAGE) return ids
    after = `(${page.at(-1)}`
  }
}

/** Jobs that may go, oldest first; those that run only count. */
async function readEnded({ store, log, sweepMemory }: JobsContext, now: Date) {
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
  { store, sweepMemory }: Pick<JobsContext, 'store' | 'sweepMemory'>,
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
