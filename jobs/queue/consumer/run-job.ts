import { setTimeout as sleep } from 'node:timers/promises'
import { DelayedError, WaitingError, type Job } from 'bullmq'
import type { Logger } from 'pino'
import {
  notStarted,
  type Failure,
  type JobId,
  type JobOutcome,
  type JobRecord,
  type ModelUsage as ModelUse,
  type Progress,
  type Tombstone,
} from '#contract'
import { addLogFields, withLogFields } from '#lib/log-fields'
import { isStoreUnavailable } from '#store/errors'
import type { JobStore } from '#store/job-store'
import { runAttempt, type ActiveRun, type AttemptResult, type PlanWait } from './run-attempt.ts'
import { JobStalledError, RetryError, RunAbortedError, type AbortCause } from './errors.ts'
import { endedBeforeRun } from './ended-before-run.ts'
import { parkJob } from './park-job.ts'
import { safeFailureOutcome, type FailureOutcome } from './failure-outcome.ts'
import type { EventLog } from '../events/event-log.ts'
import { NOT_IN_STORE, NOT_READABLE } from './reject-job.ts'
import { usedBy, usedSoFar } from '../usage.ts'

/*
 * One run of a queued job:
 *
 *   taken ─► no record? ─► record the failure in the event log ────► done
 *     ├────► already ended? ─► publish the outcome again ──────────────► done
 *     └────► run ─┬─ outcome ────► store it (first writer wins) ─► publish ► done
 *                 ├─ plan ───────► park it until a decision, or the plan expires
 *                 ├─ error ──────► attempts left? retry with backoff, else fail
 *                 ├─ cancelled ──► publish the stored outcome ───────────► done
 *                 └─ stopping or lock lost ─► requeue at the front, not counted as an attempt
 *
 * In BullMQ every ended job is completed; the outcome says how it ended.
 */

export type RunJob = (job: {
  record: JobRecord
  /** Starts at 1; every retry and every lost worker adds one. */
  attempt: number
  /** Aborts with a RunAbortedError when the result is no longer needed: stop as soon as possible. */
  signal: AbortSignal
  /** Publishes progress. Never rejects; waits at most a second for the queue. */
  progress(progress: Progress): Promise<void>
  /** Last progress of an earlier attempt. */
  lastProgress: Progress | null
}) => Promise<JobOutcome | PlanWait>

type Deps = {
  store: JobStore
  eventLog: EventLog
  log: Logger
  run: RunJob
  failureOutcome: FailureOutcome
  /** Makes all writes durable. */
  flush(): Promise<void>
  /** Counts an ended job's model usage. */
  recordUsage(record: JobRecord, used: ModelUse, endedAt: Date): Promise<void>
  /** Records the duration of a completed run. */
  recordDuration(ms: number): Promise<void>
  lockDurationMs: number
  /** Lost workers after which a job fails. */
  maxStalls: number
  /** Retry delay after a store or queue error, in milliseconds. */
  storeRetryMs: number
  /** How long an aborted run may take to stop, in milliseconds. */
  abortTimeoutMs: number
  /** How long to wait for a record to appear in the store, in milliseconds. */
  recordTimeoutMs: number
  /** Removes an expired job from the indexes. */
  unindex(stone: Tombstone): Promise<void>
  /** Fails a job whose record is missing or unreadable. */
  reject(jobId: JobId, failure: Failure): Promise<void>
}

type QueuedJob = Job<{ jobId: JobId }>

const PROGRESS_TIMEOUT_MS = 1_000

