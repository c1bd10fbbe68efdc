import type { Logger } from 'pino'
import type { JobId, JobRecord } from '#contract'
import { notStarted } from '#contract'
import type { JobStore } from '#store/job-store'
import type { QueueBackend } from '../backend.ts'
import { whenReady, type RedisLike } from '../connect.ts'
import { makeConversations, type Conversations } from './conversations.ts'
import { QueueUnavailableError } from '../errors.ts'
import { ownerIndexesOf } from '../events/unindex-jobs.ts'
import { makeJobHeaderCache } from './job-header-cache.ts'
import { makeIdempotency, type IdempotencyKeys } from './idempotency.ts'
import { makeEventLog, type EventLog } from '../events/event-log.ts'
import { QUEUES, keys } from '../names.ts'
import { openQueue } from './open-queue.ts'
import { makeQuota, type Quota } from './quota.ts'
import type { Quotas } from './quotas.ts'
import type { SweepFacts } from './sweep-facts.ts'
import { makeUsageCounter, type UsageCounter } from '../usage.ts'

export type JobLimits = {
  /** Attempts before a job fails. Default 3. */
  attempts?: number
  /** Delay before the first retry, in milliseconds; doubles with every retry. Default 2,000. */
  backoffMs?: number
  /** Polling interval in case a change message is lost, in milliseconds. Default 2,000. */
  pollMs?: number
  /** How long a request waits for another with the same idempotency key, in milliseconds. Default 3,000. */
  keyTimeoutMs?: number
  /** How long a call waits for an unavailable queue, in milliseconds. Default 2,000: Slack waits three seconds. */
  queueTimeoutMs?: number
}

/** Shared dependencies of all `Jobs` operations. */
export type JobsContext = {
  readonly backend: QueueBackend
  readonly store: JobStore
  readonly log: Logger
  readonly client: RedisLike
  readonly eventLog: EventLog
  readonly conversations: Conversations
  readonly quota: Quota
  readonly usage: UsageCounter
  readonly idempotency: IdempotencyKeys
  /** The models that this installation allows. */
  readonly models: readonly string[]
  readonly headers: ReturnType<typeof makeJobHeaderCache>
  /** Facts from the previous sweep. */
  readonly sweepCache: Map<JobId, SweepFacts>
  /** Rejected jobs that may still be in the queue. */
  readonly pendingCleanup: Map<JobId, JobRecord>
  /** How long a call waits for an unavailable queue, in milliseconds. */
  readonly queueTimeoutMs: number
  /** Resolves when the queue is connected. Throws QueueUnavailableError after `queueTimeoutMs`. */
  ready(): Promise<void>
  /** Resolves when the queue accepts writes; throws the Redis error. */
  probe(): Promise<void>
  /** Queues the job of a stored record; idempotent. */
  enqueue(record: JobRecord): Promise<void>
  /** Adds the job to the indexes of its requester, API key, thread and parent; idempotent. */
  addToOwnerIndexes(record: JobRecord, places?: readonly string[]): Promise<void>
  /** Removes a job from the queue; false when a worker holds it. */
  dequeue(jobId: JobId): Promise<boolean>
  /** Moves a parked job into the queue; does nothing for a job that is not parked. */
  promote(jobId: JobId): Promise<void>
} & AsyncDisposable

export function makeJobsContext(deps: {
  backend: QueueBackend
  store: JobStore
  log: Logger
  limits: JobLimits
  quotas: Quotas
  models: readonly string[]
}): JobsContext {
  const { backend, store, log, limits } = deps
  const { queueTimeoutMs = 2_000 } = limits
  const client = backend.connect('producer')
  const eventLog = makeEventLog(client)
  const conversations = makeConversations({ client, store, log, telemetry: backend.telemetry })
  const quota = makeQuota({ client, quotas: deps.quotas })
  const idempotency = makeIdempotency({ client, timeoutMs: limits.keyTimeoutMs })
  /** The last connection error. */
  let connectionError: unknown = null
  client.on('error', (error: unknown) => (connectionError = error))
  client.on('ready', () => (connectionError = null))
  const queue = openQueue<{ jobId: JobId }>(QUEUES.generate, client, {
    ...(backend.telemetry.queue && { telemetry: backend.telemetry.queue }),
    defaultJobOptions: {
      attempts: limits.attempts ?? 3,
      backoff: { type: 'exponential', delay: limits.backoffMs ?? 2_000, jitter: 0.5 },
      // The store has the record and the outcome.
      removeOnComplete: true,
      removeOnFail: true,
    },
    // These events are unused; a long stream slows the embedded queue down.
    streams: { events: { maxLen: 100 } },
  })
  queue.on('error', (error) => log.debug({ err: error }, 'queue: connection error'))

  async function addToOwnerIndexes(record: JobRecord, places: readonly string[] = []): Promise<void> {
    for (const index of ownerIndexesOf(record, places)) await client.zadd(index, 0, record.jobId)
  }

  return {
    backend,
    store,
    log,
    addToOwnerIndexes,
    client,
    eventLog,
    conversations,
    quota,
    usage: makeUsageCounter(client),
    idempotency,
    models: deps.models,
    headers: makeJobHeaderCache(store),
    sweepCache: new Map(),
    pendingCleanup: new Map(),
    queueTimeoutMs,
    async ready() {
      if (client.status === 'ready') return
      await whenReady(client, AbortSignal.timeout(queueTimeoutMs)).catch((error: unknown) => {
        throw new QueueUnavailableError({ cause: connectionError ?? error })
      })
    },
    async probe() {
      await client.set(keys.probe, '1', 'EX', 60)
    },
    async enqueue(record) {
      const { jobId, createdAt } = record
      await addToOwnerIndexes(record)
      const change = { state: 'waiting', progress: notStarted, at: createdAt, startedAt: null } as const
      await eventLog.append(jobId, change, 'create')
      await queue.add(QUEUES.generate, { jobId }, { jobId })
    },
    async dequeue(jobId) {
      return (await queue.remove(jobId)) === 1
    },
    async promote(jobId) {
      const job = await queue.getJob(jobId)
      // A worker that is about to park it looks for a decision afterwards.
      if (job === undefined || !(await job.isDelayed())) return
      await job.promote().catch(async (error: unknown) => {
        if (await job.isDelayed()) throw error
      })
    },
    async [Symbol.asyncDispose]() {
      await queue.close()
      await conversations[Symbol.asyncDispose]()
      client.disconnect()
    },
  }
}
