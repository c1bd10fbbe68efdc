import { describe, expect, it } from 'vitest'
import { findCostLimit, DEFAULT_MODEL, listPrices, priceOf } from './model-prices.ts'

describe('the price of a model', () => {
  it.each([
    ['gpt-4o', 'gpt-4o'],
    ['gpt-4o-2024-08-06', 'gpt-4o'],
    ['gpt-4o-mini', 'gpt-4o-mini'],
  ] as const)('%s costs what %s costs', (model, family) => {
    expect(priceOf(model, listPrices)).toEqual(listPrices[family])
  })

  it.each(['gpt-4o-realtime', 'llama3', 'constructor', '__proto__'])('%s has none', (model) => {
    expect(priceOf(model, listPrices)).toBeNull()
  })

  it('of a snapshot wins over that of its family', () => {
    const own = { input: 1, output: 1 }
    expect(priceOf('gpt-4o-2024-08-06', { ...listPrices, 'gpt-4o-2024-08-06': own })).toBe(own)
  })
})

describe('the list prices', () => {
  it.each([
    ['gpt-6-luna', 0.1, 0.01, 0.5],
    ['gpt-6-sol', 2, 0.2, 10],
    ['gpt-6.1-terra', 1, 0.05, 5],
    ['gpt-6.1-sol', 2, 0.1, 10],
    ['gpt-6-astra', 10, 1, 50],
  ])('%s costs %f, %f cached and %f for output', (model, input, cachedInput, output) => {
    expect(listPrices[model]).toMatchObject({ input, cachedInput, output })
  })

  it('know the default', () => expect(priceOf(DEFAULT_MODEL, listPrices)).not.toBeNull())
})

describe('a limit that counts money', () => {
  it.each([
    [{}, null],
    [{ LIMIT_KEY_COST_PER_DAY: '0', MAX_JOB_COST_USD: ' ' }, null],
    [{ LIMIT_KEY_COST_PER_DAY: '20' }, 'LIMIT_KEY_COST_PER_DAY'],
    [{ LIMIT_USER_COST_PER_DAY: '0.5' }, 'LIMIT_USER_COST_PER_DAY'],
    [{ MAX_JOB_COST_USD: '1' }, 'MAX_JOB_COST_USD'],
  ])('in %j is %s', (env, name) => expect(findCostLimit(env)).toBe(name))
})
