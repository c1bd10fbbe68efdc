import type { JobId, JobOutcome, JobRecord, JobState } from '#contract'
import type { JobsContext } from './jobs-context.ts'
import { bullKey, keys } from '../names.ts'
import { claimStore } from '../store-claim.ts'
import { settleRejected } from './settle-rejected.ts'
import { cleanLeftovers } from './withdraw.ts'

const BATCH = 1_000
/** How many jobs are read from the store at once: in a bucket each takes a while. */
const READ_AHEAD = 16
const FINAL = ['completed', 'failed', 'cancelled'] as const

const OPEN = ['waiting', 'active'] as const

/** How far back `recent` looks, in milliseconds: jobs wait for minutes, and the hourly look finds the others. */
const RECENT_MS = 24 * 3_600_000

/**
 * `all`: every job that has not ended, once. `lost`: of those, the ones that the queue does not hold. `recent`: of those,
 * the ones of the last day, which costs little where the store holds many jobs.
 */
export type Recovery = 'all' | 'lost' | 'recent'

/**
 * Brings the queue back in line with the store: ended jobs into the lists, and jobs that have not ended and are not
 * queued back into the queue, with their conversations. Jobs that the lists know as ended cost one look-up each and no
 * read of the store; so do those that the queue holds, where only lost ones are wanted.
 */
export async function recoverJobs(context: JobsContext, wanted: Recovery): Promise<{ requeued: number }> {
  await context.ready()
  const { claimed } = await claimStore(context)
  // A queue that knows no store is new or has lost its data: nothing in it can be relied on.
  const which = claimed ? 'all' : wanted
  await settleRejected(context)
  await cleanLeftovers(context)
  let requeued = 0
  let batch: JobId[] = []
  const settle = async () => {
    const open = await notListed(context, FINAL, batch)
    const wanting = which === 'all' ? open : await notHeld(context, open)
    for (let at = 0; at < wanting.length; at += READ_AHEAD) {
      const read = await readEach(context, wanting.slice(at, at + READ_AHEAD))
      for (const job of read)
        if (await leaveOutCorrupt(context, job.jobId, reconcile(context, job))) requeued++
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

/** Those that none of the lists has, oldest first. */
async function notListed(
  { client }: JobsContext,
  states: readonly JobState[],
  ids: JobId[],
): Promise<JobId[]> {
  if (ids.length === 0) return []
  const looks = await Promise.all(states.map((state) => client.zmscore(keys.inState(state), ...ids)))
  return ids.filter((_, i) => looks.every((scores) => scores[i] === null)).sort()
}

/** Those that are not both queued and listed as open: whatever else is to be done for a job was done before that. */
async function notHeld(context: JobsContext, ids: JobId[]): Promise<JobId[]> {
  if (ids.length === 0) return []
  const unlisted = new Set(await notListed(context, OPEN, ids))
  const looks = context.client.pipeline()
  for (const jobId of ids) looks.exists(bullKey('generate', jobId))
  const replies = (await looks.exec()) ?? []
  return ids.filter((jobId, i) => unlisted.has(jobId) || replies[i]?.[1] !== 1)
}

type Stored = {
  readonly jobId: JobId
  readonly outcome: JobOutcome | null
  readonly record: JobRecord | null
}

/** In their order; without those that cannot be read. */
async function readEach(context: JobsContext, ids: readonly JobId[]): Promise<Stored[]> {
  const { store } = context
  const read = ids.map(async (jobId) => {
    const [outcome, record] = await Promise.all([store.readOutcome(jobId), store.readRecord(jobId)])
    return { jobId, outcome, record }
  })
  const known = await Promise.all(read.map((job, i) => leaveOutCorrupt(context, ids[i]!, job)))
  return known.filter((job) => job !== null)
}

/** One damaged file must not keep the others from running: null for a job of which one is. */
async function leaveOutCorrupt<T>({ log }: JobsContext, jobId: JobId, work: Promise<T>): Promise<T | null> {
  try {
    return await work
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'store_corrupt') throw error
    log.error({ err: error, jobId }, 'a job cannot be read and is left out')
    return null
  }
}

/** True when the job had to be queued again. */
async function reconcile(context: JobsContext, { jobId, outcome, record }: Stored): Promise<boolean> {
  const { eventLog, client } = context
  if (record !== null) await context.conversations.begin(record, 'recovered')
  if (outcome !== null) {
    if (record !== null) await context.listUnderAsker(record)
    await eventLog.close(jobId, outcome)
    return false
  }
  if (record === null) return false
  const queued = (await client.exists(bullKey('generate', jobId))) === 1
  // Also for a job that is queued: it may be missing from the lists.
  await context.enqueue(record)
  return !queued
}
