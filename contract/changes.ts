import { z } from 'zod'

const Lines = z.object({
  added: z.array(z.string()),
  changed: z.array(z.string()),
  removed: z.array(z.string()),
})

/** Changes from the refined version, one line per entry, for a person. */
export const Changes = z.object({
  /** `Comment: body, taskId`; changed entities include the difference. */
  entities: Lines,
  /** `Task.priority (low | high, optional)`. */
  fields: Lines,
  /** `POST /comments`. */
  routes: Lines,
  /** Everything else: authentication, relations, titles. */
  other: z.array(z.string()),
  /** Migrations from the previous version; empty when the schema is unchanged. */
  migrations: z.array(z.string()),
  /** Paths. */
  files: Lines,
  /** Data that the migrations permanently delete. */
  dataLoss: z.array(z.string()),
  /** Values that existing rows get for new fields. */
  filled: z.array(z.string()),
  /** Conditions on existing rows; otherwise a migration fails without changes. */
  conditions: z.array(z.string()),
  /** Operations whose code was reused without calling a model. */
  reused: z.array(z.string()),
})
export type Changes = z.infer<typeof Changes>
