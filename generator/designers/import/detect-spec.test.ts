import { describe, expect, it } from 'vitest'
import { detectSpec } from './detect-spec.ts'

describe('an attached document', () => {
  it.each([
    ['openapi: 3.0.0\ninfo: {}', 'openapi'],
    ['# ours\n\n"openapi": "3.1.0"', 'openapi'],
    ['{ "info": {}, "openapi": "3.0.0" }', 'openapi'],
    ['swagger: "2.0"', 'openapi'],
    ['-- tables\ncreate table if not exists a (id int)', 'sql'],
    ['CREATE UNLOGGED TABLE a (id int)', 'sql'],
    ['{"name": "openapi"}', null],
    ['A shop with products. Each has a price.', null],
    ['We create tables of cheese.', null],
  ])('is known by its content: %s', (text, kind) => {
    expect(detectSpec(text)).toBe(kind)
  })
})
