import { decodeTime } from 'ulid'
import type { JobId, JobOutcome, JobState, WorkerInfo } from '#contract'
import { PREFIX } from '../names.ts'

/*
 * Counters are stored in one Redis hash: shared by all processes, kept over restarts, complete in one scrape. A job is
 * counted in the same step that appends its final change, so exactly once. Integers only: milliseconds, tokens, millionths
 * of a dollar.
 */

/** The Redis hash of all counters. */
export const METRICS_KEY = `${PREFIX}:figures`
export type Increment = readonly [field: string, by: number]

/** Upper bounds of the duration histograms, in seconds. */
export const BUCKETS = [0.1, 0.3, 1, 3, 10, 30, 100, 300, 1_000] as const

/** The increments for an ended job. */
export function incrementsOf(jobId: JobId, outcome: JobOutcome): Increment[] {
  const { state, startedAt, steps } = outcome
  const increments: Increment[] = [[`ended:${state}`, 1]]
  if (outcome.state === 'failed') increments.push([`failed:${outcome.failure.code}`, 1])
  if (startedAt !== null)
    increments.push(...duration('wait', Date.parse(startedAt) - decodeTime(jobId.toUpperCase())))
  for (const step of steps)
    if (step.status !== 'skipped' && step.startedAt !== null && step.finishedAt !== null)
      increments.push(
        ...duration(`stage:${step.stage}`, Date.parse(step.finishedAt) - Date.parse(step.startedAt)),
      )
  const usage =
    outcome.state === 'completed'
      ? outcome.report.ledger
      : outcome.state === 'failed'
        ? outcome.ledger
        : undefined
  if (usage !== undefined && usage.calls > 0)
    increments.push(
      ['calls', usage.calls],
      ['tokens:input', usage.inputTokens],
      ['tokens:cached_input', usage.cachedInputTokens],
      ['tokens:output', usage.outputTokens],
      ['tokens:reasoning', usage.reasoningTokens],
      // Usage without a price counts as unknown, not as free.
      usage.costUsd === null ? ['cost_unknown', usage.calls] : ['cost', Math.round(usage.costUsd * 1e6)],
    )
  return increments
}

function duration(name: string, ms: number): Increment[] {
  const known = Math.max(0, Math.round(ms))
  const bucket = BUCKETS.find((seconds) => known <= seconds * 1_000) ?? 'more'
  return [
    [`${name}:${bucket}`, 1],
    [`${name}:ms`, known],
  ]
}

export type Metrics = {
  /** By field, as above; plus `delivery:delivered`, `delivery:undeliverable` and `delivery_failed` (failed turns). */
  readonly counted: Readonly<Record<string, number>>
  readonly jobs: Readonly<Record<JobState, number>>
  readonly queues: Readonly<
    Record<'generate' | 'deliver', { waiting: number; active: number; delayed: number }>
  >
  /** Jobs that wait for a decision on their plan; also among the waiting ones, but not in the queues. */
  readonly plansWaiting: number
  /** Age of the oldest queued job, in seconds; 0 without one. */
  readonly oldestSeconds: number
  readonly workers: readonly WorkerInfo[]
}
