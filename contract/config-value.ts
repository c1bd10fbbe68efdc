import { z } from 'zod'

/** The name of an environment variable, in UPPER_SNAKE: `MAX_LOANS`. */
export const VariableName = z
  .string()
  .regex(/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/)
  .max(60)

/**
 * An environment variable of a backend. Without a default it is required in production; elsewhere its example is used, or for
 * a secret a random text, with a warning.
 */
export const ConfigValue = z.strictObject({
  name: VariableName,
  /** `url` is an absolute http(s) address. A `secret` is never shown in logs or documents. */
  type: z.enum(['string', 'integer', 'number', 'boolean', 'url', 'secret']),
  /** Purpose and unit. */
  description: z.string().trim().min(1).max(500),
  /** Fits `type`. A secret has neither default nor example, since it must not be in a repository. */
  default: z.union([z.string().max(500), z.number(), z.boolean()]).optional(),
  /** A realistic value that fits `type`, for documents and tests. */
  example: z.union([z.string().max(500), z.number(), z.boolean()]).optional(),
})
export type ConfigValue = z.infer<typeof ConfigValue>

/** The config property of a variable: `MAX_LOANS` is `maxLoans`. */
export const configProperty = ({ name }: Pick<ConfigValue, 'name'>): string =>
  name.toLowerCase().replace(/_([a-z0-9])/g, (_, first: string) => first.toUpperCase())
