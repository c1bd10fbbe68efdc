import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'bullmq'
import type { Logger } from 'pino'
import type { JobId, WorkerInfo } from '#contract'
import { checkedStore } from '#store/checked-store'
import type { JobStore } from '#store/job-store'
import { isAway } from '../map-queue-errors.ts'
import type { QueueBackend } from '../backend.ts'
import { unindexJobs, groupsOf } from '../events/unindex-jobs.ts'
import type { FailureOutcome } from './failure-outcome.ts'
import { startHeartbeat } from './heartbeat.ts'
import { makeEventLog } from '../events/event-log.ts'
import { PREFIX, QUEUES, keys } from '../names.ts'
import { subscribeChanges } from '../events/pubsub.ts'
import { rejectJob } from './reject-job.ts'
import { makeJobRunner, type RunJob } from './run-job.ts'
import { makeUsageCounter } from '../usage.ts'

export type { RunJob }

/** How many recent durations an estimate is made of. */
const TIMED_RUNS = 20
/** How long the queue may take at the end to take back what was not finished, in milliseconds. */
const FAREWELL_MS = 5_000

/**
 * Takes generate jobs and runs them, `concurrency` at a time. A job whose worker dies is taken up by another after
 * `lockDurationMs` + `stalledIntervalMs` at most, 13 seconds by default; on a local queue that is started again, at
 * once.
 */
export function runGenerateWorker(deps: {
  backend: QueueBackend
  store: JobStore
  log: Logger
  info: WorkerInfo
  concurrency: number
  /**
   * Runs one attempt and gives its outcome. What it throws is tried again while attempts remain, unless the error
   * says `retryable: false`.
   */
  run: RunJob
  /** Gives the outcome of a job that has no attempts left, or that took down one worker after the other. */
  failureOutcome: FailureOutcome
  lockDurationMs?: number
  stalledIntervalMs?: number
  /** Default 3 lost workers. */
  maxStalls?: number
  /** How long an aborted run may go on before its slot is given to another, in milliseconds. Default 5,000. */
  abortPatienceMs?: number
  /** How soon a job is tried again when the store failed it, in milliseconds. Default 5,000. */
  storeRetryMs?: number
  /** How long a job is looked for that is not in the store, before it fails, in milliseconds. Default 2,000. */
  recordPatienceMs?: number
}): {
  /** Resolves when jobs are being taken. */
  ready(): Promise<void>
  /** Takes no more jobs, waits up to `graceMs` for those that run, and hands the rest back to the queue. */
  stop(options: { graceMs: number }): Promise<void>
} {
  const { backend, log } = deps
  const store = checkedStore(deps.store, log)
  const { lockDurationMs = 9_000, stalledIntervalMs = 4_000, abortPatienceMs = 5_000 } = deps
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
    spend: makeUsageCounter(client).spend,
    async timed(ms) {
      const kept = client
        .multi()
        .lpush(keys.durations, ms)
        .ltrim(keys.durations, 0, TIMED_RUNS - 1)
        .exec()
      await kept.catch((error: unknown) => log.debug({ err: error }, 'could not keep how long a run took'))
    },
    lockDurationMs,
    maxStalls: deps.maxStalls ?? 3,
    abortPatienceMs,
    storeRetryMs: deps.storeRetryMs ?? 5_000,
    recordPatienceMs: deps.recordPatienceMs ?? 2_000,
    unindex: (stone) => unindexJobs({ client }, [stone.jobId], groupsOf(stone)),
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
      // Lost workers are counted by us, so that such a job too ends with an outcome.
      maxStalledCount: Number.MAX_SAFE_INTEGER,
    },
  )
  worker.on('error', (error) =>
    log[isAway(error) ? 'debug' : 'warn']({ err: error }, 'worker: the queue failed'),
  )
  worker.on('locksRenewed', ({ jobIds }) => jobs.renewed(jobIds))
  worker.on('lockRenewalFailed', (jobIds) => jobIds.forEach((jobId) => jobs.abort(jobId, 'lock_lost')))
  worker.on('stalled', (jobId) => {
    log.warn({ jobId }, 'a job has lost its worker and is queued again')
    noteStalled(jobId).catch((error: unknown) =>
      log.debug({ err: error, jobId }, 'could not note a lost worker'),
    )
  })

  const { ready: subscribed } = subscribeChanges(subscriber, {
    change: (jobId, state) => state === 'cancelled' && jobs.abort(jobId, 'cancelled'),
    // Every running job looks for itself each second.
    gap: () => {},
  })
  const heartbeat = startHeartbeat(client, deps.info)

  async function noteStalled(jobId: JobId): Promise<void> {
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
    await within(abortPatienceMs + FAREWELL_MS)
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
