import type { JobId, JobRecord } from '#contract'
import type { JobStore } from '#store/job-store'

export type JobOwnership = Pick<JobRecord, 'owner' | 'origin'>

const MAX_CACHED = 10_000

/**
 * Looks up the owner of a job; null for a missing job. Owners never change, so they are cached: records can be large, and
 * clients poll often.
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
    // Evicts the oldest entry.
    if (known.size > MAX_CACHED) known.delete(known.keys().next().value ?? '')
    return { owner, origin }
  }
}
