import { isFinal, type JobId, type JobRecord, type JobView } from '#contract'
import { mapQueueErrors } from '../map-queue-errors.ts'
import { hasDestination, readDelivery } from '../conversation.ts'
import type { JobsContext } from './jobs-context.ts'
import { settleRejected } from './settle-rejected.ts'
import { readNeeds } from '../events/read-needs.ts'
import { readQueuePosition } from '../events/queue-position.ts'
import { usedBy } from '../usage.ts'
import { toView } from '../events/view.ts'

/** Null for an unknown job. Ended jobs can be read while the queue is unavailable. */
export async function viewJob(context: JobsContext, jobId: JobId): Promise<JobView | null> {
  const { store, client, eventLog } = context
  const record = await store.readRecord(jobId)
  if (record === null) return null
  const ended = await store.readOutcome(jobId)
  if (ended !== null) {
    // The event log only adds the attempt, so the queue is optional.
    const last = client.status === 'ready' ? await eventLog.tail(jobId).catch(() => null) : null
    const view = toView({ record, outcome: ended, change: last?.change ?? null, queuePosition: null })
    // A model call in flight at cancellation is only known afterwards.
    const used = ended.state === 'cancelled' ? await usedBy(store, jobId, ended) : null
    return { ...view, ...(used && { ledger: used }), ...(await delivered(context, record)) }
  }
  return { ...(await mapQueueErrors(viewOpen(context, record))), ...(await delivered(context, record)) }
}

async function viewOpen(context: JobsContext, record: JobRecord): Promise<JobView> {
  const { store, client, eventLog } = context
  await context.ready()
  const change = (await eventLog.tail(record.jobId))?.change ?? null
  // It may have ended since the outcome was read: a final change implies an outcome.
  const outcome = change !== null && isFinal(change.state) ? await store.readOutcome(record.jobId) : null
  if (outcome === null && change?.failure !== undefined) await settleRejected(context, record.jobId)
  const needs = outcome === null ? await readNeeds(store, record.jobId, change) : null
  const waits = outcome === null && needs === null && change?.state !== 'active'
  return toView({
    record,
    outcome,
    change,
    needs,
    queuePosition: waits ? await readQueuePosition(client, record.jobId) : null,
  })
}

async function delivered({ store }: JobsContext, record: JobRecord): Promise<Pick<JobView, 'delivery'>> {
  const delivery = hasDestination(record) ? await readDelivery(store, record.jobId) : null
  return delivery === null ? {} : { delivery }
}
