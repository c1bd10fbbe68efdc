import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import {
  type JobId,
  type JobList,
  type JobRecord,
  type JobState,
  type JobView,
  type WorkerInfo,
} from '#contract'
import { checkedStore } from '#store/checked-store'
import type { JobStore } from '#store/job-store'
import { mapQueueErrors } from '../map-queue-errors.ts'
import type { QueueBackend } from '../backend.ts'
import { cancelJob, type CancelResult } from './cancel.ts'
import { QueueUnavailableError } from '../errors.ts'
import type { Metrics } from '../events/metrics.ts'
import { readMetrics } from './read-metrics.ts'
import { followJob, type Followed } from '../events/follow.ts'
import type { Idempotency } from './idempotency.ts'
import { makeJobsContext, type JobLimits } from './jobs-context.ts'
import { countJobs, listJobs, type ListQuery } from './list.ts'
import { makeListen } from '../events/pubsub.ts'
import { recoverJobs, type Recovery } from './recover.ts'
import { NO_QUOTAS, type Quotas } from './quotas.ts'
import { readQueuePosition } from '../events/queue-position.ts'
import { submitJob } from './submit.ts'
import { sweepJobs, type Keep, type Swept } from './sweep.ts'
import { liveWorkers } from '../events/live-workers.ts'
import { viewJob } from './view-job.ts'

/** What can be asked of the queue. While it is away, calls fail within seconds with QueueUnavailableError. */
export type Jobs = {
  /**
   * Stores the record, then queues the job; resolves when both survive a crash. May be repeated. An idempotency
   * key that was used before with an equal request gives the earlier job (`created: false`).
   *
   * What is refused never runs: when `signal` fires before it resolves, and when it throws, the job is withdrawn.
   *
   * @throws IdempotencyConflictError when the key was used with a different request.
   * @throws QuotaError when whoever asks has used up what they may use.
   * @throws SubmissionUncertainError when the store took the job and would not give it up: the one case that may run.
   */
  submit(
    record: JobRecord,
    idempotency?: Idempotency,
    signal?: AbortSignal,
  ): Promise<{ jobId: JobId; created: boolean }>
  /** Null when nobody stored such a job. */
  view(jobId: JobId): Promise<JobView | null>
  /** Ends a job for good. A worker that runs it hears of it within milliseconds; the job has ended either way. */
  cancel(jobId: JobId): Promise<CancelResult>
  /** Newest first. @throws InvalidCursorError */
  list(query: ListQuery): Promise<JobList>
  counts(): Promise<Record<JobState, number>>
  /**
   * Every change after `after` (an id that this gave before), live, until a final state or `signal`. Begins with the
   * view of now when `after` is absent, unknown or trimmed.
   */
  follow(jobId: JobId, options: { after?: string; signal: AbortSignal }): AsyncIterable<Followed>
  /** Workers that gave a sign of life within the last seconds. */
  workers(): Promise<WorkerInfo[]>
  /** What is counted over all processes, and how the queues stand. */
  metrics(): Promise<Metrics>
  /** Throws QueueUnavailableError when the queue does not take a write within `queuePatienceMs` and half a second; its cause says why. */
  ping(): Promise<void>
  /**
   * Queues jobs that were stored but are not in the queue, and repairs lists, histories and conversations: `all` at the
   * start, which is the default, `recent` every minute, and `lost` from time to time.
   */
  recover(which?: Recovery): Promise<{ requeued: number }>
  /** Lets go of what was kept for long enough. */
  sweep(keep: Keep): Promise<Swept>
} & AsyncDisposable

export function makeJobs(deps: {
  backend: QueueBackend
  store: JobStore
  log: Logger
  limits?: JobLimits
  /** What askers may use. Default: without limits. */
  quotas?: Quotas
}): Jobs {
  const { backend, log, limits = {} } = deps
  const store = checkedStore(deps.store, log)
  const context = makeJobsContext({ backend, store, log, limits, quotas: deps.quotas ?? NO_QUOTAS })
  const { client, eventLog } = context
  const closing = new AbortController()

  const subscriber = backend.connect('events')
  const { listen, ready: subscribed } = makeListen(subscriber)
  const queuePosition = (jobId: JobId) => readQueuePosition(client, jobId)
  const follower = { store, eventLog, listen, queuePosition, pollMs: limits.pollMs ?? 2_000 }

  return {
    submit: (record, idempotency, signal) =>
      backend.telemetry.inSpan('submit', { 'job.id': record.jobId }, () =>
        mapQueueErrors(submitJob(context, record, idempotency, signal)),
      ),
    cancel: (jobId) => mapQueueErrors(cancelJob(context, jobId)),
    list: (query) => mapQueueErrors(listJobs(context, query)),
    counts: () => mapQueueErrors(countJobs(context)),
    recover: (which = 'all') => mapQueueErrors(recoverJobs(context, which)),
    sweep: (keep) => mapQueueErrors(sweepJobs(context, keep)),

    view: (jobId) => viewJob(context, jobId),

    async *follow(jobId, options) {
      const signal = AbortSignal.any([options.signal, closing.signal])
      // Without a subscription the follower still looks for itself from time to time.
      await Promise.race([subscribed, sleep(follower.pollMs, undefined, { ref: false })]).catch(() => {})
      yield* followJob(follower, jobId, { ...options, signal })
    },

    workers: () => mapQueueErrors(context.ready().then(() => liveWorkers(client))),
    metrics: () => mapQueueErrors(context.ready().then(() => readMetrics(client))),
    ping: () => mapQueueErrors(ping()),

    async [Symbol.asyncDispose]() {
      closing.abort()
      subscriber.disconnect()
      await context[Symbol.asyncDispose]()
    },
  }

  async function ping(): Promise<void> {
    // Longer than a connection is waited for, which knows better why there is none.
    const overdue = AbortSignal.timeout(context.queuePatienceMs + 500)
    const late = new Promise<never>((_, reject) => {
      overdue.addEventListener('abort', () => reject(new QueueUnavailableError({ cause: overdue.reason })))
    })
    await Promise.race([context.ready().then(context.probe), late])
  }
}
