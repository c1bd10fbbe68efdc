import { z } from 'zod'

/** Why a job ended without an archive. `code` is stable; `message` and `hint` are for the requester. */
export const Failure = z.object({
  code: z.string().regex(/^[a-z][a-z0-9_]*$/),
  /** What went wrong, in one or two sentences. */
  message: z.string(),
  /** What to do about it. */
  hint: z.string().optional(),
})
export type Failure = z.infer<typeof Failure>

/** The response body of every error. */
export const Problem = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    details: z.array(z.object({ path: z.string(), message: z.string() })),
    requestId: z.string(),
  }),
})
export type Problem = z.infer<typeof Problem>
