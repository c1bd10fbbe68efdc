import { z } from 'zod'

/** The name of an environment variable, in UPPER_SNAKE: `MAX_LOANS`. */
export const VariableName = z
  .string()
  .regex(/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/)
  .max(60)

/**
 * What a backend is told by whoever runs it, as an environment variable. One without a default has to be given in
 * production; elsewhere its example stands in for it, with a warning.
 */
export const ConfigValue = z.strictObject({
  name: VariableName,
  /** `url` is an absolute http(s) address. A `secret` is a text that is never shown: not in logs, not in documents. */
  type: z.enum(['string', 'integer', 'number', 'boolean', 'url', 'secret']),
  /** What it is for, and in what unit. */
  description: z.string().trim().min(1).max(500),
  /** Fits `type`. A secret has neither of the two: what is in a repository is no secret. */
  default: z.union([z.string().max(500), z.number(), z.boolean()]).optional(),
  /** A realistic value that fits `type`, for documents and tests. */
  example: z.union([z.string().max(500), z.number(), z.boolean()]).optional(),
})
export type ConfigValue = z.infer<typeof ConfigValue>

/** The property that a program reads the value from: `MAX_LOANS` is `maxLoans`. */
export const configProperty = ({ name }: Pick<ConfigValue, 'name'>): string =>
  name.toLowerCase().replace(/_([a-z0-9])/g, (_, first: string) => first.toUpperCase())
