import type { JobId } from '#contract'
import type { JobStore } from '#store/job-store'
import { headerOf, statusOf, type JobHeader, type Status } from '../events/view.ts'

/** Prompts are a few hundred characters, 20,000 at most. */
const MAX_KEPT = 1_000

type Kept = { readonly header: JobHeader; ended: Status | null }

/**
 * What lists need of the store and what never changes there, kept for the jobs that were asked for last: each job of a
 * page would cost two files otherwise, with its report and its document. Every process keeps its own.
 */
export function makeJobHeaderCache(
  store: Pick<JobStore, 'has' | 'readRecord' | 'readOutcome'>,
  maxKept = MAX_KEPT,
) {
  const kept = new Map<JobId, Kept>()

  async function entryOf(jobId: JobId): Promise<Kept | null> {
    const known = kept.get(jobId)
    // Another process may have let go of the job.
    if (known !== undefined && (await store.has(jobId))) return known
    const record = known === undefined ? await store.readRecord(jobId) : null
    return record === null ? null : { header: headerOf(record), ended: null }
  }

  return {
    /**
     * Null when the job is not in the store (any more). `ended` says how the job ended, where that is wanted and known.
     *
     * @throws StoreCorruptError
     */
    async read(jobId: JobId, wanted: { ended: boolean }): Promise<Kept | null> {
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
