import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import {
  type JobId,
  type JobList,
  type JobRecord,
  type JobState,
  type JobView,
  type PlanDecision,
  type PreferenceHolder,
  type PreferencesRequest,
  type PreferencesView,
  type WorkerInfo,
} from '#contract'
import { checkedStore } from '#store/checked-store'
import type { JobStore } from '#store/job-store'
import { mapQueueErrors } from '../map-queue-errors.ts'
import type { QueueBackend } from '../backend.ts'
import type { Change } from '../changes/change-log.ts'
import { keys } from '../names.ts'
import { possibleModels } from './apply-preferences.ts'
import { changePreferences, viewPreferences } from './preferences.ts'
import { addChange, findChange, type AddedChange } from './add-change.ts'
import { applyAwaited, applyChanges } from './apply-changes.ts'
import { cancelJob, type CancelResult } from './cancel.ts'
import { decideOnPlan, type PlanDecisionResult } from './decide-plan.ts'
import { QueueUnavailableError } from '../errors.ts'
import type { Metrics } from '../events/metrics.ts'
import { readMetrics } from './read-metrics.ts'
import { followJob, type JobUpdate } from '../events/follow.ts'
import type { Idempotency } from './idempotency.ts'
import { makeJobsContext, type JobLimits } from './jobs-context.ts'
import { countJobs, listJobs, type ListQuery } from './list.ts'
import { makeJobListener } from '../events/pubsub.ts'
import { recoverJobs, type Recovery } from './recover.ts'
import { NO_QUOTAS, type Quotas } from './quotas.ts'
import { readQueuePosition } from '../events/queue-position.ts'
import { submitJob } from './submit.ts'
import { sweepJobs, type RetentionPolicy, type SweepResult } from './sweep.ts'
import { liveWorkers } from '../events/live-workers.ts'
import { viewJob } from './view-job.ts'

/** Operations on jobs. While the queue is unavailable, calls fail within seconds with QueueUnavailableError. */
export type Jobs = {
  /**
   * Stores the record, then queues the job; resolves when both are durable. Idempotent. An idempotency key that was already
   * used for an equal request returns the earlier job (`created: false`).
   *
   * A rejected job never runs: it is withdrawn when `signal` aborts first, or when the call throws.
   *
   * @throws IdempotencyConflictError when the key was used for a different request.
   * @throws QuotaError when a limit is reached.
   * @throws SubmissionUncertainError when a stored job cannot be withdrawn: the only case that may still run.
   */
  submit(
    record: JobRecord,
    idempotency?: Idempotency,
    signal?: AbortSignal,
  ): Promise<{ jobId: JobId; created: boolean }>
  /** Null for an unknown job. */
  view(jobId: JobId): Promise<JobView | null>
  /** Cancels a job. The running worker is notified within milliseconds; the job has ended either way. */
  cancel(jobId: JobId): Promise<CancelResult>
  /** Keeps a change for a job that is running: it is applied by a refinement once the job has completed. */
  addChange(jobId: JobId, change: Change): Promise<AddedChange>
  /** What became of a change with this key; null when there was none, or when it was dropped. */
  findChange(jobId: JobId, key: string): Promise<AddedChange | null>
  /**
   * Decides on the plan that a job waits with. Doing it twice is the same as doing it once; so is the same `key`, whichever
   * plan waits by then.
   */
  decidePlan(jobId: JobId, decision: PlanDecision, key?: string): Promise<PlanDecisionResult>
  /** What a channel, a workspace or a person prefers, and what it has spent. */
  preferences(holder: PreferenceHolder): Promise<PreferencesView>
  /** Changes preferences. Doing it twice is the same as doing it once. @throws ModelNotAllowedError */
  changePreferences(
    holder: PreferenceHolder,
    changes: PreferencesRequest['preferences'],
    by: string | null,
  ): Promise<PreferencesView>
  /** The models that requests may choose now. */
  models(): Promise<string[]>
  /** Newest first. @throws InvalidCursorError */
  list(query: ListQuery): Promise<JobList>
  counts(): Promise<Record<JobState, number>>
  /**
   * Streams every change after `after` (an id from an earlier update) until a final state or `signal`. Starts with the
   * current view when `after` is absent, unknown or trimmed.
   */
  follow(jobId: JobId, options: { after?: string; signal: AbortSignal }): AsyncIterable<JobUpdate>
  /** Workers with a recent heartbeat. */
  workers(): Promise<WorkerInfo[]>
  /** Counters of all processes, and queue sizes. */
  metrics(): Promise<Metrics>
  /** Throws QueueUnavailableError when the queue accepts no write within `queueTimeoutMs` plus half a second; see its cause. */
  ping(): Promise<void>
  /**
   * Requeues stored jobs that are missing from the queue, and repairs indexes, event logs and conversations: `all` (default)
   * at startup, `recent` every minute, `lost` periodically.
   */
  recover(which?: Recovery): Promise<{ requeued: number }>
  /** Deletes expired jobs. */
  sweep(keep: RetentionPolicy): Promise<SweepResult>
} & AsyncDisposable

