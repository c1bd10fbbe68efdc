import { DelayedError, type Job } from 'bullmq'
import type { Plan } from '#contract'
import type { JobStore } from '#store/job-store'
import { readPlanDecision } from '#store/plans'
import type { Conversation } from '../conversation.ts'

/** Everything is said until this version of the plan is decided, or expires at `until` (ISO 8601). */
export type ParkedConversation = {
  readonly state: 'parked'
  readonly planVersion: number
  readonly until: string
}

/** When the one who decides, or expires the plan, is not quite done: in milliseconds. */
const SOON_MS = 1_000

/** Waits for a decision on a plan, or for its expiry. */
export const parkUntilDecided = (
  plan: Pick<Plan, 'version' | 'expiresAt'>,
  now: number,
): ParkedConversation => ({
  state: 'parked',
  planVersion: plan.version,
  until: new Date(Math.max(Date.parse(plan.expiresAt), now + SOON_MS)).toISOString(),
})

/**
 * Takes a conversation out of the queue until a decision or a cancellation wakes it, or the plan expires. As with the job
 * itself, these are stored before they wake it, so that one of the two finds the other.
 */
export async function parkConversation({
  job,
  token,
  store,
  data,
  parked: { planVersion, until },
}: {
  readonly job: Job<Conversation>
  readonly token: string
  readonly store: Pick<JobStore, 'readCheckpoint' | 'readOutcome'>
  readonly data: Conversation
  readonly parked: ParkedConversation
}): Promise<never> {
  // Waiting is no failure: the time of an earlier one must not count.
  await job.updateData({ ...data, failures: 0, failingSince: null })
  await job.moveToDelayed(Date.parse(until), token)
  const isSettled =
    (await readPlanDecision(store, data.jobId, planVersion)) !== null ||
    (await store.readOutcome(data.jobId)) !== null
  // It may be promoted or gone already.
  if (isSettled) await job.changeDelay(SOON_MS).catch(() => {})
  throw new DelayedError()
}
