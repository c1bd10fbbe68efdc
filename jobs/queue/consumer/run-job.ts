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
import { attemptRun, type ActiveRun, type Verdict } from './attempt.ts'
import { JobStalledError, RunAbortedError, type AbortCause } from './errors.ts'
import { endedBeforeRun } from './ended-before-run.ts'
import { safeFailureOutcome, type FailureOutcome } from './failure-outcome.ts'
import type { EventLog } from '../events/event-log.ts'
import { NOT_IN_STORE, NOT_READABLE } from './reject-job.ts'
import { usedBy } from '../usage.ts'

/*
 * One delivery of a job:
 *
 *   taken ─► no record? ─► fail it in the event log, where callers see it ─► done
 *     ├────► ended already? ─► announce again ─────────────────────────► done
 *     └────► run ─┬─ outcome ────► store it (first one wins) ─► announce ► done
 *                 ├─ error ──────► tries left? wait and run again, else give up with an outcome
 *                 ├─ cancelled ──► announce what the store holds ────────► done
 *                 └─ stopping or lock lost ─► back to the front of the queue, not counted as a try
 *
 * BullMQ sees every ended job as completed; how it ended is the outcome's to say.
 */

export type RunJob = (job: {
  record: JobRecord
  /** 1 for the first; every retry and every lost worker counts one. */
  attempt: number
  /** Fires with a RunAbortedError when the result is no longer wanted: stop as soon as possible. */
  signal: AbortSignal
  /** Tells followers. Never rejects, and does not wait longer than a second for the queue. */
  progress(progress: Progress): Promise<void>
  /** What an earlier attempt told last. */
  lastProgress: Progress | null
}) => Promise<JobOutcome>

type Deps = {
  store: JobStore
  eventLog: EventLog
  log: Logger
  run: RunJob
  failureOutcome: FailureOutcome
  /** Makes everything so far survive a crash. */
  flush(): Promise<void>
  /** Counts what an ended job has used of a model. */
  spend(record: JobRecord, used: ModelUse, endedAt: Date): Promise<void>
  /** Keeps how long a completed run took. */
  timed(ms: number): Promise<void>
  lockDurationMs: number
  /** A job is given up when this many workers were lost with it. */
  maxStalls: number
  /** How soon a job is tried again when the store or the queue failed it, in milliseconds. */
  storeRetryMs: number
  /** How long a run may take to notice that it was aborted, in milliseconds. */
  abortPatienceMs: number
  /** How long a record that is not in the store is looked for, in milliseconds. */
  recordPatienceMs: number
  /** Takes a job that left the store off the lists. */
  unindex(stone: Tombstone): Promise<void>
  /** Ends a job that this store has no readable record of. */
  reject(jobId: JobId, failure: Failure): Promise<void>
}

type Delivery = Job<{ jobId: JobId }>

const PROGRESS_PATIENCE_MS = 1_000

