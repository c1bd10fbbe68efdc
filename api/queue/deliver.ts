import { Queue } from 'bullmq'
import type { Logger } from 'pino'
import { z } from 'zod'
import { Delivery, JobId, JobRecord, requesterOf } from '#contract'
import type { Telemetry } from '#lib/telemetry'
import type { JobStore } from '#store/job-store'
import type { RedisLike } from './connect.ts'
import { DELIVERY_RECORD, PREFIX, QUEUES } from './names.ts'
import { UNREADABLE_PROMPT } from './view.ts'

const Asked = JobRecord.pick({
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

export type Conversations = {
  /**
   * Queues the conversation of a stored record, if somebody is to be told and nobody has been told yet; harmless when it
   * is queued already. To be done before the job is queued: no job may run of which nobody tells.
   */
  begin(record: JobRecord, known: 'new' | 'recovered'): Promise<void>
  /** Takes a conversation out of the queue; false when a worker holds it. */
  remove(jobId: JobId): Promise<boolean>
} & AsyncDisposable

/** Whether somebody is told of a job without asking: a person in a chat, or a program. */
export const isTold = ({ origin, callbackUrl }: Pick<JobRecord, 'origin' | 'callbackUrl'>): boolean =>
  requesterOf(origin) !== null || callbackUrl !== null

export function makeConversations(deps: {
  client: RedisLike
  store: Pick<JobStore, 'readCheckpoint'>
  log: Logger
  telemetry: Telemetry
}): Conversations {
  const queue = new Queue<Conversation>(QUEUES.deliver, {
    connection: deps.client,
    prefix: PREFIX,
    ...(deps.telemetry.queue && { telemetry: deps.telemetry.queue }),
    defaultJobOptions: {
      // Pauses are the worker's own; this is for a queue that fails while it sets one.
      attempts: Number.MAX_SAFE_INTEGER,
      backoff: { type: 'fixed', delay: 5_000 },
      removeOnComplete: true,
      removeOnFail: true,
    },
    streams: { events: { maxLen: 100 } },
  })
  queue.on('error', (error) =>
    deps.log.debug({ err: error }, 'queue of conversations: the connection failed'),
  )

  return {
    async begin(record, known) {
      const { jobId } = record
      if (!isTold(record)) return
      if (known === 'recovered' && (await readDelivery(deps.store, jobId)) !== null) return
      const data: Conversation = {
        jobId,
        state: null,
        recovered: known === 'recovered',
        failures: 0,
        failingSince: null,
        asked: Asked.parse(record),
      }
      await queue.add(QUEUES.deliver, data, { jobId })
    },
    remove: async (jobId) => (await queue.remove(jobId)) === 1,
    [Symbol.asyncDispose]: () => queue.close(),
  }
}

/**
 * The record of a job, or what its conversation knows of it where that cannot be read: whoever asked is told all the same
 * that the job failed. Null when the store has none.
 */
export async function recordOf(
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
