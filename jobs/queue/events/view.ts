import {
  isFinal,
  notStarted,
  type JobOutcome,
  type JobRecord,
  type JobSummary,
  type JobView,
} from '#contract'
import { outcomeOfChange, type JobEvent } from './job-event.ts'

/** In the place of a prompt, where the record of a job cannot be read. */
export const UNREADABLE_PROMPT = '(This job cannot be read.)'

/** Where a waiting job stands, and what an estimate needs: see `estimateSeconds`. */
export type QueuePosition = {
  /** Jobs ahead, plus one. */
  readonly position: number
  readonly active: number
  /** What all live workers can run at once. */
  readonly slots: number
  /** Recent durations of completed runs, in milliseconds. */
  readonly durations: readonly number[]
}

/** What a person is told about a job. An outcome wins over everything that the queue says. */
export function toView(deps: {
  record: JobRecord
  outcome: JobOutcome | null
  change: JobEvent | null
  queuePosition: QueuePosition | null
}): JobView {
  const { record, change, queuePosition } = deps
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

/** What a list says of a job and what never changes. */
export type JobHeader = Omit<JobSummary, keyof Status>
/** How far a job is. */
export type Status = Pick<JobSummary, 'state' | 'progress' | 'finishedAt'>

export function headerOf(
  record: Pick<JobRecord, 'jobId' | 'prompt' | 'version' | 'parent' | 'createdAt'>,
): JobHeader {
  const { jobId, prompt, version, parent, createdAt } = record
  return { jobId, prompt, version, parent, createdAt, statusUrl: statusUrl(record) }
}

/** By the event log's last change, or by the outcome: they say the same of a job that has ended. */
export function statusOf(told: JobEvent | JobOutcome): Status {
  const { state } = told
  if ('at' in told)
    return { state, progress: told.progress.percent, finishedAt: isFinal(state) ? told.at : null }
  return { state, progress: told.state === 'completed' ? 100 : told.percent, finishedAt: told.finishedAt }
}

/**
 * Seconds until the job starts, by the mean of recent runs: 0 where a worker is free, null where no run was timed
 * or no worker lives.
 */
export function estimateSeconds({ position, active, slots, durations }: QueuePosition): number | null {
  if (durations.length === 0 || slots === 0) return null
  const mean = durations.reduce((sum, ms) => sum + ms, 0) / durations.length
  const free = Math.max(slots - active, 0)
  return Math.round((Math.max(position - free, 0) * mean) / slots / 1000)
}

const statusUrl = ({ jobId }: { jobId: string }) => `/jobs/${jobId}`
