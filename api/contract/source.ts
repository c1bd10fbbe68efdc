import { z } from 'zod'
import { Blueprint } from './blueprint.ts'

/** A file as it was handed over; `path` is relative to the project, with `/`. */
export const SourceFile = z.object({ path: z.string(), content: z.string() })
export type SourceFile = z.infer<typeof SourceFile>

/** What the next version of a backend is made from: kept when a job is completed, beside its archive. */
export const JobSource = z.object({
  /** As it was rendered: linted. */
  blueprint: Blueprint,
  /** The code that a model wrote for operations, by their ids. */
  handlers: z.record(z.string(), z.string()),
  /** Every migration that was handed over, in their order. A database may have run them, so they never change. */
  migrations: z.array(SourceFile),
})
export type JobSource = z.infer<typeof JobSource>
