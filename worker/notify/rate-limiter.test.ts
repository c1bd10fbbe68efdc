import { expect, test } from 'vitest'
import { makeRateLimiter } from './rate-limiter.ts'

test('edits are immediate within the burst, then limited to the rate', () => {
  let now = 0
  const limiter = makeRateLimiter({ editsPerMinute: 60, now: () => now })
  for (let i = 0; i < 10; i++) {
    expect(limiter.waitMs()).toBe(0)
    limiter.acquire()
  }
  expect(limiter.waitMs()).toBe(1_000)
  now += 1_000
  expect(limiter.waitMs()).toBe(0)
  limiter.acquire()
  expect(limiter.waitMs()).toBe(1_000)
})

test('no more edits per hour are allowed than sixty times the rate per minute', () => {
  let now = 0
  const limiter = makeRateLimiter({ editsPerMinute: 50, now: () => now })
  let edits = 0
  for (; now < 3_600_000; now += 100) {
    if (limiter.waitMs() > 0) continue
    limiter.acquire()
    edits++
  }
  expect(edits).toBeGreaterThan(2_900)
  expect(edits).toBeLessThanOrEqual(3_010)
})

test('a pause applies to all edits, and the longest one wins', () => {
  let now = 0
  const limiter = makeRateLimiter({ editsPerMinute: 60, now: () => now })
  limiter.pause(30_000)
  limiter.pause(5_000)
  expect([limiter.waitMs(), limiter.pausedMs()]).toEqual([30_000, 30_000])
  now = 30_000
  expect([limiter.waitMs(), limiter.pausedMs()]).toEqual([0, 0])
})
