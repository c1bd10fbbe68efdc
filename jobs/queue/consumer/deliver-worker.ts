import { DelayedError, WaitingError, Worker, type Job } from 'bullmq'
import type { Logger } from 'pino'
import type { Delivery, JobId, JobRecord } from '#contract'
import { addLogFields, withLogFields } from '#lib/log-fields'
import { checkedStore } from '#store/checked-store'
import type { JobStore } from '#store/job-store'
import { isQueueUnavailable } from '../map-queue-errors.ts'
import type { QueueBackend } from '../backend.ts'
import { Conversation, readDelivery, writeDelivery } from '../conversation.ts'
import { parkConversation, type ParkedConversation } from './park-conversation.ts'
import { RecordMissingError, RunAbortedError, type AbortCause } from './errors.ts'
import { METRICS_KEY } from '../events/metrics.ts'
import { followJob, type JobUpdate } from '../events/follow.ts'
import { makeEventLog } from '../events/event-log.ts'
import { PREFIX, QUEUES } from '../names.ts'
import { makeJobListener } from '../events/pubsub.ts'
import { loadRecord } from './load-record.ts'
import { keepPlaces } from '../places.ts'
import { readQueuePosition } from '../events/queue-position.ts'

/*
 * One turn of a conversation:
 *
 *   taken ─► already delivered? ────────────────────────────────────────► done
 *     └────► notify ─┬─ delivered or undeliverable ─► store the result ─► done
 *                    ├─ chat error ─► retry later (`afterMs` or backoff) ─► next turn
 *                    │            └─ failing for a day: store undeliverable ─► done
 *                    ├─ the job waits for a person ─► next turn once that has decided
 *                    └─ stopping or lock lost ─► requeue
 *
 * A turn may end at any point; the next one resumes from the saved state. Above 200 lines because the ways a turn can end
 * belong together.
 */

export { parkUntilDecided, type ParkedConversation } from './park-conversation.ts'

export type ConversationTurn = {
  readonly record: JobRecord
  /** The saved state; null on the first turn. */
  readonly state: unknown
  /** There may be messages that the state does not contain. */
  readonly recovered: boolean
  /** Resolves when the state is durable. Rejects when the lock was lost. */
  save(state: unknown): Promise<void>
  /** Keeps where the job is in the chat, all places of it, so that `GET /jobs?thread=…` finds it. */
  keepPlaces(places: readonly string[]): Promise<void>
  /** Call after a successful request: the backoff starts over. */
  resetBackoff(): void
  /** The job's current view, then one after every change until it ends. */
  follow(signal: AbortSignal): AsyncIterable<JobUpdate>
  /** Aborts when the turn has to end; send nothing afterwards. */
  readonly signal: AbortSignal
}

/**
 * Runs one turn until the conversation ends, or until it has to wait for a person: then it holds no place of `concurrency`.
 * Errors are retried, after the error's `afterMs` if present.
 */
export type Converse = (turn: ConversationTurn) => Promise<Delivery | ParkedConversation>

type Options = {
  backend: QueueBackend
  store: JobStore
  log: Logger
  /** Conversations mostly wait, so one process can hold many. */
  concurrency: number
  converse: Converse
  lockDurationMs?: number
  stalledIntervalMs?: number
  /** First and maximum retry delay, in milliseconds. Default 1,000 and 60,000. */
  backoff?: { firstMs: number; maxMs: number }
  /** How long a chat may fail before the conversation becomes undeliverable, in milliseconds. Default 24 hours. */
  giveUpAfterMs?: number
  /** Time limit for turns to end on shutdown, in milliseconds. Default 5,000. */
  stopTimeoutMs?: number
  /** Polling interval in case a change message is lost, in milliseconds. Default 2,000. */
  pollMs?: number
  /** Clock for retry delays and the time limit, in milliseconds since 1970. */
  now?: () => number
}

/** How long to retry a conversation whose job has no record, in milliseconds. */
const RECORD_TIMEOUT_MS = 600_000

