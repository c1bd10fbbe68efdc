import { z } from 'zod'
import { Failure, JobChange, JobState, type JobOutcome } from '#contract'

/**
 * A change as it is kept: `startedAt` is when the first attempt began, ISO 8601. `failure` is only there where the store
 * may have no outcome that says it.
 */
export const JobEvent = JobChange.extend({
  startedAt: z.string().nullable(),
  failure: Failure.optional(),
})
export type JobEvent = z.infer<typeof JobEvent>
export type LogEntry = { readonly id: string; readonly change: JobEvent }

export const STATES = JobState.options

/** Reads what XRANGE and XREVRANGE give; a change of an older version that no longer fits is left out. */
export function parseEntries(raw: [id: string, fields: string[]][]): LogEntry[] {
  return raw.flatMap(([id, fields]) => {
    const parsed = JobEvent.safeParse(JSON.parse(fields[3] ?? 'null'))
    return parsed.success ? [{ id, change: parsed.data }] : []
  })
}

/** How a job ended that has no outcome in the store: null unless the event log says why it failed. */
export function outcomeOfChange(change: JobEvent | null): JobOutcome | null {
  if (change?.state !== 'failed' || change.failure === undefined) return null
  const { at: finishedAt, startedAt, failure } = change
  const { percent, stage, steps } = change.progress
  return { state: 'failed', finishedAt, startedAt, percent, stage, steps, failure, report: null }
}
