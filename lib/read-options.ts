import { parseArgs, type ParseArgsConfig } from 'node:util'

type Options = NonNullable<ParseArgsConfig['options']>
type Parsed<O extends Options> = ReturnType<
  typeof parseArgs<{ args: string[]; allowPositionals: true; strict: true; options: O }>
>

/** The command was typed in a way that cannot be followed. The message says what to type instead. */
export class UsageError extends Error {
  readonly code = 'usage'
  override readonly name = 'UsageError'
}

/**
 * Reads the options and words of a command as `parseArgs` does. Throws a `UsageError` that names what is wrong and what
 * there is, in place of Node's own text.
 */
export function readOptions<const O extends Options>(words: readonly string[], options: O): Parsed<O> {
  // Loosely, to look at what would be refused.
  const { tokens } = parseArgs({
    args: [...words],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  for (const token of tokens) {
    if (token.kind !== 'option') continue
    const option = Object.hasOwn(options, token.name) ? options[token.name] : undefined
    if (option === undefined) throw new UsageError(unknown(token.rawName, Object.keys(options)))
    const value = token.value
    if (option.type === 'boolean' && value !== undefined)
      throw new UsageError(`${token.rawName} takes no value: remove ${JSON.stringify(value)}.`)
    if (option.type === 'string' && (value === undefined || (!token.inlineValue && value.startsWith('-'))))
      throw new UsageError(
        `${token.rawName} needs a value: ${token.rawName} <value>, or ${token.rawName}=<value> for one that begins with a dash.`,
      )
  }
  return parseArgs({ args: [...words], options, allowPositionals: true, strict: true })
}

const unknown = (given: string, names: readonly string[]) =>
  `Unknown option ${given}. Available options: ${names.map((name) => `--${name}`).join(', ')}.`
