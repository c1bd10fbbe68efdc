import { z } from 'zod'
import { Failure, JobChange, JobState, type JobOutcome } from '#contract'

/**
 * A stored change. `startedAt` is the start of the first attempt, ISO 8601. `failure` is only present when the store may
 * have no outcome.
 */
export const JobEvent = JobChange.extend({
  startedAt: z.string().nullable(),
  failure: Failure.optional(),
})
export type JobEvent = z.infer<typeof JobEvent>
export type LogEntry = { readonly id: string; readonly change: JobEvent }

export const STATES = JobState.options

/** Parses the reply of XRANGE and XREVRANGE; skips entries of an incompatible older version. */
export function parseEntries(raw: [id: string, fields: string[]][]): LogEntry[] {
  return raw.flatMap(([id, fields]) => {
    const parsed = JobEvent.safeParse(JSON.parse(fields[3] ?? 'null'))
    return parsed.success ? [{ id, change: parsed.data }] : []
  })
}

/** Outcome of a job that has none in the store; null unless the event log contains its failure. */
export function outcomeOfChange(change: JobEvent | null): JobOutcome | null {
  if (change?.state !== 'failed' || change.failure === undefined) return null
  const { at: finishedAt, startedAt, failure } = change
  const { percent, stage, steps } = change.progress
  return { state: 'failed', finishedAt, startedAt, percent, stage, steps, failure, report: null }
}
