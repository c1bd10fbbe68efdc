import type { JobId, JobOutcome } from '#contract'
import type { JobStore } from '#store/job-store'
import { withdrawal } from '../withdrawal.ts'

/** The outcome of a job that ended before it could run. Null when it should run; it is then accepted for good. */
export async function endedBeforeRun(
  store: Pick<JobStore, 'readOutcome' | 'decide' | 'putOutcome'>,
  jobId: JobId,
): Promise<JobOutcome | null> {
  const ended = await store.readOutcome(jobId)
  if (ended !== null || (await store.decide(jobId, 'accepted')) === 'accepted') return ended
  return (await store.putOutcome(jobId, withdrawal())).outcome
}
