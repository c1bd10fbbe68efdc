import { z } from 'zod'

const Lines = z.object({
  added: z.array(z.string()),
  changed: z.array(z.string()),
  removed: z.array(z.string()),
})

/** What is different from the version that was refined; a line each, for a person. */
export const Changes = z.object({
  /** `Comment: body, taskId`; changed ones say in what. */
  entities: Lines,
  /** `Task.priority (low | high, optional)`. */
  fields: Lines,
  /** `POST /comments`. */
  routes: Lines,
  /** What is none of those: signing in, links between entities, titles. */
  other: z.array(z.string()),
  /** The files that take a database of the version before to this one; none where it stays as it is. */
  migrations: z.array(z.string()),
  /** Paths. */
  files: Lines,
  /** What a database loses for good when its migrations run. */
  dataLoss: z.array(z.string()),
  /** What rows that exist get where they had nothing. */
  filled: z.array(z.string()),
  /** What must hold of the rows that exist, or a migration stops and changes nothing. */
  conditions: z.array(z.string()),
  /** Operations whose code was kept as it was, without asking a model. */
  reused: z.array(z.string()),
})
export type Changes = z.infer<typeof Changes>