export function makeJobs(deps: {
  backend: QueueBackend
  store: JobStore
  log: Logger
  limits?: JobLimits
  /** Default: unlimited. */
  quotas?: Quotas
  /** The models that requests and preferences may choose. Default: none. */
  models?: readonly string[]
}): Jobs {
  const { backend, log, limits = {} } = deps
  const store = checkedStore(deps.store, log)
  const context = makeJobsContext({
    backend,
    store,
    log,
    limits,
    quotas: deps.quotas ?? NO_QUOTAS,
    models: deps.models ?? [],
  })
  const { client, eventLog } = context
  const closing = new AbortController()

  const subscriber = backend.connect('events')
  const applying = new Set<Promise<void>>()
  const { listen, ready: subscribed } = makeJobListener(subscriber, (jobId) => {
    const applied = applyOnEnd(jobId)
      .catch((error: unknown) => log.debug({ err: error, jobId }, 'changes cannot be applied yet'))
      .finally(() => applying.delete(applied))
    applying.add(applied)
  })
  const queuePosition = (jobId: JobId) => readQueuePosition(client, jobId)
  const followDeps = { store, eventLog, listen, queuePosition, pollMs: limits.pollMs ?? 2_000 }

  return {
    submit: (record, idempotency, signal) =>
      backend.telemetry.inSpan('submit', { 'job.id': record.jobId }, () =>
        mapQueueErrors(submitJob(context, record, idempotency, signal)),
      ),
    cancel: (jobId) => mapQueueErrors(cancelJob(context, jobId)),
    decidePlan: (jobId, decision, key) => mapQueueErrors(decideOnPlan(context, jobId, decision, key)),
    preferences: (holder) => mapQueueErrors(viewPreferences(context, holder)),
    changePreferences: (holder, changes, by) =>
      mapQueueErrors(changePreferences(context, holder, { changes, by })),
    models: () => mapQueueErrors(context.ready().then(() => possibleModels(context))),
    list: (query) => mapQueueErrors(listJobs(context, query)),
    counts: () => mapQueueErrors(countJobs(context)),
    addChange: (jobId, change) => mapQueueErrors(addChange(context, jobId, change)),
    findChange: (jobId, key) => findChange(context, jobId, key),
    recover: (which = 'all') => mapQueueErrors(recoverAndApply(which)),
    sweep: (keep) => mapQueueErrors(sweepJobs(context, keep)),

    view: (jobId) => viewJob(context, jobId),

    async *follow(jobId, options) {
      const signal = AbortSignal.any([options.signal, closing.signal])
      // Without a subscription the stream still polls.
      await Promise.race([subscribed, sleep(followDeps.pollMs, undefined, { ref: false })]).catch(() => {})
      yield* followJob(followDeps, jobId, { ...options, signal })
    },

    workers: () => mapQueueErrors(context.ready().then(() => liveWorkers(client))),
    metrics: () => mapQueueErrors(context.ready().then(() => readMetrics(client))),
    ping: () => mapQueueErrors(ping()),

    async [Symbol.asyncDispose]() {
      closing.abort()
      subscriber.disconnect()
      await Promise.race([
        Promise.allSettled(applying),
        sleep(context.queueTimeoutMs, undefined, { ref: false }),
      ])
      await context[Symbol.asyncDispose]()
    },
  }

  /** In every API process; the periodic recovery applies what they miss. */
  async function applyOnEnd(jobId: JobId): Promise<void> {
    if ((await client.sismember(keys.awaited, jobId)) === 1) await applyChanges(context, jobId)
  }

  async function recoverAndApply(which: Recovery) {
    const recovered = await recoverJobs(context, which)
    await applyAwaited(context)
    return recovered
  }

  async function ping(): Promise<void> {
    // Longer than the connection timeout, whose error is more specific.
    const overdue = AbortSignal.timeout(context.queueTimeoutMs + 500)
    const late = new Promise<never>((_, reject) => {
      overdue.addEventListener('abort', () => reject(new QueueUnavailableError({ cause: overdue.reason })))
    })
    await Promise.race([context.ready().then(context.probe), late])
  }
}
