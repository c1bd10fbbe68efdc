import { describe, expect, it } from 'vitest'
import { addUsage, noUsage, usageOfCall } from './usage.ts'

const usage = { input: 1_000_000, cachedInput: 400_000, cacheWrite: 0, output: 100_000, reasoning: 60_000 }

describe('what a call cost', () => {
  it('prices cached input separately, and reasoning as output', () => {
    expect(usageOfCall(usage, { input: 2, cachedInput: 1, output: 10 }).costUsd).toBeCloseTo(1.2 + 0.4 + 1)
  })

  it('prices cached input as input when it has no price', () => {
    expect(usageOfCall(usage, { input: 2, output: 10 }).costUsd).toBeCloseTo(3)
  })

  it('is unknown without a price, and so is every sum with it', () => {
    const open = usageOfCall(usage, null)
    expect(open.costUsd).toBeNull()
    expect(addUsage(open, usageOfCall(usage, { input: 1, output: 1 }))).toMatchObject({
      calls: 2,
      costUsd: null,
    })
  })

  it('counts a call without reported usage', () => {
    expect(addUsage(noUsage, usageOfCall(null, { input: 1, output: 1 }))).toEqual({ ...noUsage, calls: 1 })
  })

  it('never counts more cached input than input', () => {
    const odd = usageOfCall({ ...usage, cachedInput: 2_000_000 }, { input: 2, cachedInput: 1, output: 0 })
    expect(odd).toMatchObject({ cachedInputTokens: 1_000_000, costUsd: 1 })
  })
})
