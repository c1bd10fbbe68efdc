import { z } from 'zod'
import { JobId } from './job.ts'
import { Origin } from './origin.ts'

/** The body of `POST /jobs/:jobId/changes`: a change to a backend that is still being made. */
export const ChangeRequest = z.strictObject({
  prompt: z.string().trim().min(1, 'must say what to change'),
  /** Who asks, and where the next version replies. */
  origin: Origin.optional(),
})
export type ChangeRequest = z.infer<typeof ChangeRequest>

export const ChangeResponse = z.object({
  message: z.string(),
  /** The job that the change waits for. */
  jobId: JobId,
  /** How many changes wait for it, with this one. */
  waiting: z.int().min(1),
  /** The job that applies the changes; null until it has started. */
  appliedBy: JobId.nullable(),
})
export type ChangeResponse = z.infer<typeof ChangeResponse>

/** What became of the changes to a job once it had ended. */
export const ChangesResult = z.discriminatedUnion('kind', [
  /** They are applied by this job, or by one that says why it could not start. */
  z.object({ kind: z.literal('applied'), jobId: JobId }),
  /** The job has no result to change. */
  z.object({ kind: z.literal('dropped') }),
])
export type ChangesResult = z.infer<typeof ChangesResult>
