import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'bullmq'
import type { Logger } from 'pino'
import type { JobId, WorkerInfo } from '#contract'
import { checkedStore } from '#store/checked-store'
import type { JobStore } from '#store/job-store'
import { isQueueUnavailable } from '../map-queue-errors.ts'
import type { QueueBackend } from '../backend.ts'
import { unindexJobs, ownerIndexesOf } from '../events/unindex-jobs.ts'
import type { FailureOutcome } from './failure-outcome.ts'
import { startHeartbeat } from './heartbeat.ts'
import { makeEventLog } from '../events/event-log.ts'
import { PREFIX, QUEUES, keys } from '../names.ts'
import { subscribeChanges } from '../events/pubsub.ts'
import { rejectJob } from './reject-job.ts'
import { makeJobRunner, type RunJob } from './run-job.ts'
import { makeUsageCounter } from '../usage.ts'

export type { RunJob }

/** Recent durations that the wait estimate is based on. */
const MAX_DURATIONS = 20
/** Time limit for requeueing unfinished jobs on shutdown, in milliseconds. */
const REQUEUE_TIMEOUT_MS = 5_000

/**
 * Processes generate jobs, `concurrency` at a time. A job whose worker dies is picked up by another after at most
 * `lockDurationMs` + `stalledIntervalMs`, 13 seconds by default; immediately when a local queue is restarted.
 */
export function runGenerateWorker(deps: {
  backend: QueueBackend
  store: JobStore
  log: Logger
  info: WorkerInfo
  concurrency: number
  /**
   * Runs one attempt and returns its outcome. Errors are retried while attempts remain, unless the error has
   * `retryable: false`.
   */
  run: RunJob
  /** Outcome of a job without attempts left, or that has stalled too often. */
  failureOutcome: FailureOutcome
  lockDurationMs?: number
  stalledIntervalMs?: number
  /** Default 3 lost workers. */
  maxStalls?: number
  /** How long an aborted run may take to stop before its slot is reused, in milliseconds. Default 5,000. */
  abortTimeoutMs?: number
  /** Retry delay after a store error, in milliseconds. Default 5,000. */
  storeRetryMs?: number
  /** How long to wait for a missing job record before the job fails, in milliseconds. Default 2,000. */
  recordTimeoutMs?: number
}): {
  /** Resolves when the worker accepts jobs. */
  ready(): Promise<void>
  /** Stops accepting jobs, waits up to `graceMs` for running ones, and requeues the rest. */
  stop(options: { graceMs: number }): Promise<void>
} {
  const { backend, log } = deps
  const store = checkedStore(deps.store, log)
  const { lockDurationMs = 9_000, stalledIntervalMs = 4_000, abortTimeoutMs = 5_000 } = deps
  const client = backend.connect('worker')
  const subscriber = backend.connect('events')
  const eventLog = makeEventLog(client)
  const jobs = makeJobRunner({
    store,
    eventLog,
    log,
    run: deps.run,
    failureOutcome: deps.failureOutcome,
    flush: backend.flush,
    recordUsage: makeUsageCounter(client).record,
    async recordDuration(ms) {
      const kept = client
        .multi()
        .lpush(keys.durations, ms)
        .ltrim(keys.durations, 0, MAX_DURATIONS - 1)
        .exec()
      await kept.catch((error: unknown) => log.debug({ err: error }, 'cannot record the run duration'))
    },
    lockDurationMs,
    maxStalls: deps.maxStalls ?? 3,
    abortTimeoutMs,
    storeRetryMs: deps.storeRetryMs ?? 5_000,
    recordTimeoutMs: deps.recordTimeoutMs ?? 2_000,
    unindex: (stone) => unindexJobs({ client }, [stone.jobId], ownerIndexesOf(stone)),
    reject: (jobId, failure) => rejectJob({ client, eventLog }, jobId, failure),
  })

  const worker = new Worker<{ jobId: JobId }>(
    QUEUES.generate,
    (job, token) => jobs.process(job, token ?? ''),
    {
      connection: client,
      prefix: PREFIX,
      ...(backend.telemetry.queue && { telemetry: backend.telemetry.queue }),
      concurrency: deps.concurrency,
      lockDuration: lockDurationMs,
      stalledInterval: stalledIntervalMs,
      // Stalls are counted here, so that such a job also ends with an outcome.
      maxStalledCount: Number.MAX_SAFE_INTEGER,
    },
  )
  worker.on('error', (error) =>
    log[isQueueUnavailable(error) ? 'debug' : 'warn']({ err: error }, 'generate worker: queue error'),
  )
  worker.on('locksRenewed', ({ jobIds }) => jobs.renewed(jobIds))
  worker.on('lockRenewalFailed', (jobIds) => jobIds.forEach((jobId) => jobs.abort(jobId, 'lock_lost')))
  worker.on('stalled', (jobId) => {
    log.warn({ jobId }, 'job stalled, requeued')
    recordStalled(jobId).catch((error: unknown) =>
      log.debug({ err: error, jobId }, 'cannot record a stalled job'),
    )
  })

  const { ready: subscribed } = subscribeChanges(subscriber, {
    change: (jobId, state) => state === 'cancelled' && jobs.abort(jobId, 'cancelled'),
    // Every running job polls each second.
    gap: () => {},
  })
  const heartbeat = startHeartbeat(client, deps.info)

  async function recordStalled(jobId: JobId): Promise<void> {
    const last = (await eventLog.tail(jobId))?.change
    if (last === undefined) return
    await eventLog.append(jobId, { ...last, state: 'waiting', at: new Date().toISOString() }, 'stalled', [
      ['stalled', 1],
    ])
  }

  async function stop(graceMs: number): Promise<void> {
    const closed = worker.close()
    const within = async (ms: number) => {
      const enough = new AbortController()
      await Promise.race([closed, sleep(ms, undefined, { signal: enough.signal })])
      enough.abort()
    }
    await within(graceMs)
    jobs.abortAll()
    await within(abortTimeoutMs + REQUEUE_TIMEOUT_MS)
    await heartbeat.stop()
    subscriber.disconnect()
    client.disconnect()
  }

  let stopped: Promise<void> | null = null
  return {
    async ready() {
      await Promise.all([worker.waitUntilReady(), subscribed, heartbeat.first])
    },
    stop: ({ graceMs }) => (stopped ??= stop(graceMs)),
  }
}
