import { Queue } from 'bullmq'
import type { Logger } from 'pino'
import type { JobId, JobRecord } from '#contract'
import { notStarted } from '#contract'
import type { JobStore } from '#store/job-store'
import type { QueueBackend } from '../backend.ts'
import { whenReady, type RedisLike } from '../connect.ts'
import { makeConversations, type Conversations } from './conversations.ts'
import { QueueUnavailableError } from '../errors.ts'
import { groupsOf } from '../events/unindex-jobs.ts'
import { makeJobHeaderCache } from './job-header-cache.ts'
import { makeIdempotency, type IdempotencyKeys } from './idempotency.ts'
import { makeEventLog, type EventLog } from '../events/event-log.ts'
import { PREFIX, QUEUES, keys } from '../names.ts'
import { makeQuota, type Quota } from './quota.ts'
import type { Quotas } from './quotas.ts'
import type { SweepFacts } from './sweep-facts.ts'
import { makeUsageCounter, type UsageCounter } from '../usage.ts'

export type JobLimits = {
  /** How often a run is tried before it is given up. Default 3. */
  attempts?: number
  /** The pause before the second try, in milliseconds; it doubles with every further one. Default 2,000. */
  backoffMs?: number
  /** How long a follower may miss a change whose signal was lost, in milliseconds. Default 2,000. */
  pollMs?: number
  /** How long a request waits for another one under its idempotency key, in milliseconds. Default 3,000. */
  keyPatienceMs?: number
  /** How long a call waits for a queue that is away, in milliseconds. Default 2,000: Slack waits three seconds. */
  queuePatienceMs?: number
}

/** What every verb of `Jobs` works with. */
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
  readonly headers: ReturnType<typeof makeJobHeaderCache>
  /** What the sweep before has read of the jobs in the store. */
  readonly sweepMemory: Map<JobId, SweepFacts>
  /** Refused jobs of which something may be left in the queue. */
  readonly leftovers: Map<JobId, JobRecord>
  /** How long a call waits for a queue that is away, in milliseconds. */
  readonly queuePatienceMs: number
  /** Resolves when the queue can be asked. Throws QueueUnavailableError after `queuePatienceMs`. */
  ready(): Promise<void>
  /** Resolves when the queue takes writes; throws what Redis answers. */
  probe(): Promise<void>
  /** Queues the job of a stored record; harmless when it is queued already. */
  enqueue(record: JobRecord): Promise<void>
  /** Lists the job under who asked for it and with which key, where that is known; harmless when it is listed already. */
  listUnderAsker(record: JobRecord): Promise<void>
  /** Takes a job out of the queue; false when a worker holds it. */
  dequeue(jobId: JobId): Promise<boolean>
} & AsyncDisposable

export function makeJobsContext(deps: {
  backend: QueueBackend
  store: JobStore
  log: Logger
  limits: JobLimits
  quotas: Quotas
}): JobsContext {
  const { backend, store, log, limits } = deps
  const { queuePatienceMs = 2_000 } = limits
  const client = backend.connect('producer')
  const eventLog = makeEventLog(client)
  const conversations = makeConversations({ client, store, log, telemetry: backend.telemetry })
  const quota = makeQuota({ client, quotas: deps.quotas })
  const idempotency = makeIdempotency({ client, patienceMs: limits.keyPatienceMs })
  /** Why there is no connection, where the other side said so. */
  let refusedBecause: unknown = null
  client.on('error', (error: unknown) => (refusedBecause = error))
  client.on('ready', () => (refusedBecause = null))
  const queue = new Queue<{ jobId: JobId }>(QUEUES.generate, {
    connection: client,
    prefix: PREFIX,
    ...(backend.telemetry.queue && { telemetry: backend.telemetry.queue }),
    defaultJobOptions: {
      attempts: limits.attempts ?? 3,
      backoff: { type: 'exponential', delay: limits.backoffMs ?? 2_000, jitter: 0.5 },
      // What a job was and how it ended is in the store.
      removeOnComplete: true,
      removeOnFail: true,
    },
    // Nobody reads these events; on the embedded queue a long stream makes every step slow.
    streams: { events: { maxLen: 100 } },
  })
  queue.on('error', (error) => log.debug({ err: error }, 'queue: the connection failed'))

  async function listUnderAsker(record: JobRecord): Promise<void> {
    for (const group of groupsOf(record)) await client.zadd(group, 0, record.jobId)
  }

  return {
    backend,
    store,
    log,
    listUnderAsker,
    client,
    eventLog,
    conversations,
    quota,
    usage: makeUsageCounter(client),
    idempotency,
    headers: makeJobHeaderCache(store),
    sweepMemory: new Map(),
    leftovers: new Map(),
    queuePatienceMs,
    async ready() {
      if (client.status === 'ready') return
      await whenReady(client, AbortSignal.timeout(queuePatienceMs)).catch((error: unknown) => {
        throw new QueueUnavailableError({ cause: refusedBecause ?? error })
      })
    },
    async probe() {
      await client.set(keys.probe, '1', 'EX', 60)
    },
    async enqueue(record) {
      const { jobId, createdAt } = record
      await listUnderAsker(record)
      const change = { state: 'waiting', progress: notStarted, at: createdAt, startedAt: null } as const
      await eventLog.append(jobId, change, 'create')
      await queue.add(QUEUES.generate, { jobId }, { jobId })
    },
    async dequeue(jobId) {
      return (await queue.remove(jobId)) === 1
    },
    async [Symbol.asyncDispose]() {
      await queue.close()
      await conversations[Symbol.asyncDispose]()
      client.disconnect()
    },
  }
}
