import type { JobId } from '#contract'
import { readPlans } from '#store/plans'
import { keys } from '../names.ts'
import type { JobsContext } from './jobs-context.ts'

/**
 * Queues a job whose plan was decided, and its conversation, which waits too; idempotent. Does nothing to a job that a
 * worker has taken. The conversation comes first: what is still parked is found by the next recovery.
 */
export async function resumePlanned(context: JobsContext, jobId: JobId): Promise<void> {
  const { client, eventLog } = context
  await context.conversations.wake(jobId)
  if ((await client.zscore(keys.parked, jobId)) === null) return
  const last = (await eventLog.tail(jobId))?.change
  if (last?.planVersion !== undefined) {
    const { planVersion: _decided, ...change } = last
    await eventLog.append(jobId, { ...change, at: new Date().toISOString() }, 'resume')
  }
  await context.promote(jobId)
}

/** Completes decisions that a crash interrupted. Jobs that wait for one are left alone. */
export async function resumeDecided(context: JobsContext): Promise<void> {
  const { client, store, log } = context
  for (const jobId of await client.zrange(keys.parked, 0, -1)) {
    try {
      const newest = (await readPlans(store, jobId)).at(-1)
      if (newest !== undefined && newest.decision !== null) await resumePlanned(context, jobId)
    } catch (error) {
      // One damaged file must not keep the others from running.
      if ((error as { code?: unknown }).code !== 'store_corrupt') throw error
      log.error({ err: error, jobId }, 'plan cannot be read, skipping it')
    }
  }
}
