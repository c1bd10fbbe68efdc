import type { JobId, JobRecord } from '#contract'
import type { JobStore } from '#store/job-store'

export type JobOwnership = Pick<JobRecord, 'owner' | 'origin'>

const MAX_CACHED = 10_000

/**
 * Whose a job is; null for one that is not there. That never changes, so it is read once: a record can hold a million
 * characters, and whoever waits for a job asks often.
 */
export function makeJobOwners(
  store: Pick<JobStore, 'readRecord'>,
): (jobId: JobId) => Promise<JobOwnership | null> {
  const known = new Map<JobId, JobOwnership>()
  return async (jobId) => {
    const kept = known.get(jobId)
    if (kept !== undefined) return kept
    const record = await store.readRecord(jobId)
    if (record === null) return null
    const { owner, origin } = record
    known.set(jobId, { owner, origin })
    // The one that was read first.
    if (known.size > MAX_CACHED) known.delete(known.keys().next().value ?? '')
    return { owner, origin }
  }
}
