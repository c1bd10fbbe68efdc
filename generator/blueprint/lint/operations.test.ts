import { describe, expect, it } from 'vitest'
import { Blueprint, CustomOperation, type OperationExample, type RowChange, type Shape } from '#contract'
import { todo } from '../../codegen/testing/blueprints.ts'
import { completeTodo, param, shopWithCheckout, todoWithComplete } from '../../codegen/testing/operations.ts'
import { lintBlueprint } from '../lint-blueprint.ts'

const lint = (...operations: CustomOperation[]) => lintBlueprint({ ...todo, operations })

/** Diagnostics as `code severity`; linting the result again changes nothing. */
function codes(...operations: CustomOperation[]): string[] {
  const { blueprint: fixed, diagnostics } = lint(...operations)
  expect(Blueprint.parse(fixed)).toEqual(fixed)
  expect(lintBlueprint(fixed)).toEqual({
    blueprint: fixed,
    diagnostics: diagnostics.filter(({ severity }) => severity === 'error'),
  })
  return diagnostics.map(({ code, severity }) => `${code} ${severity}`)
}

const but = (more: Partial<CustomOperation>): CustomOperation => ({ ...completeTodo, ...more })
const at = (path: string, more: Partial<CustomOperation> = {}): CustomOperation => {
  const params = [...path.matchAll(/:(\w+)/g)].map(([, name]) => param(name!, 'string'))
  return but({ id: 'other', path, params, examples: [], ...more })
}

it.each([
  ['completing a task', todoWithComplete],
  ['a checkout', shopWithCheckout],
])('reports nothing for %s', (_what, valid) => {
  expect(lintBlueprint(valid)).toEqual({ blueprint: valid, diagnostics: [] })
})

it('reads a Blueprint created before there were operations', () => {
  const { operations: _none, ...older } = todo
  expect(Blueprint.parse(older)).toEqual(todo)
})

describe('the name of an operation', () => {
  it('is unique: a taken one gets a number', () => {
    expect(codes(completeTodo, { ...at('/elsewhere'), id: 'completeTodo' })).toEqual([
      'operation.duplicate fixed',
    ])
    expect(codes(but({ id: 'listTodos' }))).toEqual(['operation.reserved-id fixed'])
    expect(lint(but({ id: 'checkHealth' })).blueprint.operations[0]!.id).toBe('checkHealth2')
  })
})

it('has no path parameters that are "." or ".."', () => {
  const going = (...values: string[]) =>
    at('/go/:to', {
      params: [{ ...param('to', 'string'), shape: { kind: 'enum', values, nullable: false } }],
    })
  expect(codes(going('up', '.', '..'))).toEqual(['operation.param-step fixed'])
  expect(lint(going('up', '.')).blueprint.operations[0]!.params[0]!.shape).toMatchObject({ values: ['up'] })
  expect(codes(going('..'))).toEqual(['operation.param-step error'])
})

describe('the route of an operation', () => {
  it.each([
    ['/todos', { method: 'POST' as const }],
    ['/todos/:key', { method: 'GET' as const }],
    ['/TODOS/:key', { method: 'DELETE' as const }],
  ])('is not one of an entity: %s', (path, more) => {
    expect(codes(at(path, { body: null, ...more }))).toEqual(['operation.route-duplicate error'])
  })

  it('is unique, whatever its parameters are called', () => {
    expect(codes(completeTodo, at('/todos/:key/complete'))).toEqual(['operation.route-duplicate error'])
  })

  it('may have a literal in place of an id', () => {
    expect(codes(at('/todos/stats', { method: 'GET', body: null }))).toEqual([])
  })

  it('is not ambiguous with another one', () => {
    expect(codes(at('/a/:x/b', { id: 'one' }), at('/a/c/:y', { id: 'two' }))).toEqual([
      'operation.route-ambiguous error',
    ])
    const day = at('/a/c/:y', { id: 'two', params: [param('y', 'date')] })
    expect(codes(at('/a/:x/b', { id: 'one' }), day)).toEqual([])
  })

  it.each(['/health', '/ready', '/docs', '/docs/mine'])('is not the reserved path %s', (path) => {
    expect(codes(at(path, { method: 'GET', body: null }))).toEqual(['operation.reserved-path error'])
  })

  it('has a type for each of its parameters, and no others', () => {
    expect(codes(but({ params: [], examples: [] }))).toEqual(['operation.param-missing error'])
    expect(codes(but({ params: [param('id'), param('more')], examples: [] }))).toEqual([
      'operation.param-unknown error',
    ])
  })
})

