import { z } from 'zod'

/** What the parent sends: one task at a time. */
export const TaskMessage = z.object({
  name: z.string(),
  input: z.unknown(),
  /** See `ComputeLimits`. */
  cpuMs: z.number(),
  memoryMb: z.number(),
})
export type TaskMessage = z.infer<typeof TaskMessage>

/** An error as data. One with our `code` has a message for the requester. */
const ErrorData = z.object({
  name: z.string(),
  message: z.string(),
  stack: z.string().optional(),
  code: z.string().optional(),
  hint: z.string().optional(),
})
export type ErrorData = z.infer<typeof ErrorData>

/** What the child sends. The value comes from our own code, so the task's type describes it. */
export const ChildMessage = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('done'), value: z.unknown(), memoryMb: z.number() }),
  z.object({ kind: z.literal('failed'), error: ErrorData, memoryMb: z.number() }),
])
export type ChildMessage = z.infer<typeof ChildMessage>

/** Written to stderr right before the child kills itself, so that its parent knows why. */
export const OUT_OF_TIME = 'compute: out of time'
export const OUT_OF_MEMORY = 'compute: out of memory'
