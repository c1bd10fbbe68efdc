import { describe, expect, it } from 'vitest'
import { boundOf } from './schema-keywords.ts'

const least = (minimum: unknown, exclusive: unknown, isWhole = false) =>
  boundOf(minimum, exclusive, { direction: 1, isWhole })
const most = (maximum: unknown, exclusive: unknown, isWhole = false) =>
  boundOf(maximum, exclusive, { direction: -1, isWhole })

describe('a bound that is left out', () => {
  it('is refused for fractions too: 3.1 states a number, 3.0 a flag', () => {
    expect(least(undefined, 0)).toBe(Number.MIN_VALUE)
    expect(least(0, true)).toBe(Number.MIN_VALUE)
    expect(most(undefined, 100)).toBe(99.99999999999999)
  })

  it('leaves the next whole number, also beside a fraction', () => {
    expect(least(undefined, 0, true)).toBe(1)
    expect(least(undefined, 1.5, true)).toBe(2)
    expect(most(undefined, 1.5, true)).toBe(1)
  })

  it('counts beside another if it is the stricter', () => {
    expect(least(5, 0)).toBe(5)
    expect(least(-1, 0, true)).toBe(1)
    expect(most(3, false)).toBe(3)
    expect(least(undefined, undefined)).toBeUndefined()
  })
})
