import type { Logger } from 'pino'
import type { JobId, JobRecord } from '#contract'
import type { Telemetry } from '#lib/telemetry'
import type { JobStore } from '#store/job-store'
import type { RedisLike } from '../connect.ts'
import { RequestDetails, hasDestination, readDelivery, type Conversation } from '../conversation.ts'
import { QUEUES } from '../names.ts'
import { openQueue } from './open-queue.ts'

export type Conversations = {
  /**
   * Queues the conversation of a stored record, if it has a destination and was not delivered yet; idempotent. Call before
   * the job is queued, so that no job runs without notifications.
   */
  begin(record: JobRecord, known: 'new' | 'recovered'): Promise<void>
  /** Goes on with a conversation that waits, for a decision on a plan or for a chat. */
  wake(jobId: JobId): Promise<void>
  /** Removes a conversation from the queue; false when a worker holds it. */
  remove(jobId: JobId): Promise<boolean>
} & AsyncDisposable

export function makeConversations(deps: {
  client: RedisLike
  store: Pick<JobStore, 'readCheckpoint'>
  log: Logger
  telemetry: Telemetry
}): Conversations {
  const queue = openQueue<Conversation>(QUEUES.deliver, deps.client, {
    ...(deps.telemetry.queue && { telemetry: deps.telemetry.queue }),
    defaultJobOptions: {
      // The worker sets its own delays; this applies when the queue fails while setting one.
      attempts: Number.MAX_SAFE_INTEGER,
      backoff: { type: 'fixed', delay: 5_000 },
      removeOnComplete: true,
      removeOnFail: true,
    },
    streams: { events: { maxLen: 100 } },
  })
  queue.on('error', (error) => deps.log.debug({ err: error }, 'deliver queue: connection error'))

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
        asked: RequestDetails.parse(record),
      }
      await queue.add(QUEUES.deliver, data, { jobId })
    },
    async wake(jobId) {
      const job = await queue.getJob(jobId)
      // A worker that is about to park it looks for a decision afterwards.
      if (job === undefined || !(await job.isDelayed())) return
      await job.promote().catch(async (error: unknown) => {
        if (await job.isDelayed()) throw error
      })
    },
    remove: async (jobId) => (await queue.remove(jobId)) === 1,
    [Symbol.asyncDispose]: () => queue.close(),
  }
}
