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
    expect(sampleOf({ kind: 'string', nullable: false, min: 1e9 })).toHaveLength(100_000)
    expect(
      sampleOf({
        kind: 'array',
        nullable: false,
        min: 1e9,
        max: 1e9,
        items: { kind: 'boolean', nullable: false },
      }),
    ).toHaveLength(1000)
  })
})
