import { Queue } from 'bullmq'
import type { Logger } from 'pino'
import type { JobId, JobRecord } from '#contract'
import type { Telemetry } from '#lib/telemetry'
import type { JobStore } from '#store/job-store'
import type { RedisLike } from '../connect.ts'
import { Asked, hasDestination, readDelivery, type Conversation } from '../conversation.ts'
import { PREFIX, QUEUES } from '../names.ts'

export type Conversations = {
  /**
   * Queues the conversation of a stored record, if somebody is to be told and nobody has been told yet; harmless when it
   * is queued already. To be done before the job is queued: no job may run of which nobody tells.
   */
  begin(record: JobRecord, known: 'new' | 'recovered'): Promise<void>
  /** Takes a conversation out of the queue; false when a worker holds it. */
  remove(jobId: JobId): Promise<boolean>
} & AsyncDisposable

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
      if (!hasDestination(record)) return
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
