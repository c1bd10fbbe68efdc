import { expect, it } from 'vitest'
import { leftOutBy, nextNumber } from './next-number.ts'

it('leaves no number between a number and the next', () => {
  expect(nextNumber(0, 1)).toBe(5e-324)
  expect(nextNumber(10, 1)).toBe(10.000000000000002)
  expect(nextNumber(10, -1)).toBe(9.999999999999998)
  expect(nextNumber(-10, 1)).toBe(-9.999999999999998)
})

it.each([
  [5e-324, 1, 0],
  [-5e-324, -1, 0],
  [10.000000000000002, 1, 10],
  [0.10000000000000002, 1, 0.1],
  [99.99999999999999, -1, 100],
] as const)('says which number a bound of %d leaves out', (bound, direction, number) => {
  expect(leftOutBy(bound, direction)).toBe(number)
})

it.each([0, 1, 0.1, 0.5, -3, 1e300, 1 / 3])('leaves out nothing else: %d', (bound) => {
  expect(leftOutBy(bound, 1)).toBeUndefined()
  expect(leftOutBy(bound, -1)).toBeUndefined()
})
