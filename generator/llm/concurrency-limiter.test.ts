import { expect, it } from 'vitest'
import { makeConcurrencyLimiter } from './concurrency-limiter.ts'

const never = new AbortController().signal

it('limits concurrency, in FIFO order', async () => {
  const limiter = makeConcurrencyLimiter(2)
  const started: number[] = []
  const gates = Array.from({ length: 5 }, () => Promise.withResolvers<void>())
  const runs = gates.map(({ promise }, index) =>
    limiter.run(never, async () => {
      started.push(index)
      await promise
      return index
    }),
  )
  await Promise.resolve()
  expect(started).toEqual([0, 1])
  gates[1]!.resolve()
  await runs[1]
  await Promise.resolve()
  expect(started).toEqual([0, 1, 2])
  for (const gate of gates) gate.resolve()
  expect(await Promise.all(runs)).toEqual([0, 1, 2, 3, 4])
})

it('releases the slot when work fails', async () => {
  const limiter = makeConcurrencyLimiter(1)
  await expect(limiter.run(never, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await limiter.run(never, async () => 'yes')).toBe('yes')
})

it('rejects an aborted waiter with its reason and serves the next one', async () => {
  const limiter = makeConcurrencyLimiter(1)
  const gate = Promise.withResolvers<void>()
  const first = limiter.run(never, () => gate.promise)
  const stop = new AbortController()
  const second = limiter.run(stop.signal, () => expect.unreachable())
  const third = limiter.run(never, async () => 'third')
  const reason = new Error('gave up')
  stop.abort(reason)
  await expect(second).rejects.toBe(reason)
  gate.resolve()
  await first
  expect(await third).toBe('third')
})

it('does not start aborted work', async () => {
  const reason = new Error('too late')
  const work = () => expect.unreachable()
  await expect(makeConcurrencyLimiter(1).run(AbortSignal.abort(reason), work)).rejects.toBe(reason)
})
