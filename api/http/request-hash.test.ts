import { isDeepStrictEqual } from 'node:util'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { requestHash } from './request-hash.ts'

describe('the hash of a body', () => {
  it('does not depend on the order of keys', () => {
    expect(requestHash({ a: 1, b: { c: [1, 2], d: null } })).toBe(
      requestHash({ b: { d: null, c: [1, 2] }, a: 1 }),
    )
  })

  it('does not count a key that is undefined', () => {
    expect(requestHash({ a: 1, b: undefined })).toBe(requestHash({ a: 1 }))
  })

  it('differs for different values', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (one, two) => {
        // Through JSON, where 0 and -0 are the same.
        fc.pre(!isDeepStrictEqual(JSON.parse(JSON.stringify(one)), JSON.parse(JSON.stringify(two))))
        expect(requestHash(one)).not.toBe(requestHash(two))
      }),
    )
    expect(requestHash({ a: [1, 2] })).not.toBe(requestHash({ a: [2, 1] }))
    expect(requestHash({ a: '1' })).not.toBe(requestHash({ a: 1 }))
  })
})
