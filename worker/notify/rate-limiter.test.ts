import { expect, test } from 'vitest'
import { makeRateLimiter } from './rate-limiter.ts'

test('edits go out at once until there are many, and then as the workspace takes them', () => {
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

test('over any hour, no more edits are let through than a minute allows times sixty', () => {
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

test('the word of the platform holds for everybody, and the longest one counts', () => {
  let now = 0
  const limiter = makeRateLimiter({ editsPerMinute: 60, now: () => now })
  limiter.pause(30_000)
  limiter.pause(5_000)
  expect([limiter.waitMs(), limiter.pausedMs()]).toEqual([30_000, 30_000])
  now = 30_000
  expect([limiter.waitMs(), limiter.pausedMs()]).toEqual([0, 0])
})