export function makeJobRunner(deps: Deps) {
  const { store, eventLog, log } = deps
  const active = new Map<JobId, ActiveRun>()
  let stopping = false

  const abort = (jobId: JobId, cause: AbortCause) =>
    active.get(jobId)?.controller.abort(new RunAbortedError(cause))

  async function process(job: QueuedJob, token: string): Promise<void> {
    const { jobId } = job.data
    try {
      const record = await waitForRecord(jobId)
      if (record === null) {
        const stone = await store.readTombstone(jobId)
        if (stone !== null) {
          log.info({ jobId }, 'expired job was queued, skipping')
          return await deps.unindex(stone)
        }
        log.error({ jobId }, 'job record not found in the store, failing the job')
        return await deps.reject(jobId, NOT_IN_STORE)
      }
      const ended = await endedBeforeRun(store, jobId)
      if (ended !== null) return await publishOutcome(job, ended)
      addLogFields(record.requestId === undefined ? {} : { requestId: record.requestId })
      if (stopping) return await requeue(job, token, 'stopping')
      await runQueued(job, token, record)
    } catch (error) {
      if (error instanceof WaitingError || error instanceof DelayedError || error instanceof RetryError)
        throw error
      if ((error as { code?: unknown }).code === 'store_corrupt') {
        log.error({ err: error, jobId }, 'job record cannot be read, failing the job')
        return await deps.reject(jobId, NOT_READABLE)
      }
      // The store or the queue failed: not counted as an attempt.
      log.error({ err: error, jobId }, 'store or queue error, retrying the job')
      await job.moveToDelayed(Date.now() + deps.storeRetryMs, token)
      throw new DelayedError()
    }
  }

  /** On a network store a record may become visible after the job is queued. */
  async function waitForRecord(jobId: JobId): Promise<JobRecord | null> {
    for (const until = performance.now() + deps.recordTimeoutMs; ;) {
      const record = await store.readRecord(jobId)
      if (record !== null || performance.now() >= until) return record
      await sleep(Math.min(250, deps.recordTimeoutMs))
    }
  }

  async function runQueued(job: QueuedJob, token: string, record: JobRecord): Promise<void> {
    const { jobId } = record
    const last = (await eventLog.tail(jobId))?.change ?? null
    const earlier = last !== null && last.progress.attempt > 0 ? last.progress : null
    let lastProgress = earlier
    const attempt = job.attemptsMade + job.stalledCounter + 1
    const startedAt = last?.startedAt ?? new Date().toISOString()
    const publish = async (progress: Progress, state: 'waiting' | 'active', planVersion?: number) => {
      lastProgress = progress
      const change = { state, progress, at: new Date().toISOString(), startedAt }
      await eventLog.append(jobId, { ...change, ...(planVersion && { planVersion }) }, 'change')
    }
    const fail = (error: unknown) =>
      finish(job, safeFailureOutcome(deps, { record, lastProgress, error, startedAt }))

    if (job.stalledCounter >= deps.maxStalls) return fail(new JobStalledError(job.stalledCounter))
    const entry: ActiveRun = { controller: new AbortController(), lockedAt: performance.now() }
    active.set(jobId, entry)
    const began = performance.now()
    let result: AttemptResult
    try {
      await publish({ ...(lastProgress ?? notStarted), attempt }, 'active')
      if (stopping) abort(jobId, 'stopping')
      const progress = (update: Progress) =>
        // Ignore progress after the run has ended.
        active.get(jobId) === entry
          ? writeBestEffort(() => publish(update, 'active'), entry)
          : Promise.resolve()
      const run = (signal: AbortSignal) =>
        deps.run({ record, attempt, signal, lastProgress: earlier, progress })
      result = await runAttempt({ ...deps, jobId, active: entry, run })
    } finally {
      active.delete(jobId)
    }

    switch (result.kind) {
      case 'outcome':
        await finish(job, result.outcome)
        if (result.outcome.state === 'completed')
          await deps.recordDuration(Math.round(performance.now() - began))
        return undefined
      case 'plan': {
        const { planVersion, expiresAt, percent, stage, steps } = result.wait
        const used = await usedSoFar(store, jobId)
        if (used !== null) await deps.recordUsage(record, used, new Date())
        await publish({ percent, stage, steps, attempt }, 'waiting', planVersion)
        await deps.flush()
        return parkJob({ job, token, store, planVersion, expiresAt })
      }
      case 'error': {
        const { error } = result
        if (isStoreUnavailable(error)) {
          // Not an attempt: the job resumes from its checkpoints when the store is back.
          await publish(lastProgress ?? { ...notStarted, attempt }, 'waiting')
          throw error
        }
        const isLast = job.attemptsMade + 1 >= (job.opts.attempts ?? 1)
        const retryable = (error as { retryable?: unknown } | null)?.retryable !== false
        log[isLast || !retryable ? 'error' : 'warn']({ err: error, jobId, attempt }, 'run failed')
        if (isLast || !retryable) return fail(error)
        await publish(lastProgress ?? { ...notStarted, attempt }, 'waiting')
        throw new RetryError(error)
      }
      case 'aborted': {
        const ended = await store.readOutcome(jobId)
        if (ended !== null) return publishOutcome(job, ended)
        if (result.cause === 'stopping') await publish(lastProgress ?? { ...notStarted, attempt }, 'waiting')
        return requeue(job, token, result.cause)
      }
    }
  }

  async function finish(job: QueuedJob, outcome: JobOutcome): Promise<void> {
    const held = await store.putOutcome(job.data.jobId, outcome)
    await publishOutcome(job, held.outcome)
  }

  /** Idempotent: an event log accepts one final change. */
  async function publishOutcome(job: QueuedJob, outcome: JobOutcome): Promise<void> {
    const { jobId } = job.data
    // Count the usage first, so that a request made right after the end sees it in its quota.
    const [record, used] = await Promise.all([store.readRecord(jobId), usedBy(store, jobId, outcome)])
    if (record !== null && used !== null) await deps.recordUsage(record, used, new Date(outcome.finishedAt))
    await deps.flush()
    await eventLog.close(jobId, outcome)
  }

  async function requeue(job: QueuedJob, token: string, cause: AbortCause): Promise<never> {
    log.info({ jobId: job.data.jobId, cause }, 'requeueing a job')
    const moved = job.moveToWait(token)
    // After a lost lock, stalled-job recovery has moved the job already.
    await (cause === 'lock_lost' ? moved.catch(() => 0) : moved)
    throw new WaitingError()
  }

  async function writeBestEffort(write: () => Promise<void>, { controller }: ActiveRun): Promise<void> {
    if (controller.signal.aborted) return
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, PROGRESS_TIMEOUT_MS)))
    const written = write().catch((error: unknown) => log.debug({ err: error }, 'cannot publish progress'))
    await Promise.race([written, late])
    clearTimeout(timer)
  }

  return {
    process: (job: QueuedJob, token: string) =>
      withLogFields({ jobId: job.data.jobId }, () => process(job, token)),
    abort,
    /** Requeues every running job, and every job that arrives later. */
    abortAll() {
      stopping = true
      for (const jobId of active.keys()) abort(jobId, 'stopping')
    },
    /** The locks on these jobs were renewed. */
    renewed(jobIds: JobId[]) {
      for (const jobId of jobIds) {
        const entry = active.get(jobId)
        if (entry) entry.lockedAt = performance.now()
      }
    },
  }
}
