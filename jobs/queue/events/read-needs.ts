import type { JobId, JobNeeds } from '#contract'
import type { JobStore } from '#store/job-store'
import { readPlan } from '#store/plans'
import type { JobEvent } from './job-event.ts'

/** The plan that a job waits with; null for every other job. */
export async function readNeeds(
  store: Pick<JobStore, 'readCheckpoint'>,
  jobId: JobId,
  change: JobEvent | null,
): Promise<JobNeeds | null> {
  if (change?.state !== 'waiting' || change.planVersion === undefined) return null
  const stored = await readPlan(store, jobId, change.planVersion)
  return stored && { plan: stored.plan, questions: stored.questions }
}
