import { z } from 'zod'

/** The start is refused: the message is one line for each variable that is wrong. */
export class ConfigError extends Error {
  readonly code = 'bad_config'
  override readonly name = 'ConfigError'
}

/** One variable: how it is read, and what a good value looks like, in words. */
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

/** Reads and checks variables from `env`. Throws a `ConfigError` that names all that are wrong. */
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
      text === undefined
        ? 'is not set'
        : secret
          ? 'has a value that does not fit'
          : `is ${JSON.stringify(text)}`
    faults.push(`${name} ${got}, but it must be ${wants}.`)
  }
  if (faults.length > 0) throw new ConfigError(faults.join('\n'))
  return values as T
}

/** A whole number between two bounds, inclusive. */
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

/** One of a few words. */
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

/** Secrets of at least 32 characters with commas between them; the first is used, the others are still accepted. */
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
