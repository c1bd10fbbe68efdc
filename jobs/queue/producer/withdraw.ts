import type { JobRecord } from '#contract'
import { hasDestination } from '../conversation.ts'
import { SubmissionUncertainError } from './errors.ts'
import { unindexJobs, ownerIndexesOf } from '../events/unindex-jobs.ts'
import type { KeyClaim } from './idempotency.ts'
import type { JobsContext } from './jobs-context.ts'
import { isWithdrawn, withdrawal } from '../withdrawal.ts'

/** Time limit for cleaning up a failing queue, in milliseconds. The next recovery removes the rest. */
const CLEANUP_TIMEOUT_MS = 2_000

/**
 * Ensures that the job of a rejected request never runs, no matter how far it got: it first gets an outcome, which is
 * written once and respected by every worker, then it is removed and its key is freed. Returns `accepted` when the job
 * ended otherwise or, with a key, when a worker has it or another request received it.
 *
 * @throws SubmissionUncertainError when the outcome cannot be stored either.
 */
export async function withdrawJob(
  context: JobsContext,
  record: JobRecord,
  claim: KeyClaim | null,
): Promise<'withdrawn' | 'accepted'> {
  const { jobId } = record
  let isDecided = claim === null
  try {
    // The key is not sufficient: it may be unreachable from here but not from elsewhere.
    if (claim !== null && (await context.store.decide(jobId, 'withdrawn')) === 'accepted') return 'accepted'
    isDecided = true
    const { outcome } = await context.store.putOutcome(jobId, withdrawal())
    if (claim === null && !isWithdrawn(outcome)) return 'accepted'
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ENOENT') {
      // The disk may be full; removing needs no space. Without a decision, another request may accept the job.
      if (isDecided) await context.store.expireJob(jobId, new Date()).catch(() => {})
      if (await context.store.has(jobId).catch(() => true))
        throw new SubmissionUncertainError(jobId, { cause: error })
    }
  }
  // If the key cannot be freed now, the next request finds the job withdrawn and takes the key over.
  if (claim !== null) await withTimeout(context.idempotency.drop(claim))
  const silent = await withTimeout(cleanQueue(context, record))
  // The outcome stays until then, so that a process that starts meanwhile finds the job ended.
  if (silent === null) context.pendingCleanup.set(jobId, record)
  else await removeRefused(context, record, silent)
  return 'withdrawn'
}

/** Removes what rejected jobs left in the queue during an outage. Throws while the outage lasts. */
export async function cleanUpRefused(context: JobsContext): Promise<void> {
  for (const [jobId, record] of context.pendingCleanup) {
    const silent = await cleanQueue(context, record)
    context.pendingCleanup.delete(jobId)
    await removeRefused(context, record, silent)
  }
}

/** An open conversation still needs the job, to report how it ended. */
async function removeRefused({ store, log }: JobsContext, record: JobRecord, silent: boolean): Promise<void> {
  if (!silent && hasDestination(record)) return
  const { jobId } = record
  await store
    .expireJob(jobId, new Date())
    .catch((error: unknown) => log.warn({ err: error, jobId }, 'cannot remove a rejected job'))
}

/** True when no notification will be sent. */
async function cleanQueue(context: JobsContext, record: JobRecord): Promise<boolean> {
  const { jobId } = record
  await context.dequeue(jobId)
  const silent = !hasDestination(record) || (await context.conversations.remove(jobId))
  await context.quota.release(record)
  if (silent) await unindexJobs(context, [jobId], ownerIndexesOf(record))
  else await context.eventLog.close(jobId, withdrawal())
  return silent
}

/** Null on failure or timeout. */
async function withTimeout<T>(work: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<null>((resolve) => (timer = setTimeout(resolve, CLEANUP_TIMEOUT_MS, null)))
  try {
    return await Promise.race([work.catch(() => null), late])
  } finally {
    clearTimeout(timer)
  }
}
