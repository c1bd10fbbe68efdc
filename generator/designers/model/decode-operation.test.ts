import { expect, it } from 'vitest'
import { CustomOperation } from '#contract'
import { completeTodo } from '../../codegen/testing/operations.ts'
import { toOperation } from './decode-operation.ts'
import { operationToTransport } from './testing/to-llm.ts'
import type { LlmOperation, LlmPart } from './llm-schema.ts'

const sent = operationToTransport(completeTodo)
const received = (more: Partial<LlmOperation>) => {
  const dropped: string[] = []
  const operation = CustomOperation.parse(toOperation({ ...sent, ...more }, dropped))
  return { operation, dropped }
}
const part = (path: string, kind: LlmPart['kind'], more: Partial<LlmPart> = {}): LlmPart => ({
  path,
  kind,
  required: true,
  nullable: false,
  values: null,
  pattern: null,
  entity: null,
  min: null,
  max: null,
  defaultValue: null,
  description: null,
  ...more,
})

it.each([
  ['/todos/{id}/complete', '/todos/:id/complete'],
  ['todos/<id>/complete/', '/todos/:id/complete'],
  ['/v1/Todos/:id/complete', '/v1/Todos/:id/complete'],
])('brings the path %s into its form', (path, expected) => {
  expect(received({ path }).operation.path).toBe(expected)
})

it('brings names and codes into their form', () => {
  const { operation } = received({
    id: 'complete todo',
    entity: 'todo',
    errors: [{ status: 409, code: 'AlreadyDone', when: '' }],
  })
  expect(operation).toMatchObject({
    id: 'completeTodo',
    entity: 'Todo',
    responses: { errors: [{ status: 409, code: 'already_done', when: 'AlreadyDone' }] },
  })
})

it('makes a tree of places, with what they imply', () => {
  const { operation } = received({
    method: 'PUT',
    body: [part('items[].productId', 'uuid'), part('items[].tags[]', 'string'), part('note', 'string')],
  })
  const plain = (kind: string) => ({ kind, nullable: false })
  const property = (name: string, shape: object) => ({ name, shape, required: true })
  expect(operation.body).toEqual({
    kind: 'object',
    nullable: false,
    properties: [
      property('items', {
        kind: 'array',
        nullable: false,
        items: {
          kind: 'object',
          nullable: false,
          properties: [
            property('productId', plain('uuid')),
            property('tags', { kind: 'array', nullable: false, items: plain('string') }),
          ],
        },
      }),
      property('note', plain('string')),
    ],
  })
})

it('leaves out an example whose values are no JSON, and says so', () => {
  const [first, second] = sent.examples as [LlmOperation['examples'][number], (typeof sent.examples)[number]]
  const { operation, dropped } = received({ examples: [{ ...first, params: '{id}' }, second] })
  expect(operation.examples).toEqual([completeTodo.examples[1]])
  expect(dropped).toEqual(['An example of completeTodo: its values are not JSON.'])
})

it('leaves a list without members to the contract, which objects', () => {
  const lone = toOperation({ ...sent, method: 'PUT', body: [part('', 'array')] }, [])
  expect(CustomOperation.safeParse(lone).error?.issues[0]?.path).toEqual(['body', 'items'])
})

const body = (...parts: LlmPart[]) => received({ method: 'PUT', body: parts }).operation.body
const anything = { kind: 'any', nullable: true }

it('takes an object of which nothing is said for one that may hold anything, not for {}', () => {
  const record = { kind: 'record', values: anything, nullable: false }
  expect(body(part('', 'object'))).toEqual(record)
  expect(body(part('payload', 'object'))).toMatchObject({ properties: [{ name: 'payload', shape: record }] })
  expect(body(part('items[]', 'object'))).toMatchObject({ properties: [{ shape: { items: record } }] })
})

it('reads maps, bounds and defaults', () => {
  expect(
    body(
      part('prices{}', 'number', { min: 0 }),
      part('tags', 'array', { max: 5 }),
      part('tags[]', 'string', { min: 1, max: 30 }),
      part('quantity', 'integer', { required: false, defaultValue: '1', min: 1 }),
      part('urgent', 'boolean', { required: false, defaultValue: 'false' }),
      part('extra', 'any'),
    ),
  ).toEqual({
    kind: 'object',
    nullable: false,
    properties: [
      {
        name: 'prices',
        shape: { kind: 'record', values: { kind: 'number', nullable: false, min: 0 }, nullable: false },
        required: true,
      },
      {
        name: 'tags',
        shape: {
          kind: 'array',
          items: { kind: 'string', nullable: false, min: 1, max: 30 },
          nullable: false,
          max: 5,
        },
        required: true,
      },
      {
        name: 'quantity',
        shape: { kind: 'integer', nullable: false, min: 1 },
        required: false,
        default: 1,
      },
      { name: 'urgent', shape: { kind: 'boolean', nullable: false }, required: false, default: false },
      { name: 'extra', shape: { kind: 'any', nullable: false }, required: true },
    ],
  })
})

it('reads lists in a query, and names with dots and brackets', () => {
  const query = [part('tags[]', 'string'), part('page[size]', 'integer'), part('sort.by', 'string')]
  expect(received({ query }).operation.query).toMatchObject([
    { name: 'tags', shape: { kind: 'array', items: { kind: 'string' } } },
    { name: 'page[size]' },
    { name: 'sort.by' },
  ])
})

it('reads several successes, one of them a redirect', () => {
  const { operation } = received({
    otherSuccesses: [
      { successKind: 'json', successStatus: 202, mediaType: null, answer: [part('position', 'integer')] },
      { successKind: 'redirect', successStatus: 303, mediaType: null, answer: [] },
    ],
  })
  expect(operation.responses.others).toMatchObject([
    { kind: 'json', status: 202 },
    { kind: 'redirect', status: 303 },
  ])
})
