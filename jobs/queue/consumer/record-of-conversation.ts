import type { JobRecord } from '#contract'
import type { JobStore } from '#store/job-store'
import type { Conversation } from '../conversation.ts'
import { UNREADABLE_PROMPT } from '../events/view.ts'

/**
 * The record of a job, or what its conversation knows of it where that cannot be read: whoever asked is told all the same
 * that the job failed. Null when the store has none.
 */
export async function recordOf(
  store: Pick<JobStore, 'readRecord'>,
  { jobId, asked }: Conversation,
): Promise<JobRecord | null> {
  try {
    return await store.readRecord(jobId)
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'store_corrupt' || asked === undefined) throw error
    return { ...asked, jobId, prompt: UNREADABLE_PROMPT, options: {}, spec: null }
  }
}
