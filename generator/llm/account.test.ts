import { describe, expect, it } from 'vitest'
import { UNLIMITED_BUDGET, openAccount, type AccountState } from './account.ts'
import { noUsage, usageOfCall } from './usage.ts'

const never = new AbortController().signal
const price = { input: 1, output: 10 }
const used = (input: number, output: number) =>
  usageOfCall({ input, output, cachedInput: 0, cacheWrite: 0, reasoning: 0 }, price)

describe('the account of a job', () => {
  it('without a budget limits nothing, and sums what was used', async () => {
    const account = openAccount({ budget: UNLIMITED_BUDGET, price: null })
    for (const [input, output] of [
      [100, 10],
      [1, 1],
    ] as const) {
      const share = await account.reserve({ input: 1e9, output: 1e9 }, never)
      expect(share.maxOutputTokens).toBeNull()
      await share.settle(used(input, output), true)
    }
    expect(account.spent()).toMatchObject({ calls: 2, inputTokens: 101, outputTokens: 11 })
  })

  it('gives the last call the remaining budget, and rejects the next one', async () => {
    const account = openAccount({ budget: { tokens: 10_000, costUsd: null }, price: null })
    const first = await account.reserve({ input: 1000, output: 4000 }, never)
    expect(first.maxOutputTokens).toBe(4000)
    await first.settle(used(1000, 4000), true)
    const last = await account.reserve({ input: 1000, output: 16_000 }, never)
    expect(last.maxOutputTokens).toBe(4000)
    await last.settle(used(1000, 3800), true)
    await expect(account.reserve({ input: 100, output: 4000 }, never)).rejects.toMatchObject({
      code: 'job_budget_reached',
      retryable: false,
      message: expect.stringContaining('9,800 of 10,000 tokens'),
      hint: expect.stringContaining('MAX_JOB_TOKENS'),
    })
  })

  it('limits the cost as well, by the price of what goes in and what comes out', async () => {
    const account = openAccount({ budget: { tokens: null, costUsd: 0.1 }, price: price })
    const share = await account.reserve({ input: 10_000, output: 100_000 }, never)
    expect(share.maxOutputTokens).toBe(9000)
    await share.settle(used(10_000, 8900), true)
    await expect(account.reserve({ input: 1000, output: 1000 }, never)).rejects.toThrow(
      /\$0\.0990 of \$0\.1000/,
    )
  })

  it('makes no call under a cost limit when the price is unknown', async () => {
    const account = openAccount({ budget: { tokens: null, costUsd: 5 }, price: null })
    await expect(account.reserve({ input: 1, output: 1 }, never)).rejects.toMatchObject({
      code: 'model_unpriced',
      retryable: false,
    })
  })

  it('says where a limit of a channel can be raised', async () => {
    const account = openAccount({ budget: { tokens: null, costUsd: 0.001, isPreferred: true }, price })
    await expect(account.reserve({ input: 100_000, output: 1000 }, never)).rejects.toMatchObject({
      code: 'job_budget_reached',
      hint: expect.stringContaining('in the settings of this channel'),
    })
  })

  it('queues calls in FIFO order while others hold their budget', async () => {
    const account = openAccount({ budget: { tokens: 10_000, costUsd: null }, price: null })
    const first = await account.reserve({ input: 1000, output: 7000 }, never)
    const order: string[] = []
    const waiting = ['second', 'third'].map(async (name) => {
      const share = await account.reserve({ input: 1000, output: 2000 }, never)
      order.push(name)
      return share
    })
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(order).toEqual([])
    await first.settle(used(1000, 100), true)
    await Promise.all(waiting)
    expect(order).toEqual(['second', 'third'])
  })

  it('never exceeds the budget with concurrent calls', async () => {
    const account = openAccount({ budget: { tokens: 20_000, costUsd: null }, price: null })
    let refused = 0
    await Promise.all(
      Array.from({ length: 20 }, async () => {
        try {
          const share = await account.reserve({ input: 700, output: 5000 }, never)
          await new Promise((resolve) => setTimeout(resolve, 1))
          await share.settle(used(700, share.maxOutputTokens!), true)
        } catch {
          refused += 1
        }
      }),
    )
    const { inputTokens, outputTokens } = account.spent()
    expect(inputTokens + outputTokens).toBeLessThanOrEqual(20_000)
    expect(inputTokens + outputTokens).toBeGreaterThan(18_000)
    expect(refused).toBeGreaterThan(10)
  })

  it('charges the estimated input when the service reports no usage', async () => {
    const account = openAccount({ budget: { tokens: 3000, costUsd: null }, price: null })
    const share = await account.reserve({ input: 2000, output: 1000 }, never)
    await share.settle({ ...noUsage, calls: 1 }, false)
    expect(account.spent().inputTokens).toBe(0)
    await expect(account.reserve({ input: 600, output: 1000 }, never)).rejects.toThrow(/budget/)
  })

  it('rejects an aborted waiter with its reason', async () => {
    const account = openAccount({ budget: { tokens: 2000, costUsd: null }, price: null })
    await account.reserve({ input: 500, output: 1500 }, never)
    const stop = new AbortController()
    const second = account.reserve({ input: 500, output: 1500 }, stop.signal)
    const reason = new Error('gave up')
    stop.abort(reason)
    await expect(second).rejects.toBe(reason)
  })

  it('continues from the state of an earlier attempt', async () => {
    const states: AccountState[] = []
    const input = { budget: { tokens: 10_000, costUsd: null }, price: null }
    const first = openAccount({ ...input, save: async (state) => void states.push(state) })
    const share = await first.reserve({ input: 1000, output: 4000 }, never)
    await share.settle(used(1000, 4000), true)
    const second = openAccount({ ...input, initial: states.at(-1)! })
    expect(second.spent()).toEqual(first.spent())
    expect((await second.reserve({ input: 1000, output: 16_000 }, never)).maxOutputTokens).toBe(4000)
  })
})
