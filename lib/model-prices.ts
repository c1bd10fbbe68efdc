import { z } from 'zod'

/** US dollars per million tokens. Without its own price, cached input costs the same as other input. */
export type Price = {
  readonly input: number
  readonly cachedInput?: number | undefined
  /** For input written to the prompt cache; defaults to the input price. */
  readonly cacheWrite?: number | undefined
  readonly output: number
}
export type Prices = Readonly<Record<string, Price>>

/** The default model, when OPENAI_MODEL is not set. */
export const DEFAULT_MODEL = 'gpt-4o'

/**
 * Standard list prices at OpenAI, for prompts of up to 272,000 tokens; `OPENAI_PRICES` overrides and extends them.
 * Source: https://developers.openai.com/api/docs/pricing and the pages of the models, read on 2026-11-28.
 */
export const listPrices: Prices = {
  'gpt-6-luna': { input: 0.1, cachedInput: 0.01, cacheWrite: 0.125, output: 0.5 },
  'gpt-6-sol': { input: 2, cachedInput: 0.2, cacheWrite: 2.5, output: 10 },
  'gpt-6.1-terra': { input: 1, cachedInput: 0.05, cacheWrite: 1.25, output: 5 },
  'gpt-6.1-sol': { input: 2, cachedInput: 0.1, cacheWrite: 2.5, output: 10 },
  'gpt-6-astra': { input: 10, cachedInput: 1, cacheWrite: 12.5, output: 50 },
  'gpt-5.6-luna': { input: 0.2, cachedInput: 0.02, cacheWrite: 0.25, output: 1.2 },
  // Being retired: generator/llm/retirements.ts has the dates.
  'gpt-4o': { input: 2.5, cachedInput: 1.25, output: 10 },
  'gpt-4o-mini': { input: 0.15, cachedInput: 0.075, output: 0.6 },
  'gpt-4.1': { input: 2, cachedInput: 0.5, output: 8 },
  'gpt-4.1-mini': { input: 0.4, cachedInput: 0.1, output: 1.6 },
  'gpt-4.1-nano': { input: 0.1, cachedInput: 0.025, output: 0.4 },
  'gpt-5': { input: 1.25, cachedInput: 0.125, output: 10 },
  'gpt-5-mini': { input: 0.25, cachedInput: 0.025, output: 2 },
  'gpt-5-nano': { input: 0.05, cachedInput: 0.005, output: 0.4 },
}

/** A model's price, or null. A dated snapshot (`gpt-4o-2024-08-06`) has the price of its family. */
export function priceOf(model: string, prices: Prices): Price | null {
  for (const name of [model, familyOf(model)]) if (Object.hasOwn(prices, name)) return prices[name] ?? null
  return null
}

/** The name without the date of a snapshot. */
export const familyOf = (model: string): string => model.replace(/-\d{4}-\d{2}-\d{2}$/, '')

const dollars = z.number().nonnegative()
const PriceTable = z.record(
  z.string(),
  z.strictObject({
    input: dollars,
    cachedInput: dollars.optional(),
    cacheWrite: dollars.optional(),
    output: dollars,
  }),
)

const Json = z.string().transform((value, context) => {
  try {
    return JSON.parse(value) as unknown
  } catch {
    context.addIssue('not JSON')
    return z.NEVER
  }
})

/** OPENAI_PRICES, and what it must be. */
export const priceTable = Json.pipe(PriceTable).optional()
export const PRICE_TABLE_FORM =
  'JSON in US$ per million tokens, such as {"gpt-6-luna":{"input":0.1,"cachedInput":0.01,"output":0.5}}'

/** Cost limits. With one of them set, a model without a price would count as free. */
const COST_LIMITS = ['MAX_JOB_COST_USD', 'LIMIT_KEY_COST_PER_DAY', 'LIMIT_USER_COST_PER_DAY'] as const

/** The first cost limit set in this environment, or null. Zero means no limit. */
export const findCostLimit = (env: Readonly<Record<string, string | undefined>>): string | null =>
  COST_LIMITS.find((name) => Number(env[name]?.trim() || 0) > 0) ?? null

/** Why a cost limit cannot be enforced. */
export const missingPriceMessage = (limit: string, model: string): string =>
  `${limit} is set, but the price of ${model} is unknown, so the limit cannot be enforced. Add the model to OPENAI_PRICES, or remove the limit.`
