import { pino, symbols, type DestinationStream, type Logger } from 'pino'
import { logFields } from './log-fields.ts'
import { makeRedact, findSecrets } from './redact.ts'

export type { Logger } from 'pino'

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

export type LogOptions = {
  readonly level: LogLevel
  /** Whether prompts may be logged. Default: false. */
  readonly prompts?: boolean
  /** Redacted wherever they occur, in addition to known secret patterns. */
  readonly secrets?: readonly string[]
}

const SECRETS = [
  'req.headers.authorization',
  'req.headers.cookie',
  '*.apiKey',
  '*.authorization',
  '*.token',
  '*.password',
]
const PROMPTS = ['prompt', '*.prompt', '*.*.prompt', 'spec', '*.spec', '*.*.spec']

/**
 * Structured JSON logs with context fields (see `withLogFields`). Credentials are redacted; prompts are logged only when
 * enabled.
 */
export function makeLog(options: LogOptions & { destination?: DestinationStream }): Logger {
  const settings = {
    level: options.level,
    redact: { paths: options.prompts ? SECRETS : [...SECRETS, ...PROMPTS], censor: '[redacted]' },
    mixin: fieldsFor,
    hooks: { streamWrite: makeRedact(options.secrets ?? []) },
  }
  return options.destination ? pino(settings, options.destination) : pino(settings)
}

/** The log of a program, with the secrets of its environment redacted. */
export const openLog = (
  config: Omit<LogOptions, 'secrets'>,
  env: Readonly<Record<string, string | undefined>>,
): Logger => makeLog({ ...config, secrets: findSecrets(env) })

/** Omits fields that the logger already binds, to avoid duplicate keys. */
function fieldsFor(_line: object, _level: number, logger: unknown): object {
  const bound = String((logger as Record<symbol, unknown>)[symbols.chindingsSym] ?? '')
  return Object.fromEntries(Object.entries(logFields()).filter(([name]) => !bound.includes(`"${name}":`)))
}
