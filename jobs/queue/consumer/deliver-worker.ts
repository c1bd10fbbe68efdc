import { DelayedError, WaitingError, Worker, type Job } from 'bullmq'
import type { Logger } from 'pino'
import type { Delivery, JobId, JobRecord } from '#contract'
import { addLogFields, withLogFields } from '#lib/log-fields'
import { checkedStore } from '#store/checked-store'
import type { JobStore } from '#store/job-store'
import { isAway } from '../map-queue-errors.ts'
import type { QueueBackend } from '../backend.ts'
import { Conversation, readDelivery, writeDelivery } from '../conversation.ts'
import { RecordMissingError, RunAbortedError, type AbortCause } from './errors.ts'
import { METRICS_KEY } from '../events/metrics.ts'
import { followJob, type Followed } from '../events/follow.ts'
import { makeEventLog } from '../events/event-log.ts'
import { PREFIX, QUEUES } from '../names.ts'
import { makeListen } from '../events/pubsub.ts'
import { recordOf } from './record-of-conversation.ts'
import { readQueuePosition } from '../events/queue-position.ts'

/*
 * One turn of a conversation:
 *
 *   taken ─► told already? ──────────────────────────────────────────────► done
 *     └────► follow ─┬─ told, or nobody can be told ─► keep how it ended ─► done
 *                    ├─ the chat failed ─► wait (as long as it says, else longer each time) ─► another turn
 *                    │                 └─ for a day on end: keep that it could not be told ─► done
 *                    └─ stopping or lock lost ─► back to the queue
 *
 * A turn may end anywhere and the next one goes on from the state that was kept. Above 200 lines because the ways in which
 * a turn ends are only right together.
 */

export type ConversationTurn = {
  readonly record: JobRecord
  /** What was kept last; null at the beginning. */
  readonly state: unknown
  /** Messages may be there that the state does not know. */
  readonly recovered: boolean
  /** Resolves when the state survives a crash. Rejects once the conversation is no longer ours. */
  save(state: unknown): Promise<void>
  /** The chat did what it was asked: pauses after failures begin anew. */
  reached(): void
  /** The job's view now and after every change, to its end. */
  follow(signal: AbortSignal): AsyncIterable<Followed>
  /** Fires when the turn has to end: what it was about to do is no longer ours to do. */
  readonly signal: AbortSignal
}

/**
 * One turn, to the end of the conversation. What it throws is tried again, after the error's `afterMs` if it has one.
 */
export type Converse = (turn: ConversationTurn) => Promise<Delivery>

type Options = {
  backend: QueueBackend
  store: JobStore
  log: Logger
  /** A conversation mostly waits, so many fit into one process. */
  concurrency: number
  converse: Converse
  lockDurationMs?: number
  stalledIntervalMs?: number
  /** The pause after a first failure in a row, and the longest one, in milliseconds. Default 1,000 and 60,000. */
  backoff?: { firstMs: number; maxMs: number }
  /** How long a chat may fail before the conversation is given up, in milliseconds. Default 24 hours. */
  giveUpAfterMs?: number
  /** How long a turn may take to notice that it has to end, in milliseconds. Default 5,000. */
  farewellMs?: number
  /** How long a follower may miss a change whose signal was lost, in milliseconds. Default 2,000. */
  pollMs?: number
  /** The clock by which pauses run and a chat is given up, in milliseconds since 1970. */
  now?: () => number
}

/** How long the conversation of a job without a record is kept, in milliseconds. */
const RECORD_PATIENCE_MS = 600_000

type Turn = { readonly controller: AbortController; lockedAt: number }

/**
 * Takes conversations and keeps them. One whose worker dies is taken up by another after `lockDurationMs` +
 * `stalledIntervalMs` at most, half a minute by default; on a local queue that is started again, at once.
 */