type Turn = { readonly controller: AbortController; lockedAt: number }

/**
 * Processes conversations. One whose worker dies is picked up by another after at most `lockDurationMs` +
 * `stalledIntervalMs`, half a minute by default; immediately when a local queue is restarted.
 */
export function runDeliverWorker(options: Options): {
  ready(): Promise<void>
  /** Ends every turn and requeues the conversations. */
  stop(): Promise<void>
} {
  const { backend, log } = options
  const store = checkedStore(options.store, log)
  const { lockDurationMs = 20_000, stalledIntervalMs = 10_000, giveUpAfterMs = 24 * 3_600_000 } = options
  const { firstMs, maxMs } = options.backoff ?? { firstMs: 1_000, maxMs: 60_000 }
  const client = backend.connect('worker')
  const subscriber = backend.connect('events')
  const { listen, ready: subscribed } = makeJobListener(subscriber)
  const queuePosition = (jobId: JobId) => readQueuePosition(client, jobId)
  const { pollMs = 2_000 } = options
  const followed = { store, eventLog: makeEventLog(client), listen, queuePosition, pollMs }
  const turns = new Map<JobId, Turn>()
  let stopping = false

  const abort = (jobId: JobId, cause: AbortCause) =>
    turns.get(jobId)?.controller.abort(new RunAbortedError(cause))

  async function process(job: Job<Conversation>, token: string): Promise<void> {
    const data = Conversation.parse(job.data)
    const { jobId } = data
    const turn: Turn = { controller: new AbortController(), lockedAt: performance.now() }
    const { signal } = turn.controller
    let backoffReset = false
    turns.set(jobId, turn)
    try {
      if (stopping) abort(jobId, 'stopping')
      signal.throwIfAborted()
      const record = await loadRecord(store, data)
      if (record === null) {
        if ((await store.readTombstone(jobId)) !== null) return undefined
        // A worker that shares the store with the API may pick it up next.
        throw new RecordMissingError()
      }
      const { requestId } = record
      addLogFields(requestId === undefined ? {} : { requestId })
      if ((await readDelivery(store, jobId)) !== null) return undefined

      const delivery = await options.converse({
        record,
        state: data.state,
        recovered: data.recovered,
        signal,
        async save(state) {
          // Without a timely renewal another worker may have the conversation.
          if (performance.now() - turn.lockedAt > lockDurationMs) abort(jobId, 'lock_lost')
          if ((signal.reason as RunAbortedError | undefined)?.cause === 'lock_lost') throw signal.reason
          // Save what was sent even when the turn has to end: the next one needs no lookup.
          data.state = state
          await job.updateData(data)
          await backend.flush()
          signal.throwIfAborted()
        },
        keepPlaces: (places) => keepPlaces({ store, client }, jobId, places),
        resetBackoff() {
          backoffReset = true
        },
        follow: (ended) => {
          const { readOutcome, readCheckpoint } = store
          const known = { readRecord: async () => record, readOutcome, readCheckpoint }
          return followJob({ ...followed, store: known }, jobId, {
            signal: AbortSignal.any([signal, ended]),
          })
        },
      })
      if (delivery.state === 'parked')
        return await parkConversation({ job, token, store, data, parked: delivery })
      await writeDelivery(store, jobId, delivery)
      count(`delivery:${delivery.state}`)
      if (delivery.state === 'undeliverable')
        log.warn({ jobId, reason: delivery.reason }, 'notification undeliverable')
    } catch (error) {
      if (error instanceof DelayedError) throw error
      if (signal.aborted) return await requeue(job, token, signal.reason as RunAbortedError)
      if ((error as { code?: unknown }).code === 'store_corrupt')
        return log.error({ err: error, jobId }, 'job record cannot be read, no notification sent')
      await retryLater({ job, token, data, backoffReset, error })
    } finally {
      turns.delete(jobId)
    }
  }

  /** Schedules another turn, or ends the conversation when the chat has failed for too long. */
  async function retryLater(failed: {
    job: Job<Conversation>
    token: string
    data: Conversation
    backoffReset: boolean
    error: unknown
  }): Promise<void> {
    const { job, token, data, backoffReset, error } = failed
    const { jobId } = data
    const now = (options.now ?? Date.now)()
    const failures = backoffReset ? 1 : data.failures + 1
    const failingSince = (backoffReset ? null : data.failingSince) ?? new Date(now).toISOString()
    if (error instanceof RecordMissingError && now - Date.parse(failingSince) > RECORD_TIMEOUT_MS)
      return log.error({ err: error, jobId }, 'job record not found in the store, dropping its conversation')
    if (now - Date.parse(failingSince) > giveUpAfterMs) {
      log.error({ err: error, jobId, failures }, 'chat unreachable for too long, notification undeliverable')
      const message =
        'The chat was unreachable for too long. The job is not affected; its status and result are available from the API.'
      const at = new Date(now).toISOString()
      await writeDelivery(store, jobId, { state: 'undeliverable', at, reason: 'chat_unreachable', message })
      count('delivery:undeliverable')
      return
    }
    count('delivery_failed')
    const retryAfter = (error as { afterMs?: unknown } | null)?.afterMs
    const backoff = Math.min(firstMs * 2 ** Math.min(failures - 1, 20), maxMs) * (0.75 + Math.random() / 4)
    const afterMs = Math.ceil(typeof retryAfter === 'number' ? retryAfter : backoff)
    log.warn({ err: error, jobId, failures, afterMs }, 'notification failed, retrying')
    await job.updateData({ ...data, failures, failingSince })
    await job.moveToDelayed(now + afterMs, token)
    throw new DelayedError()
  }

  /** Best effort: a crash may lose a count. The store has the result of every conversation. */
  function count(field: string): void {
    client.hincrby(METRICS_KEY, field, 1).catch((err: unknown) => log.debug({ err }, 'cannot update metrics'))
  }

  async function requeue(job: Job<Conversation>, token: string, { cause }: RunAbortedError): Promise<never> {
    const moved = job.moveToWait(token)
    // After a lost lock, stalled-job recovery has moved the conversation already.
    await (cause === 'lock_lost' ? moved.catch(() => 0) : moved)
    throw new WaitingError()
  }

  const turn = (job: Job<Conversation>, token: string) =>
    withLogFields({ jobId: job.data.jobId, stage: 'deliver' }, () => process(job, token))
  const worker = new Worker<Conversation>(QUEUES.deliver, (job, token) => turn(job, token ?? ''), {
    connection: client,
    prefix: PREFIX,
    ...(backend.telemetry.queue && { telemetry: backend.telemetry.queue }),
    concurrency: options.concurrency,
    lockDuration: lockDurationMs,
    stalledInterval: stalledIntervalMs,
    maxStalledCount: Number.MAX_SAFE_INTEGER,
  })
  worker.on('error', (error) =>
    log[isQueueUnavailable(error) ? 'debug' : 'warn']({ err: error }, 'deliver worker: queue error'),
  )
  worker.on('locksRenewed', ({ jobIds }) => {
    for (const jobId of jobIds) {
      const turn = turns.get(jobId)
      if (turn) turn.lockedAt = performance.now()
    }
  })
  worker.on('lockRenewalFailed', (jobIds) => jobIds.forEach((jobId) => abort(jobId, 'lock_lost')))

  async function stop(): Promise<void> {
    stopping = true
    const closed = worker.close()
    for (const jobId of turns.keys()) abort(jobId, 'stopping')
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, options.stopTimeoutMs ?? 5_000)))
    await Promise.race([closed, late])
    clearTimeout(timer)
    subscriber.disconnect()
    client.disconnect()
  }

  let stopped: Promise<void> | null = null
  return {
    async ready() {
      await Promise.all([worker.waitUntilReady(), subscribed])
    },
    stop: () => (stopped ??= stop()),
  }
}
