import { notStarted, type JobId, type JobOutcome } from '#contract'
import type { JobsContext } from './jobs-context.ts'
import { usedBy, usedSoFar } from '../usage.ts'

export type CancelResult = 'cancelled' | 'already_cancelled' | 'already_finished' | 'unknown'

/**
 * Stores the outcome first, so that any worker that picks up or finishes the job sees that it has ended. The change that
 * follows notifies the running worker within milliseconds.
 */
export async function cancelJob(context: JobsContext, jobId: JobId): Promise<CancelResult> {
  const { store, eventLog, backend } = context
  const record = await store.readRecord(jobId)
  if (record === null) return 'unknown'
  await context.ready()
  const last = (await eventLog.tail(jobId))?.change
  const { percent, stage, steps } = last?.progress ?? notStarted
  const finishedAt = new Date().toISOString()
  const spent = await usedSoFar(store, jobId)
  const cancelled: JobOutcome = {
    state: 'cancelled',
    finishedAt,
    startedAt: last?.startedAt ?? null,
    percent,
    stage,
    steps,
    ...(spent && { ledger: spent }),
  }
  const { outcome, won } = await store.putOutcome(jobId, cancelled)
  if (outcome.state !== 'cancelled') return 'already_finished'
  // Before the event: after a crash in between, recovery writes that.
  await context.conversations.wake(jobId)

  // A run that continues briefly counts its usage when it ends.
  const used = await usedBy(store, jobId, outcome)
  if (used !== null) await context.usage.record(record, used, new Date(outcome.finishedAt))
  await eventLog.close(jobId, outcome)
  await context.dequeue(jobId)
  await backend.flush()
  return won ? 'cancelled' : 'already_cancelled'
}
