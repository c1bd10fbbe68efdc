import type { JobId, JobOutcome } from '#contract'
import type { JobStore } from '#store/job-store'
import { withdrawal } from '../withdrawal.ts'

/** How a job ended that a worker has taken. Null when it is to run, and then it is accepted: nobody takes it back later. */
export async function endedBeforeRun(
  store: Pick<JobStore, 'readOutcome' | 'decide' | 'putOutcome'>,
  jobId: JobId,
): Promise<JobOutcome | null> {
  const ended = await store.readOutcome(jobId)
  if (ended !== null || (await store.decide(jobId, 'accepted')) === 'accepted') return ended
  return (await store.putOutcome(jobId, withdrawal())).outcome
}
