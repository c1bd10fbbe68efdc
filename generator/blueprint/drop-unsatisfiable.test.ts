import type { Shape } from '#contract'
import { describe, expect, it } from 'vitest'
import { sampleOf } from '../codegen/sample-of.ts'
import { dropUnsatisfiable } from './drop-unsatisfiable.ts'

const limit = (shape: Shape) => {
  const dropped: string[] = []
  return {
    shape: dropUnsatisfiable(shape, 'Book.a', (place, what) => dropped.push(`${place}: ${what}`)),
    dropped,
  }
}
const nullable = false
const text = { kind: 'string', nullable } as const
const lists = (depth: number, min: number): Shape =>
  depth === 0 ? text : { kind: 'array', nullable, min, items: lists(depth - 1, min) }

describe('a constraint of a design', () => {
  it.each<Shape>([
    { ...text, min: 1, max: 10_000 },
    { ...text, min: 5_000 },
    { kind: 'integer', nullable, min: 1, max: 9e15 },
    { kind: 'number', nullable, min: -1e300, max: 1e300 },
    { kind: 'array', nullable, min: 3, items: { ...text, min: 100 } },
    { kind: 'array', nullable, max: 0, items: text },
  ])('stays where it can be met: %j', (shape) => {
    expect(limit(shape)).toEqual({ shape, dropped: [] })
  })

  it.each<[Shape, Shape, RegExp]>([
    [{ ...text, min: 1e9 }, text, /minLength requires a value of more than 10,000 characters$/],
    [{ ...text, min: 1e9, max: 2e9 }, { ...text, max: 2e9 }, /minLength/],
    [{ ...text, min: 9, max: 3 }, text, /no value has a valid length/],
    [{ ...text, min: -4 }, text, /no value has a valid length/],
    [{ kind: 'number', nullable, min: 1e308, max: -1e308 }, { kind: 'number', nullable }, /no number/],
    [{ kind: 'integer', nullable, min: 1e308 }, { kind: 'integer', nullable }, /no integer/],
    [lists(1, 1e9), { kind: 'array', nullable, items: text }, /minItems requires/],
  ])('is dropped where it cannot, and said: %j', (given, kept, why) => {
    const { shape, dropped } = limit(given)
    expect(shape).toEqual(kept)
    expect(dropped).toEqual([expect.stringMatching(why)])
  })

  it.each<[string, Shape]>([
    ['lists in lists', lists(6, 100)],
    [
      'many long texts',
      {
        kind: 'object',
        nullable,
        properties: Array.from({ length: 120 }, (_, at) => ({
          name: `p${at}`,
          required: true,
          shape: { ...text, min: 9_000 },
        })),
      },
    ],
  ])('is not too much together: %s', (_what, given) => {
    const { shape, dropped } = limit(given)
    expect(JSON.stringify(sampleOf(shape)).length).toBeLessThan(20_000)
    expect(dropped.length).toBeGreaterThan(0)
  })
})
