import * as fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { parseJsonBody } from './json-body.ts'

const parse = (text: string) => parseJsonBody(Buffer.from(text))

describe('a JSON body', () => {
  it('is read like JSON.parse does, for every value without ambiguous keys', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(0, 2), (value, indent) => {
        fc.pre(!JSON.stringify(value).includes('__proto__'))
        const text = JSON.stringify(value, null, indent)
        expect(parse(text)).toEqual(JSON.parse(text))
      }),
    )
  })

  it('finds a key that is there twice wherever it is, and however it is written', () => {
    const other = fc.jsonValue().filter((value) => !JSON.stringify(value).includes('__proto__'))
    fc.assert(
      fc.property(fc.string(), other, other, (key, one, two) => {
        fc.pre(key !== '__proto__')
        const escaped = [...key].map((char) => escape(char)).join('')
        const text = `{"a": [{"b": ${JSON.stringify(one)}, ${JSON.stringify(key)}: 1, "${escaped}": ${JSON.stringify(two)}}]}`
        expect(() => parse(text)).toThrow('Duplicate key')
      }),
    )
  })

  it('allows a key again in another object, and as a value', () => {
    const text = String.raw`{"a": {"a": "a"}, "b": [{"a": 1}, {"a": 2}, "a", "a"], "c\"": "c\"", "d\\": ","}`
    expect(parse(text)).toEqual(JSON.parse(text))
  })

  it.each(['{"__proto__": 1}', '{"a": {"__proto__": {}}}', String.raw`{"\u005f_proto__": 1}`])(
    'refuses %s',
    (text) => expect(() => parse(text)).toThrow('The key "__proto__" is not allowed.'),
  )

  it.each(['{"a": 1', '{a: 1}', "{'a': 1}", 'hello', '{"a": 1} x', '\u0000'])(
    'says what is wrong with %j',
    (text) => expect(() => parse(text)).toThrow(/^The body is not valid JSON: .+\. Example: \{"prompt"/),
  )

  it('refuses bytes that are not UTF-8', () => {
    expect(() => parseJsonBody(Buffer.from('{"prompt": "Bücher"}', 'latin1'))).toThrow('is not valid UTF-8')
  })

  it('takes a byte order mark, as some editors write it', () => {
    expect(parse('\ufeff{"a": 1}')).toEqual({ a: 1 })
  })

  it('is undefined when there is none', () => {
    expect(parse('')).toBeUndefined()
  })

  it('reads a megabyte of quotes, backslashes or brackets in a blink', () => {
    const started = performance.now()
    parse(JSON.stringify({ a: '"\\'.repeat(500_000) }))
    parse(JSON.stringify({ a: '\\'.repeat(1_000_000) }))
    expect(() => parse('['.repeat(900))).toThrow('not valid JSON')
    expect(() => parse('['.repeat(1_000_000))).toThrow('more than 5,000 keys and values')
    expect(performance.now() - started).toBeLessThan(20_000)
  })

  it('takes a long text, whatever is in it', () => {
    const prompt = '{"a":[1,2]},\\"'.repeat(10_000)
    expect(parse(JSON.stringify({ prompt }))).toEqual({ prompt })
  })

  it.each<[string, string]>([
    ['keys', `{${Array.from({ length: 300_000 }, (_, at) => `"k${at}":1`).join(',')}}`],
    ['values', `{"prompt":"a","spec":[${'1,'.repeat(1_000_000)}1]}`],
    ['lists in lists', `{"x":${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}}`],
    ['objects in objects', `{"x":${'{"a":'.repeat(400_000)}1${'}'.repeat(400_000)}}`],
    ['objects', `{"x":[${'{},'.repeat(800_000)}{}]}`],
  ])('refuses a body of nothing but %s before it is parsed', (_what, body) => {
    const parser = vi.spyOn(JSON, 'parse')
    try {
      expect(() => parse(body)).toThrow(
        expect.objectContaining({
          status: 400,
          code: 'invalid_json',
          message: expect.stringContaining('more than 5,000 keys and values'),
        }),
      )
      expect(parser).not.toHaveBeenCalled()
    } finally {
      parser.mockRestore()
    }
  })
})

const escape = (char: string) =>
  char
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('')
