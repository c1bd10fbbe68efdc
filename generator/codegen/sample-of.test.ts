import type { Shape } from '#contract'
import { describe, expect, test } from 'vitest'
import { sampleOf } from './sample-of.ts'

describe('a sample of a shape', () => {
  test('has as many characters and items as the shape demands', () => {
    expect(sampleOf({ kind: 'string', nullable: false, min: 9 })).toHaveLength(9)
    expect(
      sampleOf({
        kind: 'array',
        nullable: false,
        min: 3,
        max: 5,
        items: { kind: 'boolean', nullable: false },
      }),
    ).toEqual([true, true, true])
  })

  test('stays small where a shape demands more than memory holds', () => {
    expect(sampleOf({ kind: 'string', nullable: false, min: 1e9 })).toHaveLength(20_000)
    expect(
      sampleOf({
        kind: 'array',
        nullable: false,
        min: 1e9,
        max: 1e9,
        items: { kind: 'boolean', nullable: false },
      }),
    ).toHaveLength(5000)
  })

  test('stays small where many properties demand it together, at any depth', () => {
    let shape: Shape = { kind: 'string', nullable: false, min: 1e9 }
    for (let depth = 0; depth < 2; depth++)
      shape = {
        kind: 'object',
        nullable: false,
        properties: Array.from({ length: 50 }, (_, at) => ({ name: `p${at}`, shape, required: true })),
      }
    // What is left is the names of 2,500 properties.
    expect(JSON.stringify(sampleOf(shape)).length).toBeLessThan(70_000)
  })

  test('stays small where lists of lists demand it together', () => {
    let shape: Shape = { kind: 'string', nullable: false, min: 900 }
    for (let depth = 0; depth < 6; depth++) shape = { kind: 'array', nullable: false, min: 900, items: shape }
    expect(JSON.stringify(sampleOf(shape)).length).toBeLessThan(25_000)
  })
})