describe('a shape of a request or response', () => {
  it('names entities that exist', () => {
    const success = {
      kind: 'json' as const,
      status: 200,
      shape: { kind: 'entity' as const, entity: 'Ghost', nullable: false },
    }
    expect(codes(but({ responses: { success, errors: [] }, examples: [] }))).toEqual([
      'shape.no-entity error',
    ])
    expect(codes(but({ entity: 'Ghost' }))).toEqual(['operation.no-entity fixed'])
  })

  it('is a single value or a list in a query, and not the body of a GET', () => {
    const list = {
      kind: 'array' as const,
      items: { kind: 'string' as const, nullable: false },
      nullable: false,
    }
    expect(codes(but({ query: [{ name: 'tags', shape: list, required: false }] }))).toEqual([])
    const lists = { ...list, items: list }
    expect(codes(but({ query: [{ name: 'tags', shape: lists, required: false }] }))).toEqual([
      'operation.not-plain error',
    ])
    expect(codes(but({ method: 'GET', body: list, examples: [] }))).toEqual(['operation.body-of-get error'])
    expect(codes(but({ body: list.items, examples: [] }))).toEqual(['operation.body-shape error'])
  })

  it('has no built-in or repeated property', () => {
    expect(codes(but({ query: [param('constructor', 'string')], examples: [] }))).toEqual([
      'shape.object-property error',
    ])
    const twice = [param('a', 'string'), param('a', 'string')]
    expect(codes(but({ query: twice, examples: [] }))).toEqual(['shape.duplicate error'])
  })

  it('has a default that is a value of its kind', () => {
    const body = (value: string | number, more: object = {}) =>
      but({
        method: 'PUT',
        body: {
          kind: 'object',
          nullable: false,
          properties: [
            {
              name: 'count',
              shape: { kind: 'integer', nullable: false, max: 5 },
              required: false,
              default: value,
              ...more,
            },
          ],
        },
        examples: [],
      })
    expect(codes(body(5))).toEqual([])
    for (const value of [6, 1.5, 'many']) expect(codes(body(value))).toEqual(['shape.default error'])
    const list = { shape: { kind: 'array', items: { kind: 'string', nullable: false }, nullable: false } }
    expect(codes(body('a', list))).toEqual(['shape.default error'])
  })

  it('has success responses that differ by their status, and redirects that clients follow', () => {
    const { success, errors } = completeTodo.responses
    const others = (...statuses: number[]) =>
      but({
        responses: {
          success,
          errors,
          others: statuses.map((status) => ({ kind: 'redirect' as const, status })),
        },
      })
    expect(codes(others(303))).toEqual([])
    expect(codes(others(201))).toEqual(['response.redirect-status fixed'])
    expect(codes(others(302, 302))).toEqual(['response.status-repeated error'])
  })

  it('has a status that allows a body', () => {
    const { success, errors } = completeTodo.responses
    const silent = but({ responses: { success: { ...success, status: 204 }, errors } })
    expect(codes(silent)).toEqual(['response.empty-status fixed'])
  })
})

it('cannot require a signed-in user without authentication', () => {
  expect(codes(but({ access: 'authenticated' }))).toEqual(['access.without-auth error'])
})

