import { z } from 'zod'
import { Progress } from './progress.ts'
import { JobState } from './job.ts'

/**
 * One change of a job, as stored in its event log. Server-sent events contain the resulting `JobView` with the id of the log
 * entry, so that a client resumes exactly after the last change it received.
 */
export const JobChange = z.object({
  state: JobState,
  progress: Progress,
  at: z.string(),
  /** Only of `waiting`: the version of the plan that waits for a decision. */
  planVersion: z.int().min(1).optional(),
})
export type JobChange = z.infer<typeof JobChange>

/** A worker's heartbeat: its capacity, designer and sandbox. */
export const WorkerInfo = z.object({
  id: z.string(),
  startedAt: z.string(),
  concurrency: z.int(),
  sandbox: z.enum(['bubblewrap', 'none', 'static']),
  /** Present while the tier may still change: why the sandbox is not verified yet. */
  sandboxNote: z.string().optional(),
  designer: z.enum(['offline', 'openai']),
  /** Model in use; absent without one. */
  model: z.string().optional(),
  /** The models that jobs may choose, without retired ones; absent without a model. */
  models: z.array(z.string()).optional(),
  /** Whether the worker has a price for the model; absent without a model. */
  modelPriced: z.boolean().optional(),
  /** Notice about the model, such as its retirement date and replacement. */
  modelNote: z.string().optional(),
})
export type WorkerInfo = z.infer<typeof WorkerInfo>
