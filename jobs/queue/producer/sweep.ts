import type { JobId } from '#contract'
import { unindexJobs } from '../events/unindex-jobs.ts'
import type { JobsContext } from './jobs-context.ts'
import { keys } from '../names.ts'
import { MIN_AGE_MS, readEnded, type EndedJob } from './sweep-facts.ts'

/** Retention; null keeps forever. Days count from the end of a job, or from its latest refinement. */
export type RetentionPolicy = {
  readonly archiveDays: number | null
  readonly jobDays: number | null
  /** Total size of all jobs, in bytes. The oldest archives expire first, then the oldest jobs. */
  readonly totalBytes: number | null
}

export type SweepResult = { readonly archives: number; readonly jobs: number; readonly bytes: number }

const DAY_MS = 24 * 3_600_000
/** A tombstone is a file of 100 bytes. */
const MAX_TOMBSTONES = 100_000
const PAGE = 5_000

/**
 * Deletes expired archives and jobs, but never open jobs or the parents of open jobs. Idempotent and safe to run
 * concurrently; completes what a crash interrupted.
 */
export async function sweepJobs(
  context: JobsContext,
  keep: RetentionPolicy,
  now = new Date(),
): Promise<SweepResult> {
  const { store, log } = context
  await context.ready()
  await store.prune({ tombstones: MAX_TOMBSTONES })
  // Read before the store: every listed job was stored earlier.
  const listed = await listedJobs(context)
  const { ids, ended, busyBytes } = await readEnded(context, now)
  let archives = 0
  let jobs = 0

  const expireArchive = async (job: EndedJob) => {
    await store.expireArchive(job.jobId, now)
    archives++
    job.bytes = await store.bytesOf(job.jobId)
  }
  const expireJob = async (job: EndedJob) => {
    await store.expireJob(job.jobId, now)
    await unindexJobs(context, [job.jobId], job.indexes)
    jobs++
    job.bytes = 0
  }

  const left: EndedJob[] = []
  for (const job of ended) {
    const days = (now.getTime() - job.usedAt) / DAY_MS
    if (keep.jobDays !== null && days > keep.jobDays) await expireJob(job)
    else {
      const isOld = keep.archiveDays !== null && days > keep.archiveDays
      if (job.hasArchive && isOld) await expireArchive(job)
      // A crash may have interrupted the deletion.
      else if (job.isExpired) await store.expireArchive(job.jobId, now)
      left.push(job)
    }
  }

  let bytes = ended.reduce((sum, job) => sum + job.bytes, busyBytes)
  if (keep.totalBytes !== null && bytes > keep.totalBytes) {
    const old = left
      .filter(({ usedAt }) => now.getTime() - usedAt > MIN_AGE_MS)
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
      log.warn({ bytes, limit: keep.totalBytes }, 'recent and running jobs exceed KEEP_TOTAL_GB')
  }

  const gone: JobId[] = []
  // The listing of a network store may be slightly stale.
  for (const jobId of listed) if (!ids.has(jobId) && !(await store.has(jobId))) gone.push(jobId)
  await unindexJobs(context, gone, [])
  if (archives + jobs > 0) {
    await context.backend.flush()
    log.info({ archives, jobs, bytes }, 'expired old jobs')
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
