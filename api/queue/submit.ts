import type { JobId, JobRecord } from '#contract'
import { claimKey, releaseKey, type Idempotency } from './idempotency.ts'
import type { JobsContext } from './jobs-context.ts'

/** Every step may be repeated, so that a call after a crash between any two of them completes what was begun. */
export async function submitJob(
  context: JobsContext,
  record: JobRecord,
  idempotency?: Idempotency,
): Promise<{ jobId: JobId; created: boolean }> {
  const { store, backend } = context
  await context.ready()
  // Nothing is stored for a queue that is away: what was refused must not run one day.
  await context.client.ping()
  const jobId = idempotency ? await claimKey(context.client, record.jobId, idempotency) : record.jobId
  const created = jobId === record.jobId
  const claimed = created ? record : { ...record, jobId }
  if (created || (await store.readRecord(jobId)) === null) {
    try {
      await context.quota.admit(claimed)
    } catch (error) {
      // The key stands for nothing that was refused.
      if (idempotency && created) await releaseKey(context.client, idempotency)
      throw error
    }
  }
  // Once the record is there the job will run, so whoever repeats the request has to be led to it from then on.
  if (idempotency && created) await backend.flush()
  await store.createRecord(claimed)
  await context.conversations.begin(claimed, created ? 'new' : 'recovered')
  if ((await store.readOutcome(jobId)) === null) await context.enqueue(claimed)
  await backend.flush()
  return { jobId, created }
}
