import type { Logger } from '#lib/log'
import type { ModelConfig } from './config.ts'
import type { ModelError, UnsupportedParameter } from './model-error.ts'

/** The protocol features that a server and model support. Immutable: each discovery creates the next value. */
export type Dialect = {
  /** How structured output is requested: by schema, as JSON mode, or in the prompt only. */
  readonly format: 'schema' | 'json' | 'words'
  /** Whether the instructions include the schema, for servers that do not enforce it. */
  readonly schemaInPrompt: boolean
  /** The name of the output limit in Chat Completions; null when the server accepts none. */
  readonly limit: 'max_completion_tokens' | 'max_tokens' | null
  readonly sends: Readonly<Record<'effort' | 'cacheKey' | 'usage', boolean>>
}

/** The initial dialect. `auto` starts with the strictest format and adapts. */
export function initialDialect({ structuredOutputs, sendCacheKey }: ModelConfig): Dialect {
  const format = structuredOutputs === 'auto' ? 'schema' : structuredOutputs
  return {
    format,
    schemaInPrompt: format !== 'schema',
    limit: 'max_completion_tokens',
    sends: { effort: true, cacheKey: sendCacheKey, usage: true },
  }
}

/** The dialect to retry with after a rejected parameter; null when it was not sent or is required. */
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
      // Only this limit enforces a budget.
      return dialect.limit === null || isBudgeted ? null : { ...dialect, limit: null }
    case 'effort':
      return hasEffort ? without('effort') : null
    case 'cacheKey':
    case 'usage':
      return without(refused)
  }
}

/** Tracks what a server supports, shared by all calls of a process. */
export type DialectTracker = {
  current(): Dialect
  /** Whether to retry at once, because the dialect has changed since it was `used`. */
  learn(fault: ModelError, used: Dialect): boolean
  /** Reports an answer that violates the schema: the server does not enforce it. */
  schemaIgnored(): void
}

export function makeDialectTracker({ config, log }: { config: ModelConfig; log: Logger }): DialectTracker {
  let dialect = initialDialect(config)
  return {
    current: () => dialect,
    learn({ refused }, used) {
      if (refused === null) return false
      // Another call updated the dialect in the meantime.
      if (dialect !== used) return true
      const next = fallbackDialect(dialect, refused, config)
      if (next === null) return false
      dialect = next
      log.warn(
        { refused, format: dialect.format },
        'the model server rejected a parameter; it will be omitted from now on',
      )
      return true
    },
    schemaIgnored() {
      if (dialect.schemaInPrompt || config.structuredOutputs !== 'auto') return
      dialect = { ...dialect, schemaInPrompt: true }
      log.warn('the model server does not enforce the schema; the instructions will include it from now on')
    },
  }
}
