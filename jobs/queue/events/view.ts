import {
  isFinal,
  notStarted,
  type JobNeeds,
  type JobOutcome,
  type JobRecord,
  type JobSummary,
  type JobView,
} from '#contract'
import { outcomeOfChange, type JobEvent } from './job-event.ts'

/** Placeholder prompt for a job with an unreadable record. */
export const UNREADABLE_PROMPT = '(This job cannot be read.)'

/** Position of a waiting job, and the inputs of `estimateSeconds`. */
export type QueuePosition = {
  /** Jobs ahead, plus one. */
  readonly position: number
  readonly active: number
  /** Total concurrency of all live workers. */
  readonly slots: number
  /** Recent durations of completed runs, in milliseconds. */
  readonly durations: readonly number[]
}

/** The public view of a job. The outcome takes precedence over the queue. */
export function toView(deps: {
  record: JobRecord
  outcome: JobOutcome | null
  change: JobEvent | null
  queuePosition: QueuePosition | null
  /** Of a job that waits for a decision on its plan. */
  needs?: JobNeeds | null
}): JobView {
  const { record, change, queuePosition, needs = null } = deps
  const outcome = deps.outcome ?? outcomeOfChange(change)
  const { jobId, prompt, version, parent, createdAt } = record
  const base = { jobId, prompt, version, parent, createdAt }
  const progress = change?.progress ?? notStarted
  if (outcome === null)
    return {
      ...base,
      state: change?.state === 'active' ? 'active' : 'waiting',
      progress: progress.percent,
      result: null,
      startedAt: change?.startedAt ?? null,
      finishedAt: null,
      attempt: progress.attempt,
      stage: progress.stage,
      steps: progress.steps,
      ...(needs && { needs }),
      queue: queuePosition && {
        position: queuePosition.position,
        estimateSeconds: estimateSeconds(queuePosition),
      },
      error: null,
      archive: null,
      report: null,
    }

  const { state, startedAt, finishedAt, steps } = outcome
  const ended = { ...base, state, startedAt, finishedAt, steps, attempt: progress.attempt, queue: null }
  const nothing = { success: false, files: [] }
  switch (outcome.state) {
    case 'completed':
      return {
        ...ended,
        progress: 100,
        result: { success: true, files: outcome.files },
        stage: null,
        error: null,
        archive: { ...outcome.archive, url: `${statusUrl(record)}/archive` },
        report: outcome.report,
        ledger: outcome.report.ledger,
      }
    case 'failed':
      return {
        ...ended,
        progress: outcome.percent,
        result: nothing,
        stage: outcome.stage,
        error: outcome.failure,
        archive: null,
        report: outcome.report,
        ...ledgerOf(outcome),
      }
    case 'cancelled':
      return {
        ...ended,
        progress: outcome.percent,
        result: nothing,
        stage: outcome.stage,
        error: null,
        archive: null,
        report: null,
        ...(outcome.ledger && { ledger: outcome.ledger }),
      }
  }
}

function ledgerOf({ ledger, report }: Extract<JobOutcome, { state: 'failed' }>) {
  const known = ledger ?? report?.ledger
  return known === undefined ? {} : { ledger: known }
}

/** The immutable part of a job summary. */
export type JobHeader = Omit<JobSummary, keyof Status>
/** The changing part of a job summary. */
export type Status = Pick<JobSummary, 'state' | 'progress' | 'finishedAt' | 'planVersion'>

export function headerOf(
  record: Pick<JobRecord, 'jobId' | 'prompt' | 'version' | 'parent' | 'createdAt'>,
): JobHeader {
  const { jobId, prompt, version, parent, createdAt } = record
  return { jobId, prompt, version, parent, createdAt, statusUrl: statusUrl(record) }
}

/** From the last change in the event log, or from the outcome; both agree for an ended job. */
export function statusOf(source: JobEvent | JobOutcome): Status {
  const { state } = source
  if ('at' in source)
    return {
      state,
      progress: source.progress.percent,
      finishedAt: isFinal(state) ? source.at : null,
      ...(source.planVersion !== undefined && { planVersion: source.planVersion }),
    }
  return {
    state,
    progress: source.state === 'completed' ? 100 : source.percent,
    finishedAt: source.finishedAt,
  }
}

/**
 * Estimated seconds until the job starts, from the mean of recent runs: 0 when a worker is free, null without durations
 * or live workers.
 */
export function estimateSeconds({ position, active, slots, durations }: QueuePosition): number | null {
  if (durations.length === 0 || slots === 0) return null
  const mean = durations.reduce((sum, ms) => sum + ms, 0) / durations.length
  const free = Math.max(slots - active, 0)
  return Math.round((Math.max(position - free, 0) * mean) / slots / 1000)
}

const statusUrl = ({ jobId }: { jobId: string }) => `/jobs/${jobId}`
