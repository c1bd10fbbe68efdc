import { DelayedError, type Job } from 'bullmq'
import type { JobId } from '#contract'
import type { JobStore } from '#store/job-store'
import { readPlanDecision } from '#store/plans'

/**
 * Takes a job out of the queue until a decision on its plan promotes it, or the plan expires. It is a delayed job of BullMQ,
 * which needs no worker, no lock and no timer.
 *
 * A decision is stored before it is looked for here or promotes the job there, so that one of the two finds the other. If
 * this process is killed in between, the next recovery does.
 */
export async function parkJob({
  job,
  token,
  store,
  planVersion,
  expiresAt,
}: {
  readonly job: Job<{ jobId: JobId }>
  readonly token: string
  readonly store: Pick<JobStore, 'readCheckpoint'>
  readonly planVersion: number
  readonly expiresAt: string
}): Promise<never> {
  await job.moveToDelayed(Date.parse(expiresAt), token)
  // Another decision promoted it, or removed it with the job.
  if ((await readPlanDecision(store, job.data.jobId, planVersion)) !== null)
    await job.promote().catch(() => {})
  throw new DelayedError()
}
