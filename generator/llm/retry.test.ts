import { describe, expect, it } from 'vitest'
import { noUsage } from './usage.ts'
import { ModelError } from './model-error.ts'
import { retryPolicy, sleepFor, withRetries } from './retry.ts'

const call = { ...noUsage, calls: 1, outputTokens: 10 }
const fault = (more: Partial<ConstructorParameters<typeof ModelError>[0]> = {}) =>
  new ModelError({
    code: 'model_unavailable',
    message: 'Out of order.',
    hint: 'Wait.',
    retryable: true,
    usage: call,
    ...more,
  })

/** Runs the attempts in their order; a repetition that is not foreseen fails the test. */
async function run(attempts: (ModelError | 'answer')[], random = 0) {
  const waits: number[] = []
  const deps = {
    signal: new AbortController().signal,
    random: () => random,
    onRetry: (_fault: ModelError, _attempt: number, waitMs: number) => void waits.push(waitMs),
    pause: async () => {},
  }
  const left = [...attempts]
  const result = await withRetries(deps, async () => {
    const next = left.shift()
    if (next === undefined) throw new Error('one attempt too many')
    if (next === 'answer') return { usage: call }
    throw next
  }).catch((error: unknown) => error as ModelError)
  expect(left).toEqual([])
  return { result, waits }
}

describe('repeating a call', () => {
  it('sums what every attempt used', async () => {
    const { result } = await run([fault(), fault(), 'answer'])
    expect(result).toEqual({ usage: { ...call, calls: 3, outputTokens: 30 } })
  })

  it('stops after the maximum attempts, with the last error and total usage', async () => {
    const { result, waits } = await run(Array.from({ length: retryPolicy.maxAttempts }, () => fault()))
    expect(result).toMatchObject({ code: 'model_unavailable', retryable: true, usage: { calls: 4 } })
    expect(waits).toHaveLength(retryPolicy.maxAttempts - 1)
  })

  it('retries a billable error once and marks it as final', async () => {
    const paid = () => fault({ code: 'model_stream_cut', billable: true })
    const { result } = await run([fault(), paid(), paid()])
    expect(result).toMatchObject({ code: 'model_stream_cut', retryable: false, usage: { calls: 3 } })
  })

  it('does not retry final errors', async () => {
    expect((await run([fault({ retryable: false })])).waits).toEqual([])
  })

  it.each([
    [0, [500, 1000, 2000]],
    [0.999_999, [1000, 2000, 4000]],
  ])('doubles the wait, with jitter (random %d)', async (random, waits) => {
    expect((await run([fault(), fault(), fault(), 'answer'], random)).waits).toEqual(waits)
  })

  it('waits at least as long as the service asks', async () => {
    const asked = fault({ retryAfterMs: 5000 })
    expect((await run([asked, 'answer'], 0)).waits).toEqual([5000])
    expect((await run([asked, 'answer'], 1)).waits).toEqual([5500])
  })

  it('does not wait for an excessive Retry-After', async () => {
    const { result } = await run([fault({ retryAfterMs: retryPolicy.maxRetryAfterMs + 1 })])
    expect(result).toMatchObject({ code: 'model_unavailable' })
  })

  it('does not retry our own bugs', async () => {
    const bug = new TypeError('x is not a function')
    expect((await run([bug as unknown as ModelError])).result).toBe(bug)
  })
})

it('a pause ends with the reason of the signal', async () => {
  const stop = new AbortController()
  const reason = new Error('enough')
  const pausing = sleepFor(60_000, stop.signal)
  stop.abort(reason)
  await expect(pausing).rejects.toBe(reason)
})
