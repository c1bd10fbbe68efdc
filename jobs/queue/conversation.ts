import { z } from 'zod'
import { Delivery, JobId, JobRecord, requesterOf } from '#contract'
import type { JobStore } from '#store/job-store'
import { DELIVERY_RECORD } from './names.ts'

export const RequestDetails = JobRecord.pick({
  origin: true,
  owner: true,
  callbackUrl: true,
  parent: true,
  version: true,
  createdAt: true,
})

/** Queue payload of a conversation. `state` is parsed by the notifier. */
export const Conversation = z.object({
  jobId: JobId,
  state: z.unknown(),
  /** The queue lost it, or may have: there may be messages that `state` does not contain. */
  recovered: z.boolean(),
  /** Consecutive failed turns, and since when (ISO 8601), for the backoff. */
  failures: z.int(),
  failingSince: z.string().nullable(),
  /** Copied from the record, in case that cannot be read later. */
  asked: RequestDetails.optional(),
})
export type Conversation = z.infer<typeof Conversation>

/** Whether a job sends notifications: to a chat or a callback. */
export const hasDestination = ({ origin, callbackUrl }: Pick<JobRecord, 'origin' | 'callbackUrl'>): boolean =>
  requesterOf(origin) !== null || callbackUrl !== null

/** The result of a conversation; null while it is open, or without one. */
export async function readDelivery(
  store: Pick<JobStore, 'readCheckpoint'>,
  jobId: JobId,
): Promise<Delivery | null> {
  const kept = Delivery.safeParse(await store.readCheckpoint(jobId, DELIVERY_RECORD))
  return kept.success ? kept.data : null
}

/** Call before the conversation leaves the queue. */
export const writeDelivery = (
  store: Pick<JobStore, 'writeCheckpoint'>,
  jobId: JobId,
  delivery: Delivery,
): Promise<void> => store.writeCheckpoint(jobId, DELIVERY_RECORD, delivery)
