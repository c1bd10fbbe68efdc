import { describe, expect, it } from 'vitest'
import { addUsage, noUsage, usageOfCall } from './usage.ts'

const usage = { input: 1_000_000, cachedInput: 400_000, cacheWrite: 0, output: 100_000, reasoning: 60_000 }

describe('what a call cost', () => {
  it('takes cached input at its own price, and reasoning as output', () => {
    expect(usageOfCall(usage, { input: 2, cachedInput: 1, output: 10 }).costUsd).toBeCloseTo(1.2 + 0.4 + 1)
  })

  it('takes cached input at the full price where it has none of its own', () => {
    expect(usageOfCall(usage, { input: 2, output: 10 }).costUsd).toBeCloseTo(3)
  })

  it('is open without a price, and stays open in every sum', () => {
    const open = usageOfCall(usage, null)
    expect(open.costUsd).toBeNull()
    expect(addUsage(open, usageOfCall(usage, { input: 1, output: 1 }))).toMatchObject({
      calls: 2,
      costUsd: null,
    })
  })

  it('counts a call of which nothing else is known', () => {
    expect(addUsage(noUsage, usageOfCall(null, { input: 1, output: 1 }))).toEqual({ ...noUsage, calls: 1 })
  })

  it('never takes more input as cached than there was', () => {
    const odd = usageOfCall({ ...usage, cachedInput: 2_000_000 }, { input: 2, cachedInput: 1, output: 0 })
    expect(odd).toMatchObject({ cachedInputTokens: 1_000_000, costUsd: 1 })
  })
})
