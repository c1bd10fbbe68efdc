import { z } from 'zod'

/** A shared helper as a model returns it. */
export const LlmHelper = z.strictObject({
  id: z.string(),
  description: z.string(),
  rules: z.array(z.string()),
  /** The ids of operations and schedules. */
  usedBy: z.array(z.string()),
})
export type LlmHelper = z.infer<typeof LlmHelper>

/** A text that an answer may leave out, as those from before there was one do. */
export const textOrNone = z.preprocess((value) => value ?? null, z.string().nullable())

/** A list that an answer may leave out, as those from before there was one do. */
export const listOrNone = <Member extends z.ZodType>(member: Member) =>
  z.preprocess((value) => value ?? [], z.array(member))
