import type { JobId, JobOutcome, JobRecord, JobState } from '#contract'
import type { JobsContext } from './jobs-context.ts'
import { readChanges } from '../changes/change-log.ts'
import { bullKey, keys } from '../names.ts'
import { readPlaces } from '../places.ts'
import { claimStore } from '../store-claim.ts'
import { resumeDecided } from './resume-planned.ts'
import { settleRejected } from './settle-rejected.ts'
import { isWithdrawn } from '../withdrawal.ts'
import { usedBy } from '../usage.ts'
import { cleanUpRefused } from './withdraw.ts'

const BATCH = 1_000
/** Concurrent reads from the store: a bucket has high latency. */
const READ_AHEAD = 16
const FINAL = ['completed', 'failed', 'cancelled'] as const

const OPEN = ['waiting', 'active'] as const

/** Window of `recent`, in milliseconds: jobs wait for minutes, and the hourly recovery finds the rest. */
const RECENT_MS = 24 * 3_600_000

/**
 * `all`: every open job. `lost`: open jobs that are not queued. `recent`: lost jobs of the last day, which is cheap even
 * with many stored jobs.
 */
export type Recovery = 'all' | 'lost' | 'recent'

/**
 * Reconciles the queue with the store: indexes ended jobs, and requeues open jobs that are not queued, with their
 * conversations. Jobs indexed as ended need one lookup and no read of the store; so do queued ones, unless `all`.
 */
export async function recoverJobs(context: JobsContext, wanted: Recovery): Promise<{ requeued: number }> {
  await context.ready()
  const { claimed } = await claimStore(context)
  // A queue without a store is new or lost its data: do not rely on its contents.
  const which = claimed ? 'all' : wanted
  await settleRejected(context)
  await cleanUpRefused(context)
  await resumeDecided(context)
  let requeued = 0
  let batch: JobId[] = []
  const settle = async () => {
    const open = await findUnlisted(context, FINAL, batch)
    const wanting = which === 'all' ? open : await findUnqueued(context, open)
    for (let at = 0; at < wanting.length; at += READ_AHEAD) {
      const read = await readStored(context, wanting.slice(at, at + READ_AHEAD))
      for (const job of read) if (await skipCorrupt(context, job.jobId, reconcile(context, job))) requeued++
    }
    batch = []
  }
  const since = which === 'recent' ? { since: new Date(Date.now() - RECENT_MS) } : {}
  for await (const jobId of context.store.jobIds(since)) {
    batch.push(jobId)
    if (batch.length === BATCH) await settle()
  }
  await settle()
  if (requeued > 0) await context.backend.flush()
  return { requeued }
}

/** Ids in none of the state indexes, oldest first. */
async function findUnlisted(
  { client }: JobsContext,
  states: readonly JobState[],
  ids: JobId[],
): Promise<JobId[]> {
  if (ids.length === 0) return []
  const scoresByState = await Promise.all(states.map((state) => client.zmscore(keys.byState(state), ...ids)))
  return ids.filter((_, i) => scoresByState.every((scores) => scores[i] === null)).sort()
}

/** Ids that are not both queued and indexed as open; all other steps of a submission come before those two. */
async function findUnqueued(context: JobsContext, ids: JobId[]): Promise<JobId[]> {
  if (ids.length === 0) return []
  const unlisted = new Set(await findUnlisted(context, OPEN, ids))
  const pipeline = context.client.pipeline()
  for (const jobId of ids) pipeline.exists(bullKey('generate', jobId))
  const replies = (await pipeline.exec()) ?? []
  return ids.filter((jobId, i) => unlisted.has(jobId) || replies[i]?.[1] !== 1)
}

type Stored = {
  readonly jobId: JobId
  readonly outcome: JobOutcome | null
  readonly record: JobRecord | null
}

/** In order, without unreadable jobs. */
async function readStored(context: JobsContext, ids: readonly JobId[]): Promise<Stored[]> {
  const { store } = context
  const read = ids.map(async (jobId) => {
    const [outcome, record] = await Promise.all([store.readOutcome(jobId), store.readRecord(jobId)])
    return { jobId, outcome, record }
  })
  const known = await Promise.all(read.map((job, i) => skipCorrupt(context, ids[i]!, job)))
  return known.filter((job) => job !== null)
}

/** Null for a job with a damaged file, so that the others still run. */
async function skipCorrupt<T>({ log }: JobsContext, jobId: JobId, work: Promise<T>): Promise<T | null> {
  try {
    return await work
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'store_corrupt') throw error
    log.error({ err: error, jobId }, 'job cannot be read, skipping it')
    return null
  }
}

/** True when the job was requeued. */
async function reconcile(context: JobsContext, { jobId, outcome, record }: Stored): Promise<boolean> {
  const { eventLog, client } = context
  const isRejected = isWithdrawn(outcome)
  // A bucket has no folder that must exist before the outcome: this may be all that is left of a rejected request.
  if (isRejected && record === null) return false
  if (record !== null && !isRejected) await context.conversations.begin(record, 'recovered')
  if (record !== null) {
    await context.addToOwnerIndexes(record, await readPlaces(context.store, jobId))
    if ((await readChanges(context.store, jobId)).changes.length > 0) await client.sadd(keys.awaited, jobId)
  }
  if (outcome !== null) {
    // A queue that lost its data counts again what this month has cost.
    const used = record === null ? null : await usedBy(context.store, jobId, outcome)
    if (record !== null && used !== null)
      await context.usage.record(record, used, new Date(outcome.finishedAt))
    await eventLog.close(jobId, outcome)
    return false
  }
  if (record === null) return false
  const queued = (await client.exists(bullKey('generate', jobId))) === 1
  // Even for a queued job: it may be missing from the indexes.
  await context.enqueue(record)
  return !queued
}
