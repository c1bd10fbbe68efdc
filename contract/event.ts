import { z } from 'zod'
import { Progress } from './progress.ts'
import { JobState } from './job.ts'

/**
 * One change in a job's life, as kept in its ledger. Server-sent events carry the `JobView` that it leads to,
 * under the ledger's id, so that a reader resumes exactly after the last change it saw.
 */
export const JobChange = z.object({ state: JobState, progress: Progress, at: z.string() })
export type JobChange = z.infer<typeof JobChange>

/** A worker's sign of life: which work it takes and how it isolates what it runs. */
export const WorkerInfo = z.object({
  id: z.string(),
  startedAt: z.string(),
  concurrency: z.int(),
  sandbox: z.enum(['bubblewrap', 'none', 'static']),
  /** Present while the tier may still change: why it is not known yet whether the sandbox works. */
  sandboxNote: z.string().optional(),
  designer: z.enum(['offline', 'openai']),
  /** The model that it asks; absent where it asks none. */
  model: z.string().optional(),
  /** Whether what that model costs is known to the worker; absent where it asks none. */
  modelPriced: z.boolean().optional(),
  /** Present where something is to be said of that model: the day of its end, and what replaces it. */
  modelNote: z.string().optional(),
})
export type WorkerInfo = z.infer<typeof WorkerInfo>
