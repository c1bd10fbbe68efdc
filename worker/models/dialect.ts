import type { Logger } from '#lib/log'
import type { ModelConfig } from './config.ts'
import type { ModelError, UnsupportedParameter } from './model-error.ts'

/** What one server and model understand of the protocol. Never changed: what is learned makes the next one. */
export type Dialect = {
  /** How an answer of a given shape is asked for: by its schema, as any JSON, or in words alone. */
  readonly format: 'schema' | 'json' | 'words'
  /** Whether the schema also stands in the instructions, for servers that do not enforce it. */
  readonly schemaInPrompt: boolean
  /** What the limit of an answer is called in Chat Completions; null where the server takes none. */
  readonly limit: 'max_completion_tokens' | 'max_tokens' | null
  readonly sends: Readonly<Record<'effort' | 'cacheKey' | 'usage', boolean>>
}

/** The dialect that the settings ask for. `auto` begins with the strictest, and learns. */
export function initialDialect({ structuredOutputs, sendCacheKey }: ModelConfig): Dialect {
  const format = structuredOutputs === 'auto' ? 'schema' : structuredOutputs
  return {
    format,
    schemaInPrompt: format !== 'schema',
    limit: 'max_completion_tokens',
    sends: { effort: true, cacheKey: sendCacheKey, usage: true },
  }
}

/** What the server understands once it has refused a parameter; null where it was not sent, or cannot be left out. */
export function fallbackDialect(
  dialect: Dialect,
  refused: UnsupportedParameter,
  config: Pick<
    ModelConfig,
    'structuredOutputs' | 'budget' | 'maxOutputTokens' | 'reasoningEffort' | 'stageEfforts'
  >,
): Dialect | null {
  const { structuredOutputs, budget, maxOutputTokens, reasoningEffort, stageEfforts } = config
  const isBudgeted = budget.tokens !== null || budget.costUsd !== null
  const hasEffort = reasoningEffort !== null || Object.keys(stageEfforts).length > 0
  const without = (part: keyof Dialect['sends']) =>
    dialect.sends[part] ? { ...dialect, sends: { ...dialect.sends, [part]: false } } : null
  switch (refused) {
    case 'format':
      if (structuredOutputs !== 'auto' || dialect.format === 'words') return null
      return { ...dialect, format: dialect.format === 'schema' ? 'json' : 'words', schemaInPrompt: true }
    case 'limit':
      if (maxOutputTokens === null && !isBudgeted) return null
      if (dialect.limit === 'max_completion_tokens') return { ...dialect, limit: 'max_tokens' }
      // A budget holds by this limit alone.
      return dialect.limit === null || isBudgeted ? null : { ...dialect, limit: null }
    case 'effort':
      return hasEffort ? without('effort') : null
    case 'cacheKey':
    case 'usage':
      return without(refused)
  }
}

/** Keeps what a server understands, for all calls of a process. */
export type DialectTracker = {
  current(): Dialect
  /** Whether the call should be repeated at once, since the server is understood better than when it was `used`. */
  learn(fault: ModelError, used: Dialect): boolean
  /** An answer came that the schema does not allow, so the server does not enforce it. */
  schemaIgnored(): void
}

export function makeDialectTracker({ config, log }: { config: ModelConfig; log: Logger }): DialectTracker {
  let dialect = initialDialect(config)
  return {
    current: () => dialect,
    learn({ refused }, used) {
      if (refused === null) return false
      // Another call has learned meanwhile.
      if (dialect !== used) return true
      const next = fallbackDialect(dialect, refused, config)
      if (next === null) return false
      dialect = next
      log.warn(
        { refused, format: dialect.format },
        'the model server refused a parameter; it is not sent again',
      )
      return true
    },
    schemaIgnored() {
      if (dialect.schemaInPrompt || config.structuredOutputs !== 'auto') return
      dialect = { ...dialect, schemaInPrompt: true }
      log.warn(
        'the model server does not enforce the shape of answers; it stands in the instructions from now on',
      )
    },
  }
}
