import type { JobRecord } from '#contract'
import type { JobStore } from '#store/job-store'
import type { Conversation } from '../conversation.ts'
import { UNREADABLE_PROMPT } from '../events/view.ts'

/**
 * The record of a job, or the details in its conversation when the record is unreadable, so that the requester is still
 * notified of the failure. Null when the store has no record.
 */
export async function loadRecord(
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
