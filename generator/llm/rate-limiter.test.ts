import { expect, it } from 'vitest'
import { makeRateLimiter } from './rate-limiter.ts'

const never = new AbortController().signal

/** A rate with a clock that only its own waits move. */
function setUp(perMinute: number | null) {
  let clock = 0
  const rate = makeRateLimiter({
    perMinute,
    now: () => clock,
    async pause(ms, signal) {
      signal.throwIfAborted()
      clock += ms
    },
  })
  return { rate, at: () => clock, pass: (ms: number) => (clock += ms) }
}

it('limits calls per minute, in FIFO order', async () => {
  const { rate, at } = setUp(2)
  const times: [number, number][] = []
  await Promise.all([0, 1, 2, 3, 4].map(async (call) => times.push([call, (await rate.enter(never), at())])))
  expect(times).toEqual([
    [0, 0],
    [1, 0],
    [2, 60_000],
    [3, 60_000],
    [4, 120_000],
  ])
})

it('counts a minute from each, and not by the clock on the wall', async () => {
  const { rate, at, pass } = setUp(2)
  await rate.enter(never)
  pass(50_000)
  await rate.enter(never)
  await rate.enter(never)
  expect(at()).toBe(60_000)
  await rate.enter(never)
  expect(at()).toBe(110_000)
})

it('does not delay calls without a limit', async () => {
  const { rate, at } = setUp(null)
  for (let call = 0; call < 100; call += 1) await rate.enter(never)
  expect(at()).toBe(0)
})

it('removes an aborted waiter and serves the next one', async () => {
  const { rate, at } = setUp(1)
  await rate.enter(never)
  const reason = new Error('gave up')
  const gone = rate.enter(AbortSignal.abort(reason))
  const next = rate.enter(never)
  await expect(gone).rejects.toBe(reason)
  await next
  expect(at()).toBe(60_000)
})
