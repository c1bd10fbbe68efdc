import type { JobId } from '#contract'
import { outcomeOfChange } from '../events/job-event.ts'
import type { JobsContext } from './jobs-context.ts'
import { keys } from '../names.ts'

/** Stores the outcomes of jobs that a worker rejected, if this process has their records. */
export async function settleRejected(
  { client, eventLog, store, log }: Pick<JobsContext, 'client' | 'eventLog' | 'store' | 'log'>,
  only?: JobId,
): Promise<void> {
  for (const jobId of only === undefined ? await client.smembers(keys.rejected) : [only]) {
    const outcome = outcomeOfChange((await eventLog.tail(jobId))?.change ?? null)
    if (outcome !== null && (await store.has(jobId))) {
      const { won } = await store.putOutcome(jobId, outcome)
      if (won)
        log.error(
          { jobId, failure: outcome.state === 'failed' && outcome.failure.code },
          'a worker could not read a job that exists in this store: check that both use the same store',
        )
    }
    await client.srem(keys.rejected, jobId)
  }
}
