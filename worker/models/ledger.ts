import type { Ledger } from '#contract'

/** US dollars for a million tokens. Cached input costs as much as other input where it has no price of its own. */
export type Price = {
  readonly input: number
  readonly cachedInput?: number | undefined
  /** For input that is written to the service's cache; elsewhere it costs as much as other input. */
  readonly cacheWrite?: number | undefined
  readonly output: number
}
export type Prices = Readonly<Record<string, Price>>

/** List prices of a few models; `OPENAI_PRICES` overrides and extends them. */
export const defaultPrices: Prices = {
  'gpt-4o': { input: 2.5, cachedInput: 1.25, output: 10 },
  'gpt-4o-mini': { input: 0.15, cachedInput: 0.075, output: 0.6 },
  'gpt-4.1': { input: 2, cachedInput: 0.5, output: 8 },
  'gpt-4.1-mini': { input: 0.4, cachedInput: 0.1, output: 1.6 },
  'gpt-4.1-nano': { input: 0.1, cachedInput: 0.025, output: 0.4 },
  'gpt-5': { input: 1.25, cachedInput: 0.125, output: 10 },
  'gpt-5-mini': { input: 0.25, cachedInput: 0.025, output: 2 },
  'gpt-5-nano': { input: 0.05, cachedInput: 0.005, output: 0.4 },
}

/** What one call used, as the service reported it. Reasoning tokens are part of the output, cached and cache-written ones of the input. */
export type Usage = Readonly<Record<'input' | 'cachedInput' | 'cacheWrite' | 'output' | 'reasoning', number>>

export const noUsage: Ledger = {
  calls: 0,
  inputTokens: 0,
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
  costUsd: 0,
}

/** One call in the ledger. `usage` is null where the service said nothing, such as after a cut connection. */
export function recordCall(usage: Usage | null, price: Price | null): Ledger {
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

/** The sum. A part without a price leaves the whole without one. */
export function addLedgers(a: Ledger, b: Ledger): Ledger {
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

/** A model's price, or null. A dated snapshot (`gpt-4o-2024-08-06`) costs what its family costs. */
export function priceOf(model: string, prices: Prices): Price | null {
  const family = model.replace(/-\d{4}-\d{2}-\d{2}$/, '')
  for (const name of [model, family]) if (Object.hasOwn(prices, name)) return prices[name] ?? null
  return null
}