export function makeJobRunner(deps: Deps) {
  const { store, eventLog, log } = deps
  const active = new Map<JobId, ActiveRun>()
  let stopping = false

  const abort = (jobId: JobId, cause: AbortCause) =>
    active.get(jobId)?.controller.abort(new RunAbortedError(cause))

  async function process(job: Delivery, token: string): Promise<void> {
    const { jobId } = job.data
    try {
      const record = await findRecord(jobId)
      if (record === null) {
        const stone = await store.readTombstone(jobId)
        if (stone !== null) {
          log.info({ jobId }, 'an expired job was queued')
          return await deps.unindex(stone)
        }
        log.error({ jobId }, 'the store has no record of this job; it fails')
        return await deps.reject(jobId, NOT_IN_STORE)
      }
      const ended = await endedBeforeRun(store, jobId)
      if (ended !== null) return await announce(job, ended)
      addLogFields(record.requestId === undefined ? {} : { requestId: record.requestId })
      if (stopping) return await handBack(job, token, 'stopping')
      await deliver(job, token, record)
    } catch (error) {
      if (error instanceof WaitingError || error instanceof RetryError) throw error
      if ((error as { code?: unknown }).code === 'store_corrupt') {
        log.error({ err: error, jobId }, 'a job cannot be read; it fails')
        return await deps.reject(jobId, NOT_READABLE)
      }
      // Neither the job's fault nor a try of it: the store or the queue failed.
      log.error({ err: error, jobId }, 'could not handle a job; trying again soon')
      await job.moveToDelayed(Date.now() + deps.storeRetryMs, token)
      throw new DelayedError()
    }
  }

  /** A store in a network may show a record a moment after the queue has the job. */
  async function findRecord(jobId: JobId): Promise<JobRecord | null> {
    for (const until = performance.now() + deps.recordPatienceMs; ;) {
      const record = await store.readRecord(jobId)
      if (record !== null || performance.now() >= until) return record
      await sleep(Math.min(250, deps.recordPatienceMs))
    }
  }

  async function deliver(job: Delivery, token: string, record: JobRecord): Promise<void> {
    const { jobId } = record
    const last = (await eventLog.tail(jobId))?.change ?? null
    const earlier = last !== null && last.progress.attempt > 0 ? last.progress : null
    let lastProgress = earlier
    const attempt = job.attemptsMade + job.stalledCounter + 1
    const startedAt = last?.startedAt ?? new Date().toISOString()
    const tell = async (progress: Progress, state: 'waiting' | 'active') => {
      lastProgress = progress
      await eventLog.append(jobId, { state, progress, at: new Date().toISOString(), startedAt }, 'change')
    }
    const end = (error: unknown) =>
      conclude(job, safeFailureOutcome(deps, { record, lastProgress, error, startedAt }))

    if (job.stalledCounter >= deps.maxStalls) return end(new JobStalledError(job.stalledCounter))
    const entry: ActiveRun = { controller: new AbortController(), lockedAt: performance.now() }
    active.set(jobId, entry)
    const began = performance.now()
    let verdict: Verdict
    try {
      await tell({ ...(lastProgress ?? notStarted), attempt }, 'active')
      if (stopping) abort(jobId, 'stopping')
      const progress = (told: Progress) =>
        // A run that goes on after its end has nothing to say any more.
        active.get(jobId) === entry ? tolerant(() => tell(told, 'active'), entry) : Promise.resolve()
      const run = (signal: AbortSignal) =>
        deps.run({ record, attempt, signal, lastProgress: earlier, progress })
      verdict = await attemptRun({ ...deps, jobId, active: entry, run })
    } finally {
      active.delete(jobId)
    }

    switch (verdict.kind) {
      case 'outcome':
        await conclude(job, verdict.outcome)
        if (verdict.outcome.state === 'completed') await deps.timed(Math.round(performance.now() - began))
        return undefined
      case 'error': {
        const { error } = verdict
        if (isStoreUnavailable(error)) {
          // Not a try of the job: it goes on from its checkpoints when the store is back.
          await tell(lastProgress ?? { ...notStarted, attempt }, 'waiting')
          throw error
        }
        const isLast = job.attemptsMade + 1 >= (job.opts.attempts ?? 1)
        const retryable = (error as { retryable?: unknown } | null)?.retryable !== false
        log[isLast || !retryable ? 'error' : 'warn']({ err: error, jobId, attempt }, 'a run failed')
        if (isLast || !retryable) return end(error)
        await tell(lastProgress ?? { ...notStarted, attempt }, 'waiting')
        throw new RetryError(error)
      }
      case 'aborted': {
        const ended = await store.readOutcome(jobId)
        if (ended !== null) return announce(job, ended)
        if (verdict.cause === 'stopping') await tell(lastProgress ?? { ...notStarted, attempt }, 'waiting')
        return handBack(job, token, verdict.cause)
      }
    }
  }

  async function conclude(job: Delivery, outcome: JobOutcome): Promise<void> {
    const held = await store.putOutcome(job.data.jobId, outcome)
    await announce(job, held.outcome)
  }

  /** May be repeated: an event log takes one final change. */
  async function announce(job: Delivery, outcome: JobOutcome): Promise<void> {
    const { jobId } = job.data
    // Before the end is told: whoever asks again because of it is met with what it has cost.
    const [record, used] = await Promise.all([store.readRecord(jobId), usedBy(store, jobId, outcome)])
    if (record !== null && used !== null) await deps.spend(record, used, new Date(outcome.finishedAt))
    await deps.flush()
    await eventLog.close(jobId, outcome)
  }

  async function handBack(job: Delivery, token: string, cause: AbortCause): Promise<never> {
    log.info({ jobId: job.data.jobId, cause }, 'handing a job back to the queue')
    const moved = job.moveToWait(token)
    // With the lock lost, whoever found the job without its worker has moved it already.
    await (cause === 'lock_lost' ? moved.catch(() => 0) : moved)
    throw new WaitingError()
  }

  async function tolerant(write: () => Promise<void>, { controller }: ActiveRun): Promise<void> {
    if (controller.signal.aborted) return
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, PROGRESS_PATIENCE_MS)))
    const written = write().catch((error: unknown) =>
      log.debug({ err: error }, 'could not tell the progress'),
    )
    await Promise.race([written, late])
    clearTimeout(timer)
  }

  return {
    process: (job: Delivery, token: string) =>
      withLogFields({ jobId: job.data.jobId }, () => process(job, token)),
    abort,
    /** Every run hands its job back; jobs that arrive from now on are handed back at once. */
    abortAll() {
      stopping = true
      for (const jobId of active.keys()) abort(jobId, 'stopping')
    },
    /** The queue has confirmed that we still hold these jobs. */
    renewed(jobIds: JobId[]) {
      for (const jobId of jobIds) {
        const entry = active.get(jobId)
        if (entry) entry.lockedAt = performance.now()
      }
    },
  }
}

/** Lets BullMQ try again; carries the message of what went wrong. */
class RetryError extends Error {
  override readonly name = 'RetryError'
  readonly code = 'run_failed'

  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause })
  }
}
