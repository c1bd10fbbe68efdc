import { z } from 'zod'
import { Delivery, JobId, JobRecord, requesterOf } from '#contract'
import type { JobStore } from '#store/job-store'
import { DELIVERY_RECORD } from './names.ts'

export const Asked = JobRecord.pick({
  origin: true,
  owner: true,
  callbackUrl: true,
  parent: true,
  version: true,
  createdAt: true,
})

/** What the queue holds of a conversation. `state` belongs to the follower, which parses it. */
export const Conversation = z.object({
  jobId: JobId,
  state: z.unknown(),
  /** The queue had lost it, or may have: messages of ours may be there that `state` does not know. */
  recovered: z.boolean(),
  /** Failed turns in a row, and since when (ISO 8601), for the pause before the next. */
  failures: z.int(),
  failingSince: z.string().nullable(),
  /** Of the record: whom to tell, and of what, should that not be readable later. */
  asked: Asked.optional(),
})
export type Conversation = z.infer<typeof Conversation>

/** Whether somebody is told of a job without asking: a person in a chat, or a program. */
export const hasDestination = ({ origin, callbackUrl }: Pick<JobRecord, 'origin' | 'callbackUrl'>): boolean =>
  requesterOf(origin) !== null || callbackUrl !== null

/** How the conversation of a job ended; null while it goes on, and where there is none. */
export async function readDelivery(
  store: Pick<JobStore, 'readCheckpoint'>,
  jobId: JobId,
): Promise<Delivery | null> {
  const kept = Delivery.safeParse(await store.readCheckpoint(jobId, DELIVERY_RECORD))
  return kept.success ? kept.data : null
}

/** To be done before the conversation leaves the queue. */
export const writeDelivery = (
  store: Pick<JobStore, 'writeCheckpoint'>,
  jobId: JobId,
  delivery: Delivery,
): Promise<void> => store.writeCheckpoint(jobId, DELIVERY_RECORD, delivery)
