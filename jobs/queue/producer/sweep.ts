import type { JobId } from '#contract'
import { unindexJobs } from '../events/unindex-jobs.ts'
import type { JobsContext } from './jobs-context.ts'
import { keys } from '../names.ts'
import { FRESH_MS, readEnded, type Ended } from './sweep-facts.ts'

/** How long things are kept; null is for good. Days count from the end of a job, or from its newest refinement. */
export type Keep = {
  readonly archiveDays: number | null
  readonly jobDays: number | null
  /** All jobs together, in bytes. The oldest archives go first, then the oldest jobs. */
  readonly totalBytes: number | null
}

export type Swept = { readonly archives: number; readonly jobs: number; readonly bytes: number }

const DAY_MS = 24 * 3_600_000
/** A tombstone is a file of 100 bytes. */
const MAX_TOMBSTONES = 100_000
const PAGE = 5_000

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
    await unindexJobs(context, [job.jobId], job.groups)
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
  await unindexJobs(context, gone, [])
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
