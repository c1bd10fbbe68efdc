import { describe, expect, it } from 'vitest'
import { matchesTag, parseRange } from './range.ts'

describe('a Range header against 1,000 bytes', () => {
  it.each([
    ['bytes=0-99', { start: 0, end: 99 }],
    ['bytes=990-', { start: 990, end: 999 }],
    ['bytes=-10', { start: 990, end: 999 }],
    ['bytes=-5000', { start: 0, end: 999 }],
    ['bytes=500-5000', { start: 500, end: 999 }],
    ['bytes=999-999', { start: 999, end: 999 }],
    ['BYTES = 0 - 0', { start: 0, end: 0 }],
  ])('%s is served', (header, range) => expect(parseRange(header, 1_000)).toEqual(range))

  it.each(['bytes=1000-', 'bytes=1000-2000', 'bytes=-0'])('%s lies outside', (header) =>
    expect(parseRange(header, 1_000)).toBe('unsatisfiable'),
  )

  it.each([
    undefined,
    '',
    'bytes=',
    'bytes=-',
    'bytes=5-4',
    'bytes=0-1,5-6',
    'items=0-1',
    'bytes=a-b',
    'bytes=0x1-2',
  ])('%s is answered with everything', (header) => expect(parseRange(header, 1_000)).toBe('all'))

  it('finds nothing to serve in no bytes', () => {
    expect(parseRange('bytes=0-', 0)).toBe('unsatisfiable')
    expect(parseRange('bytes=-1', 0)).toBe('unsatisfiable')
  })
})

describe('an If-None-Match header', () => {
  it.each(['"abc"', 'W/"abc"', '"x", "abc"', '*'])('%s knows the tag', (header) =>
    expect(matchesTag(header, '"abc"')).toBe(true),
  )
  it.each([undefined, '', 'abc', '"abcd"', '"x", "y"'])('%s does not', (header) =>
    expect(matchesTag(header, '"abc"')).toBe(false),
  )
})
