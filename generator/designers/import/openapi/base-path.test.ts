import { describe, expect, it } from 'vitest'
import { basePathOf } from './base-path.ts'

const url = (path: string, variables?: object) => ({ servers: [{ url: path, variables }] })

describe('the base path of a document', () => {
  it.each([
    ['no servers', [{}], ''],
    ['the root', [url('https://api.example.com')], ''],
    ['a path', [url('https://api.example.com/api/v2/')], '/api/v2'],
    ['a relative URL', [url('/v1')], '/v1'],
    ['a relative URL without a slash', [url('v1')], '/v1'],
    [
      'variables',
      [url('https://{host}/{base}', { host: { default: 'a.example' }, base: { default: 'v3' } })],
      '/v3',
    ],
    ['an operation of its own server', [url('/own'), {}, url('/v1')], '/own'],
    ['an operation of its own root', [url('/'), url('/v1')], ''],
  ])('follows %s', (_what, levels, expected) => {
    const notes = new Set<string>()
    expect(basePathOf(levels, notes)).toBe(expected)
    expect([...notes]).toEqual([])
  })

  it('is that of the first server, which is said', () => {
    const notes = new Set<string>()
    expect(
      basePathOf([{ servers: [{ url: '/v2' }, { url: '/v1' }, { url: 'https://b.example/v2' }] }], notes),
    ).toBe('/v2')
    expect([...notes]).toEqual([
      'Routes are served under /v2, the path of the first server; those of the other servers are ignored.',
    ])
  })

  it.each(['/a%20b', '/ü', `/${'a'.repeat(200)}`])(
    'is left out if it is not supported, which is said: %s',
    (path) => {
      const notes = new Set<string>()
      expect(basePathOf([url(path)], notes)).toBe('')
      expect([...notes].join()).toContain('is not supported')
    },
  )
})
