import { isDeepStrictEqual } from 'node:util'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hashOf } from './canonical.ts'

describe('the hash of a body', () => {
  it('does not depend on the order of keys', () => {
    expect(hashOf({ a: 1, b: { c: [1, 2], d: null } })).toBe(hashOf({ b: { d: null, c: [1, 2] }, a: 1 }))
  })

  it('does not count a key that is undefined', () => {
    expect(hashOf({ a: 1, b: undefined })).toBe(hashOf({ a: 1 }))
  })

  it('differs for different values', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (one, two) => {
        // Through JSON, where 0 and -0 are the same.
        fc.pre(!isDeepStrictEqual(JSON.parse(JSON.stringify(one)), JSON.parse(JSON.stringify(two))))
        expect(hashOf(one)).not.toBe(hashOf(two))
      }),
    )
    expect(hashOf({ a: [1, 2] })).not.toBe(hashOf({ a: [2, 1] }))
    expect(hashOf({ a: '1' })).not.toBe(hashOf({ a: 1 }))
  })
})
