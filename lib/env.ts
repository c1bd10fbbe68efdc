import { z } from 'zod'

/** Invalid configuration: the message has one line per invalid variable. */
export class ConfigError extends Error {
  readonly code = 'bad_config'
  override readonly name = 'ConfigError'
}

/** A variable: its schema and a description of valid values. */
export type Variable<T> = { readonly schema: z.ZodType<T>; readonly wants: string; readonly secret: boolean }

/**
 * Declares a variable. The schema gets the trimmed text, or undefined when the variable is unset or blank.
 * `wants` completes the sentence "PORT is "x", but it must be …". A secret's value is never repeated.
 */
export function variable<T>(
  schema: z.ZodType<T>,
  wants: string,
  options: { secret?: boolean } = {},
): Variable<T> {
  return { schema, wants, secret: options.secret ?? false }
}

/** Reads and checks variables from `env`. Throws a `ConfigError` that names all invalid ones. */
export function readEnv<T extends Record<string, unknown>>(
  env: Readonly<Record<string, string | undefined>>,
  variables: { readonly [K in keyof T]: Variable<T[K]> },
): T {
  const values: Record<string, unknown> = {}
  const faults: string[] = []
  for (const [name, { schema, wants, secret }] of Object.entries(variables)) {
    const text = env[name]?.trim() || undefined
    const parsed = schema.safeParse(text)
    if (parsed.success) {
      values[name] = parsed.data
      continue
    }
    const got =
      text === undefined ? 'is not set' : secret ? 'has an invalid value' : `is ${JSON.stringify(text)}`
    faults.push(`${name} ${got}, but it must be ${wants}.`)
  }
  if (faults.length > 0) throw new ConfigError(faults.join('\n'))
  return values as T
}

/** An integer within inclusive bounds. */
export function wholeNumber(min: number, max: number, fallback: number): Variable<number> {
  const schema = z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number)
    .pipe(z.int().min(min).max(max))
    .optional()
    .transform((value) => value ?? fallback)
  return variable(schema, `a whole number from ${min} to ${max} (default ${fallback})`)
}

/** An enum. */
export function oneOf<const W extends readonly [string, ...string[]]>(
  words: W,
  fallback: W[number],
): Variable<W[number]> {
  return variable(
    z
      .enum(words)
      .optional()
      .transform((value) => value ?? fallback),
    `one of ${words.join(', ')} (default ${fallback})`,
  )
}

/** Comma-separated secrets of at least 32 characters; the first signs, the others are still accepted. */
export const secretList = z
  .string()
  .optional()
  .transform(
    (value) =>
      value
        ?.split(',')
        .map((secret) => secret.trim())
        .filter((secret) => secret !== '') ?? [],
  )
  .pipe(z.array(z.string().min(32)))

/** Free text with a default. */
export function text(wants: string, fallback: string): Variable<string> {
  return variable(
    z
      .string()
      .optional()
      .transform((value) => value ?? fallback),
    wants,
  )
}
