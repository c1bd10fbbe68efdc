import { expect, test } from 'vitest'
import { makeMonotonicClock } from './monotonic-clock.ts'

test('a steady clock begins at the time of the system and goes on when that steps back', () => {
  let [wall, elapsed] = [1_000_000, 50]
  const now = makeMonotonicClock(
    () => wall,
    () => elapsed,
  )
  expect(now()).toBe(1_000_000)
  wall -= 3_600_000
  elapsed += 250
  expect(now()).toBe(1_000_250)
})