describe('an example', () => {
  const [first] = completeTodo.examples as [OperationExample]
  const request = (more: object): OperationExample => ({ ...first, request: { ...first.request, ...more } })
  const after = (...rowsAfter: RowChange[]): OperationExample => ({ ...first, rowsAfter })

  it.each<[string, OperationExample]>([
    ['a row of no entity', { ...first, rows: [{ name: 'todo', entity: 'Ghost', values: {} }] }],
    [
      'a property that does not exist',
      { ...first, rows: [{ name: 'todo', entity: 'Todo', values: { x: 1 } }] },
    ],
    [
      'a value of another type',
      { ...first, rows: [{ name: 'todo', entity: 'Todo', values: { done: 'no' } }] },
    ],
    ['a row that is not there', { ...first, rows: [] }],
    ['an account where nobody signs in', request({ params: { id: '$me.id' } })],
    ['no value for the path', request({ params: {} })],
    ['an id that is none', request({ params: { id: 'seven' } })],
    ['a query that is not described', request({ query: { x: 1 } })],
    ['a body where none is taken', request({ body: {} })],
    ['a status that is not answered', { ...first, expect: { status: 418 } }],
    ['a code that is not declared', { ...first, expect: { status: 409, code: 'gone' } }],
    ['a code where all went well', { ...first, expect: { status: 200, code: 'gone' } }],
    ['a created row of no entity', after({ change: 'created', entity: 'Ghost', values: {} })],
    ['a changed row that is not there', after({ change: 'changed', row: 'ghost', values: {} })],
    ['a property after it that is none', after({ change: 'changed', row: 'todo', values: { x: 1 } })],
    ['a value after it of another type', after({ change: 'changed', row: 'todo', values: { done: 'no' } })],
    [
      'null after it where there is a value',
      after({ change: 'changed', row: 'todo', values: { done: null } }),
    ],
    ['a text as a time', after({ change: 'changed', row: 'todo', values: { title: '$now' } })],
    ['a reference after it to nothing', after({ change: 'changed', row: 'todo', values: { title: '$x.y' } })],
    [
      'a row that is changed and removed',
      after({ change: 'changed', row: 'todo', values: {} }, { change: 'removed', row: 'todo' }),
    ],
    [
      'a creation time that is none',
      { ...first, rows: [{ ...first.rows[0]!, values: { createdAt: 'now' } }] },
    ],
    [
      'a row with a text as a time',
      { ...first, rows: [{ ...first.rows[0]!, values: { title: '$now+1d' } }] },
    ],
    [
      'a row with a time of no unit',
      { ...first, rows: [{ ...first.rows[0]!, values: { title: '$now+1w' } }] },
    ],
    ['a text as a later time', after({ change: 'changed', row: 'todo', values: { title: '$now+1d' } })],
    ['an answer of another type', { ...first, expect: { status: 200, body: { nothing: 1 } } }],
  ])('with %s is removed', (_what, example) => {
    expect(codes(but({ examples: [example] }))).toEqual(['example.mismatch fixed'])
    expect(lint(but({ examples: [example, first] })).blueprint.operations[0]!.examples).toEqual([first])
  })

  it('can say what the request changes, when a row was created, and its code', () => {
    const rows = [{ ...first.rows[0]!, values: { done: true, createdAt: '2020-01-01T00:00:00+02:00' } }]
    const refused = { ...first, rows, expect: { status: 409, code: 'already_done' }, rowsAfter: [] }
    const done = after(
      { change: 'changed', row: 'todo', values: { done: true, updatedAt: '$now', title: '$any' } },
      { change: 'created', entity: 'Todo', values: { title: '$todo.title' } },
    )
    const expected = { ...first, expect: { status: 200, body: { updatedAt: '$now', title: '$any' } } }
    expect(codes(but({ examples: [refused, done, expected] }))).toEqual([])
  })

  it('can state times relative to its request', () => {
    const [entity] = todo.entities
    const dueOn = {
      name: 'dueOn',
      label: 'Due',
      type: { kind: 'date' as const },
      required: false,
      unique: false,
    }
    const entities = [{ ...entity!, fields: [...entity!.fields, dueOn] }]
    const rows = [{ ...first.rows[0]!, values: { dueOn: '$now-1d' } }]
    const moved = after({ change: 'changed', row: 'todo', values: { dueOn: '$now+7d' } })
    const body = { updatedAt: '$now', dueOn: '$now+7d' }
    const operations = [but({ examples: [{ ...moved, rows, expect: { status: 200, body } }] })]
    expect(lintBlueprint({ ...todo, entities, operations }).diagnostics).toEqual([])
  })

  it('refers to rows of the right entity, and gives an account one of what it has only one', () => {
    const operation = shopWithCheckout.operations[0]!
    const [paid] = operation.examples as [OperationExample]
    const lintShop = (example: OperationExample, blueprint = shopWithCheckout) =>
      lintBlueprint({ ...blueprint, operations: [{ ...operation, examples: [example] }] }).diagnostics
    const wrong = paid.rows.map((row) =>
      row.name === 'item' ? { ...row, values: { ...row.values, productId: '$order.id' } } : row,
    )
    expect(lintShop({ ...paid, rows: wrong })[0]?.what).toContain(
      'productId of the row item must refer to an earlier row of Product',
    )
    const entities = shopWithCheckout.entities.map((one) =>
      one.name === 'Order'
        ? { ...one, belongsTo: one.belongsTo.map((relation) => ({ ...relation, unique: true })) }
        : one,
    )
    const two = [...paid.rows, { name: 'second', entity: 'Order', values: {} }]
    expect(lintShop({ ...paid, rows: two }, { ...shopWithCheckout, entities })[0]?.what).toContain(
      'the rows order and second both belong to the requesting account, which has only one Order',
    )
    expect(lintShop({ ...paid, rows: two })).toEqual([])
  })

  it('of a rejected request may have any form', () => {
    const refused = { ...request({ params: { id: 'seven' } }), expect: { status: 400 } }
    expect(codes(but({ examples: [refused] }))).toEqual([])
  })
})

describe('an error response', () => {
  const withError = (status: number, code: string) =>
    but({
      responses: { ...completeTodo.responses, errors: [{ status, code, when: 'The due date is past.' }] },
      examples: [],
    })

  it.each([
    [400, 'date_is_past'],
    [429, 'daily_limit_reached'],
  ])('with a code of its own is kept: %i %s', (status, code) => {
    expect(lint(withError(status, code)).blueprint.operations[0]!.responses.errors).toHaveLength(1)
  })

  it.each([
    [400, 'bad_request'],
    [400, 'invalid_request'],
    [429, 'too_many_requests'],
  ])('that every route has anyway is left out: %i %s', (status, code) => {
    expect(lint(withError(status, code)).blueprint.operations[0]!.responses.errors).toEqual([])
  })
})

