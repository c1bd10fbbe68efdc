import { describe, expect, it } from 'vitest'
import { readServedDocument } from './served-document.ts'

type Item = Record<string, unknown>
const operation = (operationId: string, more: Item = {}) => ({
  operationId,
  responses: { 200: { description: 'Done.' } },
  ...more,
})
const id = { name: 'id', in: 'path', required: true, schema: { type: 'string' } }
const document = (paths: Item, more: Item = {}) => ({
  openapi: '3.1.0',
  info: { title: 'Notes', version: '1.0.0' },
  paths,
  ...more,
})
const read = (body: unknown) => readServedDocument({ status: 200, body: JSON.stringify(body) })

describe('the document of a project', () => {
  it('that is valid has no problem', async () => {
    const paths = {
      '/notes': { get: operation('list'), post: operation('create') },
      '/notes/{id}': { parameters: [id], get: operation('read') },
    }
    expect(await read(document(paths))).toEqual({ version: '3.1.0', operations: 3, problem: null })
  })

  it.each<[string, unknown, RegExp]>([
    [
      'has no title',
      { ...document({ '/n': { get: operation('a') } }), info: {} },
      /not valid at \/info.*title/,
    ],
    [
      'is not 3.1',
      document({ '/n': { get: operation('a') } }, { openapi: '3.0.3' }),
      /"3\.0\.3"; expected 3\.1/,
    ],
    ['has no operation', document({}), /has no operation/],
    ['is a list', [1], /says OpenAPI ""/],
    ['is null', null, /not an object/],
    [
      'answers without a description',
      document({ '/n': { get: operation('a', { responses: { 200: {} } }) } }),
      /not valid at \/paths\/~1n\/get\/responses\/200.*description/,
    ],
    [
      'has a parameter of no place',
      document({ '/n/{id}': { get: operation('a', { parameters: [{ ...id, in: 'body' }] }) } }),
      /not valid at .*parameters/,
    ],
    [
      'points to what is not there',
      document({
        '/n': { get: operation('a', { responses: { 200: { $ref: '#/components/responses/No' } } }) },
      }),
      /#\/components\/responses\/No/,
    ],
    [
      'names two operations alike',
      document({ '/n': { get: operation('same'), post: operation('same') } }),
      /calls both GET \/n and POST \/n "same"/,
    ],
    [
      'leaves a part of a path out',
      document({ '/n/{id}': { get: operation('a') } }),
      /does not describe \{id\} of GET \/n\/\{id\}/,
    ],
  ])('that %s is refused', async (_what, body, problem) => {
    expect((await read(body)).problem).toMatch(problem)
  })

  it('that is not there, or is not JSON, is refused', async () => {
    expect((await readServedDocument({ status: 404, body: '' })).problem).toBe('is answered with 404')
    expect((await readServedDocument({ status: 200, body: '{' })).problem).toMatch(/^is not JSON/)
  })
})
