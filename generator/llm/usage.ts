import type { ModelUsage } from '#contract'
import type { Price } from '#lib/model-prices'

/** Token counts of one call as reported by the service. Output includes reasoning tokens; input includes cached and cache-written ones. */
export type TokenCounts = Readonly<
  Record<'input' | 'cachedInput' | 'cacheWrite' | 'output' | 'reasoning', number>
>

export const noUsage: ModelUsage = {
  calls: 0,
  inputTokens: 0,
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
  costUsd: 0,
}

/** The usage of one call. `usage` is null when the service reported none, such as after a lost connection. */
export function usageOfCall(usage: TokenCounts | null, price: Price | null): ModelUsage {
  const { input, cachedInput, cacheWrite, output, reasoning } = usage ?? {
    input: 0,
    cachedInput: 0,
    cacheWrite: 0,
    output: 0,
    reasoning: 0,
  }
  const cached = Math.min(cachedInput, input)
  const written = Math.min(cacheWrite, input - cached)
  return {
    calls: 1,
    inputTokens: input,
    cachedInputTokens: cached,
    cacheWriteTokens: written,
    outputTokens: output,
    reasoningTokens: reasoning,
    costUsd:
      price === null
        ? null
        : ((input - cached - written) * price.input +
            cached * (price.cachedInput ?? price.input) +
            written * (price.cacheWrite ?? price.input) +
            output * price.output) /
          1_000_000,
  }
}

/** Adds two usages. The cost is unknown when either one is. */
export function addUsage(a: ModelUsage, b: ModelUsage): ModelUsage {
  return {
    calls: a.calls + b.calls,
    inputTokens: a.inputTokens + b.inputTokens,
    cachedInputTokens: a.cachedInputTokens + b.cachedInputTokens,
    cacheWriteTokens: a.cacheWriteTokens + b.cacheWriteTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    reasoningTokens: a.reasoningTokens + b.reasoningTokens,
    costUsd: a.costUsd === null || b.costUsd === null ? null : a.costUsd + b.costUsd,
  }
}
