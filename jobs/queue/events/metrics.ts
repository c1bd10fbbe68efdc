import { decodeTime } from 'ulid'
import type { JobId, JobOutcome, JobState, WorkerInfo } from '#contract'
import { PREFIX } from '../names.ts'

/*
 * What is counted stands in one hash in Redis, so that it is the same for every process, goes on over restarts, and one
 * scrape tells all. A job is counted in the very step that ends its ledger: once, whoever dies in between. Whole numbers
 * alone: milliseconds, tokens, millionths of a dollar.
 */

/** The hash, and how much each of its fields grows. */
export const METRICS_KEY = `${PREFIX}:figures`
export type Increment = readonly [field: string, by: number]

/** Upper bounds of what is told of durations, in seconds. */
export const BUCKETS = [0.1, 0.3, 1, 3, 10, 30, 100, 300, 1_000] as const

/** What the end of a job adds. */
export function incrementsOf(jobId: JobId, outcome: JobOutcome): Increment[] {
  const { state, startedAt, steps } = outcome
  const told: Increment[] = [[`ended:${state}`, 1]]
  if (outcome.state === 'failed') told.push([`failed:${outcome.failure.code}`, 1])
  if (startedAt !== null)
    told.push(...duration('wait', Date.parse(startedAt) - decodeTime(jobId.toUpperCase())))
  for (const step of steps)
    if (step.status !== 'skipped' && step.startedAt !== null && step.finishedAt !== null)
      told.push(...duration(`stage:${step.stage}`, Date.parse(step.finishedAt) - Date.parse(step.startedAt)))
  const ledger =
    outcome.state === 'completed'
      ? outcome.report.ledger
      : outcome.state === 'failed'
        ? outcome.ledger
        : undefined
  if (ledger !== undefined && ledger.calls > 0)
    told.push(
      ['calls', ledger.calls],
      ['tokens:input', ledger.inputTokens],
      ['tokens:cached_input', ledger.cachedInputTokens],
      ['tokens:output', ledger.outputTokens],
      ['tokens:reasoning', ledger.reasoningTokens],
      // What has no price is counted as unknown, not as free.
      ledger.costUsd === null ? ['cost_unknown', ledger.calls] : ['cost', Math.round(ledger.costUsd * 1e6)],
    )
  return told
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
  /** By field, as above; and of conversations `delivered`, `undeliverable`, `delivery_failed` (one turn of one). */
  readonly counted: Readonly<Record<string, number>>
  readonly jobs: Readonly<Record<JobState, number>>
  readonly queues: Readonly<
    Record<'generate' | 'deliver', { waiting: number; active: number; delayed: number }>
  >
  /** How long the job waits that has waited longest, in seconds; 0 where none does. */
  readonly oldestSeconds: number
  readonly workers: readonly WorkerInfo[]
}