export function runDeliverWorker(options: Options): {
  ready(): Promise<void>
  /** Ends every turn and hands the conversations back to the queue. */
  stop(): Promise<void>
} {
  const { backend, log } = options
  const store = checkedStore(options.store, log)
  const { lockDurationMs = 20_000, stalledIntervalMs = 10_000, giveUpAfterMs = 24 * 3_600_000 } = options
  const { firstMs, maxMs } = options.backoff ?? { firstMs: 1_000, maxMs: 60_000 }
  const client = backend.connect('worker')
  const subscriber = backend.connect('events')
  const { listen, ready: subscribed } = makeListen(subscriber)
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
    let reached = false
    turns.set(jobId, turn)
    try {
      if (stopping) abort(jobId, 'stopping')
      signal.throwIfAborted()
      const record = await recordOf(store, data)
      if (record === null) {
        if ((await store.readTombstone(jobId)) !== null) return undefined
        // A worker that shares the store with the API may take it next.
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
          // Without a renewal in time another worker may have the conversation by now.
          if (performance.now() - turn.lockedAt > lockDurationMs) abort(jobId, 'lock_lost')
          if ((signal.reason as RunAbortedError | undefined)?.cause === 'lock_lost') throw signal.reason
          // What was sent is kept even where the turn has to end: it spares the next one a search.
          data.state = state
          await job.updateData(data)
          await backend.flush()
          signal.throwIfAborted()
        },
        reached() {
          reached = true
        },
        follow: (ended) => {
          const known = { readRecord: async () => record, readOutcome: store.readOutcome }
          return followJob({ ...followed, store: known }, jobId, {
            signal: AbortSignal.any([signal, ended]),
          })
        },
      })
      await writeDelivery(store, jobId, delivery)
      count(`delivery:${delivery.state}`)
      if (delivery.state === 'undeliverable')
        log.warn({ jobId, reason: delivery.reason }, 'nobody could be told of a job')
    } catch (error) {
      if (signal.aborted) return await handBack(job, token, signal.reason as RunAbortedError)
      if ((error as { code?: unknown }).code === 'store_corrupt')
        return log.error({ err: error, jobId }, 'a job cannot be read; nobody is told of it')
      await postpone({ job, token, data, reached, error })
    } finally {
      turns.delete(jobId)
    }
  }

  /** Another turn later, or none if the chat has been failing for too long. */
  async function postpone(failed: {
    job: Job<Conversation>
    token: string
    data: Conversation
    reached: boolean
    error: unknown
  }): Promise<void> {
    const { job, token, data, reached, error } = failed
    const { jobId } = data
    const now = (options.now ?? Date.now)()
    const failures = reached ? 1 : data.failures + 1
    const failingSince = (reached ? null : data.failingSince) ?? new Date(now).toISOString()
    if (error instanceof RecordMissingError && now - Date.parse(failingSince) > RECORD_PATIENCE_MS)
      return log.error({ err: error, jobId }, 'a conversation is dropped: its job is not in the store')
    if (now - Date.parse(failingSince) > giveUpAfterMs) {
      log.error({ err: error, jobId, failures }, 'a chat could not be reached for too long; given up')
      const message =
        'The chat could not be reached for too long. The job itself has its own state and result.'
      const at = new Date(now).toISOString()
      await writeDelivery(store, jobId, { state: 'undeliverable', at, reason: 'chat_unreachable', message })
      count('delivery:undeliverable')
      return
    }
    count('delivery_failed')
    const wish = (error as { afterMs?: unknown } | null)?.afterMs
    const pause = Math.min(firstMs * 2 ** Math.min(failures - 1, 20), maxMs) * (0.75 + Math.random() / 4)
    const afterMs = Math.ceil(typeof wish === 'number' ? wish : pause)
    log.warn({ err: error, jobId, failures, afterMs }, 'could not tell of a job; trying again later')
    await job.updateData({ ...data, failures, failingSince })
    await job.moveToDelayed(now + afterMs, token)
    throw new DelayedError()
  }

  /** What is counted of conversations may miss one where the process dies; how each ended is in the store. */
  function count(field: string): void {
    client.hincrby(METRICS_KEY, field, 1).catch((err: unknown) => log.debug({ err }, 'could not count'))
  }

  async function handBack(job: Job<Conversation>, token: string, { cause }: RunAbortedError): Promise<never> {
    const moved = job.moveToWait(token)
    // With the lock lost, whoever found the conversation without its worker has moved it already.
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
    log[isAway(error) ? 'debug' : 'warn']({ err: error }, 'deliver worker: the queue failed'),
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
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, options.farewellMs ?? 5_000)))
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