it('may have colons in its path', () => {
  const archive = at('/things/:id::archive', { params: [param('id', 'string')] })
  const restore = at('/things/:id::restore', { id: 'restore', params: [param('id', 'string')] })
  const batch = at('/things::batch', { id: 'batch', params: [] })
  expect(codes(archive, restore, batch)).toEqual([])
  expect(codes(archive, { ...archive, id: 'again' })).toEqual(['operation.route-duplicate error'])
})

it('has no "." or ".." in its path, which the contract rejects', () => {
  for (const path of ['/todos/../admin', '/..', '/./todos', '/todos/.'])
    expect(CustomOperation.safeParse({ ...completeTodo, path }).success).toBe(false)
  for (const path of ['/', '/.well-known/a', '/files/:id.json', '/a..b/...'])
    expect(CustomOperation.safeParse({ ...completeTodo, path, params: [] }).success).toBe(true)
})

describe('the cookies and files of an operation', () => {
  it('are single values, and parts of a multipart body with names of their own', () => {
    const list: Shape = { kind: 'array', items: { kind: 'string', nullable: false }, nullable: false }
    expect(codes(but({ cookies: [{ name: 'Tags', shape: list, required: false }] }))).toEqual([
      'operation.not-plain error',
    ])
    const picture = { name: 'picture', required: true }
    const title = { name: 'title', shape: { kind: 'string' as const, nullable: false }, required: true }
    const body: Shape = { kind: 'object', properties: [title], nullable: false }
    const upload = { method: 'POST' as const, body, examples: [] }
    expect(codes(but({ ...upload, files: [picture] }))).toEqual(['operation.files error'])
    expect(codes(but({ ...upload, bodyTypes: ['multipart'], files: [picture] }))).toEqual([])
    const twice = [{ ...picture, name: 'title' }]
    expect(codes(but({ ...upload, bodyTypes: ['multipart'], files: twice }))).toEqual([
      'operation.files error',
    ])
  })
})

describe('the request headers of an operation', () => {
  const header = (name: string, shape: object = { kind: 'string', nullable: false }) => ({
    name,
    shape: shape as Shape,
    required: false,
  })

  it('leave the protocol and credentials alone', () => {
    const names = ['authorization', 'cookie', 'content-type', 'host']
    for (const name of names)
      expect(codes(but({ headers: [header(name)] }))).toEqual(['operation.header-reserved error'])
    expect(codes(but({ headers: [header('x-signature'), header('if-match')] }))).toEqual([])
  })

  it('hold single values that can be sent', () => {
    const list = { kind: 'array', items: { kind: 'string', nullable: false }, nullable: false }
    expect(codes(but({ headers: [header('x-tags', list)] }))).toEqual(['operation.not-plain error'])
    const values = ['a', 'ß', 'b ']
    const operation = but({ headers: [header('x-plan', { kind: 'enum', values, nullable: false })] })
    expect(codes(operation)).toEqual(['operation.header-value fixed'])
    expect(lint(operation).blueprint.operations[0]!.headers?.[0]?.shape).toMatchObject({ values: ['a'] })
  })

  it('are declared wherever an example sends one', () => {
    const [example] = completeTodo.examples
    const sends = (headers: Record<string, string>) => [
      { ...example!, request: { ...example!.request, headers } },
    ]
    const declared = [header('x-source')]
    expect(codes(but({ headers: declared, examples: sends({ 'x-source': 'app' }) }))).toEqual([])
    expect(codes(but({ headers: declared, examples: sends({ 'x-other': 'app' }) }))).toEqual([
      'example.mismatch fixed',
    ])
    expect(codes(but({ headers: declared, examples: sends({ 'x-source': 'a\nb' }) }))).toEqual([
      'example.mismatch fixed',
    ])
  })
})

it('may be all that a service has, which is not nothing', () => {
  const operation = { ...completeTodo, entity: undefined, examples: [], params: [param('id', 'string')] }
  const success = { kind: 'none' as const, status: 204 }
  const { entity: _entity, ...lone } = { ...operation, responses: { success, errors: [] } }
  const gateway: Blueprint = { ...todo, entities: [], operations: [lone] }
  expect(lintBlueprint(gateway)).toEqual({ blueprint: gateway, diagnostics: [] })
  expect(lintBlueprint({ ...gateway, operations: [] }).diagnostics).toMatchObject([
    { code: 'blueprint.empty', severity: 'error' },
  ])
})
