import type { JobId } from '#contract'
import type { JobStore } from '#store/job-store'
import { headerOf, statusOf, type JobHeader, type Status } from '../events/view.ts'

/** Prompts are a few hundred characters, 20,000 at most. */
const MAX_ENTRIES = 1_000

type CachedHeader = { readonly header: JobHeader; ended: Status | null }

/**
 * LRU cache of the immutable fields that lists need. Without it, each job of a page would cost two file reads, including
 * its report and document. One cache per process.
 */
export function makeJobHeaderCache(
  store: Pick<JobStore, 'has' | 'readRecord' | 'readOutcome'>,
  maxKept = MAX_ENTRIES,
) {
  const kept = new Map<JobId, CachedHeader>()

  async function entryOf(jobId: JobId): Promise<CachedHeader | null> {
    const known = kept.get(jobId)
    // Another process may have expired the job.
    if (known !== undefined && (await store.has(jobId))) return known
    const record = known === undefined ? await store.readRecord(jobId) : null
    return record === null ? null : { header: headerOf(record), ended: null }
  }

  return {
    /**
     * Null when the job does not exist or has expired. `ended` has the final status, if requested and known.
     *
     * @throws StoreCorruptError
     */
    async read(jobId: JobId, wanted: { ended: boolean }): Promise<CachedHeader | null> {
      const entry = await entryOf(jobId)
      kept.delete(jobId)
      if (entry === null) return null
      if (wanted.ended && entry.ended === null) {
        const outcome = await store.readOutcome(jobId)
        entry.ended = outcome && statusOf(outcome)
      }
      kept.set(jobId, entry)
      const oldest = kept.keys().next().value
      if (kept.size > maxKept && oldest !== undefined) kept.delete(oldest)
      return entry
    },
  }
}
