import type { JobRecord } from '#contract'
import { hasDestination } from '../conversation.ts'
import { SubmissionUncertainError } from './errors.ts'
import { unindexJobs, groupsOf } from '../events/unindex-jobs.ts'
import type { KeyClaim } from './idempotency.ts'
import type { JobsContext } from './jobs-context.ts'
import { isWithdrawn, withdrawal } from '../withdrawal.ts'

/** How long a queue that just failed is asked to clean up, in milliseconds. What it keeps goes with the next recovery. */
const CLEAN_WITHIN_MS = 2_000

/**
 * Makes sure that a job whose request is refused never runs, whatever of it was stored or queued: first it gets an
 * outcome, which the store takes once and every worker respects, then it goes, and its key is free again. `accepted` when
 * it ended otherwise; under a key, when a worker has it, or another request was answered with it.
 *
 * @throws SubmissionUncertainError when the store does not take the outcome either.
 */
export async function withdrawJob(
  context: JobsContext,
  record: JobRecord,
  claim: KeyClaim | null,
): Promise<'withdrawn' | 'accepted'> {
  const { jobId } = record
  let isDecided = claim === null
  try {
    // Looking at the key would not do: it may be out of reach here and not elsewhere.
    if (claim !== null && (await context.store.decide(jobId, 'withdrawn')) === 'accepted') return 'accepted'
    isDecided = true
    const { outcome } = await context.store.putOutcome(jobId, withdrawal())
    if (claim === null && !isWithdrawn(outcome)) return 'accepted'
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ENOENT') {
      // No room for another file, perhaps: removing needs none. Another request may accept one that is not decided about.
      if (isDecided) await context.store.expireJob(jobId, new Date()).catch(() => {})
      if (await context.store.has(jobId).catch(() => true))
        throw new SubmissionUncertainError(jobId, { cause: error })
    }
  }
  // One that cannot be freed now makes room for the next request, which finds the job withdrawn.
  if (claim !== null) await soon(context.idempotency.drop(claim))
  const silent = await soon(cleanQueue(context, record))
  // Until then its outcome stays, so that a process that starts in the meantime finds it ended and not waiting.
  if (silent === null) context.leftovers.set(jobId, record)
  else await removeRefused(context, record, silent)
  return 'withdrawn'
}

/** Takes what refused jobs have left in a queue that failed then. Throws while it still does. */
export async function cleanLeftovers(context: JobsContext): Promise<void> {
  for (const [jobId, record] of context.leftovers) {
    const silent = await cleanQueue(context, record)
    context.leftovers.delete(jobId)
    await removeRefused(context, record, silent)
  }
}

/** A conversation that has begun tells how the job ended, and needs it for that. */
async function removeRefused({ store, log }: JobsContext, record: JobRecord, silent: boolean): Promise<void> {
  if (!silent && hasDestination(record)) return
  const { jobId } = record
  await store
    .expireJob(jobId, new Date())
    .catch((error: unknown) => log.warn({ err: error, jobId }, 'a refused job was not removed'))
}

/** True when nobody will tell of the job. */
async function cleanQueue(context: JobsContext, record: JobRecord): Promise<boolean> {
  const { jobId } = record
  await context.dequeue(jobId)
  const silent = !hasDestination(record) || (await context.conversations.remove(jobId))
  await context.quota.takeBack(record)
  if (silent) await unindexJobs(context, [jobId], groupsOf(record))
  else await context.eventLog.close(jobId, withdrawal())
  return silent
}

/** Null when it fails, or takes too long. */
async function soon<T>(work: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<null>((resolve) => (timer = setTimeout(resolve, CLEAN_WITHIN_MS, null)))
  try {
    return await Promise.race([work.catch(() => null), late])
  } finally {
    clearTimeout(timer)
  }
}
