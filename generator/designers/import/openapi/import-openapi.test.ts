import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { lintBlueprint } from '../../../blueprint/lint-blueprint.ts'
import { importOpenApi } from './import-openapi.ts'

const fixture = (name: string) =>
  readFile(join(import.meta.dirname, '../../../../test/fixtures/specs', name), 'utf8')

/** What each operation became, a line each. */
async function outlineOf(name: string) {
  const { blueprint } = await importOpenApi(await fixture(name), {})
  return blueprint.operations.map(({ method, path, implementation: kept }) => {
    const by = kept?.row ? ` by ${kept.row.property}` : ''
    const within = kept && kept.scope.length > 0 ? ` in ${kept.scope[0]!.property}` : ''
    return `${method} ${path} ${kept ? `${kept.action} ${kept.entity}${by}${within}` : 'to be written'}`
  })
}

const document = (paths: object, more: object = {}) =>
  stringify({ openapi: '3.1.0', info: { title: 'T', version: '1' }, paths, ...more })
const thing = {
  type: 'object',
  required: ['id', 'name'],
  properties: { id: { type: 'integer' }, name: { type: 'string' } },
}
const answers = (schema: object, status = '200') => ({
  [status]: { description: 'OK', content: { 'application/json': { schema } } },
})
const things = {
  '/things': {
    get: { responses: answers({ type: 'array', items: { $ref: '#/components/schemas/Thing' } }) },
    post: {
      requestBody: {
        required: true,
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } },
      },
      responses: answers({ $ref: '#/components/schemas/Thing' }, '201'),
    },
  },
}
const withThings = (schema: object = thing, paths: object = things) =>
  document(paths, { components: { schemas: { Thing: schema } } })
const fault = (text: string) =>
  importOpenApi(text, {}).then(
    () => 'no fault',
    (error: unknown) => (error instanceof Error ? { ...error, message: error.message } : error),
  )

describe('an OpenAPI document', () => {
  it('keeps names with spaces and dashes in rows', async () => {
    const properties = {
      id: { type: 'integer', readOnly: true },
      'first name': { type: 'string' },
      'X-Rate': { type: 'number' },
      'content-type': { type: 'string' },
      größe: { type: 'integer' },
      '@kind': { type: 'string' },
    }
    const schema = { type: 'object', required: ['first name', 'X-Rate'], properties }
    const { blueprint, assumptions } = await importOpenApi(withThings(schema), {})
    expect(blueprint.entities[0]!.fields.map(({ name }) => name)).toEqual(Object.keys(properties).slice(1))
    expect(blueprint.operations.map(({ implementation }) => implementation?.kind)).toEqual(['crud', 'crud'])
    expect(assumptions.join()).not.toMatch(/not stored/)
  })

  it('says which of two properties that differ in their punctuation is not stored', async () => {
    const properties = { id: { type: 'integer' }, rate: { type: 'number' }, 'x rate': {}, 'x-rate': {} }
    const { blueprint, assumptions } = await importOpenApi(withThings({ type: 'object', properties }), {})
    expect(blueprint.entities[0]!.fields.map(({ name }) => name)).toEqual(['rate', 'x rate'])
    expect(assumptions).toContain(
      '"x-rate" of Thing is accepted and not stored: another property differs only in its punctuation.',
    )
  })

  it('becomes entities with CRUD operations, and custom operations for the rest', async () => {
    expect(await outlineOf('petstore.yaml')).toEqual([
      'PUT /api/v3/pet replace Pet by id',
      'POST /api/v3/pet create Pet by id',
      'GET /api/v3/pet/findByStatus list Pet',
      'GET /api/v3/pet/findByTags to be written',
      'GET /api/v3/pet/:petId read Pet by id',
      'DELETE /api/v3/pet/:petId delete Pet by id',
      'POST /api/v3/pet/:petId/uploadImage to be written',
      'GET /api/v3/store/inventory to be written',
      'POST /api/v3/store/order create Order by id',
      'GET /api/v3/store/order/:orderId read Order by id',
      'DELETE /api/v3/store/order/:orderId delete Order by id',
      'POST /api/v3/user create User by id',
      'GET /api/v3/user/login to be written',
      'GET /api/v3/user/:username read User by username',
      'PUT /api/v3/user/:username replace User by username',
      'DELETE /api/v3/user/:username delete User by username',
    ])
  })

  it('supports rows under the path of another', async () => {
    expect(await outlineOf('bookshop.json')).toContain(
      'GET /books/:isbn/reviews/:reviewId read Review by id in isbn',
    )
    const { blueprint, assumptions } = await importOpenApi(await fixture('bookshop.json'), {})
    const book = blueprint.entities.find(({ name }) => name === 'Book')!
    expect(book.key).toEqual({ name: 'isbn', kind: 'text' })
    expect(book.belongsTo).toMatchObject([{ property: 'author_id', target: 'Author', required: true }])
    expect(assumptions).toContain('Reviews under Book: deleted with it.')
  })

  it('has authentication if it requires it, unless the request overrides it', async () => {
    const text = await fixture('tasks.yaml')
    const { blueprint } = await importOpenApi(text, {})
    expect(blueprint.auth).toEqual({ kind: 'jwt', account: 'Account' })
    expect(blueprint.operations.filter(({ access }) => access === 'public').map(({ path }) => path)).toEqual([
      '/v1/status',
    ])
    const open = await importOpenApi(text, { auth: 'none' })
    expect(open.blueprint.auth).toEqual({ kind: 'none' })
    expect(open.assumptions).toContain(
      'The document requires authentication: it was turned off, as requested.',
    )
  })

  describe('has examples', () => {
    it('that become tests if they follow from CRUD alone', async () => {
      const { blueprint } = await importOpenApi(await fixture('notes-with-examples.yaml'), {})
      const examplesOf = (id: string) => blueprint.operations.find((one) => one.id === id)!.examples
      expect(examplesOf('addNote')).toEqual([
        {
          title: 'A note about milk',
          rows: [],
          request: { params: {}, query: {}, body: { text: 'Milk', price: 1.5, day: '2026-01-02' } },
          expect: { status: 201, body: { text: 'Milk', price: 1.5, day: '2026-01-02' } },
        },
        {
          title: 'money',
          rows: [],
          request: { params: {}, query: {}, body: { text: '$$5 is enough', price: 5 } },
          expect: { status: 201, body: { text: '$$5 is enough', price: 5 } },
        },
      ])
      expect(examplesOf('showNote')).toMatchObject([
        {
          rows: [{ name: 'existing', entity: 'Note', values: { text: 'Bread', price: 2 } }],
          request: { params: { id: '$existing.id' } },
          expect: { status: 200, body: { text: 'Bread', price: 2 } },
        },
      ])
      expect(examplesOf('replaceNote')).toMatchObject([{ expect: { body: { text: 'Tea', price: 3 } } }])
      expect(lintBlueprint(blueprint).diagnostics).toEqual([])
    })

    it('and reports the others, and shows them in the operation', async () => {
      const { blueprint, assumptions } = await importOpenApi(await fixture('notes-with-examples.yaml'), {})
      const quote = blueprint.operations.find(({ id }) => id === 'quote')!
      expect(quote.examples).toEqual([])
      expect(quote.rules).toContain('For example, {"pieces":3} is sent and {"total":4.5} is answered.')
      expect(assumptions.filter((line) => line.includes('example'))).toEqual([
        'An example of POST /notes is not a test: the response does not follow from the request by CRUD alone.',
        'An example of POST /quotes is not a test: the state before the request is unknown.',
      ])
    })
  })

  describe('requires an API key', () => {
    const note = { $ref: '#/components/schemas/Note' }
    const guarded = (
      schemes: Record<string, object>,
      security: object[] = Object.keys(schemes).map((name) => ({ [name]: [] })),
    ) =>
      JSON.stringify({
        openapi: '3.0.3',
        info: { title: 'Notes', version: '1' },
        components: {
          securitySchemes: schemes,
          schemas: {
            Note: {
              type: 'object',
              required: ['id', 'text'],
              properties: { id: { type: 'integer', readOnly: true }, text: { type: 'string' } },
            },
          },
        },
        security,
        paths: {
          '/notes/{id}': {
            get: {
              parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'integer' } }],
              responses: { 200: { description: 'It.', content: { 'application/json': { schema: note } } } },
            },
          },
        },
      })
    const key = (where: string, name: string) => ({ type: 'apiKey', in: where, name })
    const authOf = async (text: string, wish = {}) => (await importOpenApi(text, wish)).blueprint.auth

    it('in its own header', async () => {
      const { blueprint, assumptions } = await importOpenApi(
        guarded({ client: key('header', 'X-Client-Key') }),
        {},
      )
      expect(blueprint.auth).toEqual({ kind: 'apiKey', header: 'X-Client-Key' })
      expect(blueprint.operations).toMatchObject([
        { access: 'authenticated', implementation: { action: 'read' } },
      ])
      expect(lintBlueprint(blueprint).diagnostics).toEqual([])
      expect(assumptions).toContain(
        'Callers authenticate with a key in the header X-Client-Key; npm run key creates one.',
      )
    })

    it('in a query or a cookie, as the document has it', async () => {
      const { blueprint, assumptions } = await importOpenApi(
        guarded({ client: key('query', 'api_key'), browser: key('cookie', 'key') }),
        {},
      )
      expect(blueprint.auth).toEqual({
        kind: 'apiKey',
        credentials: [
          { in: 'query', name: 'api_key', scheme: 'client' },
          { in: 'cookie', name: 'key', scheme: 'browser' },
        ],
      })
      expect(assumptions).toContain(
        'Callers authenticate with a key in the query parameter api_key or the cookie key; npm run key creates one.',
      )
    })

    it.each([
      ['Token, a space, and the token', 'Token'],
      ['Send `JWT <token>`', 'JWT'],
      ['The format is:\n\n    Token xxxxxx.yyyyyyy', 'Token'],
      ['The token of the sign-in', 'Bearer'],
    ])('as a token under the word of the document: %s', async (description, word) => {
      const scheme = { ...key('header', 'Authorization'), description }
      const auth = await authOf(guarded({ token: scheme }))
      expect(auth).toMatchObject({ kind: 'jwt' })
      expect(auth).toEqual({
        kind: 'jwt',
        account: 'Account',
        ...(word !== 'Bearer' && { credentials: [{ in: 'authorization', word, scheme: 'token' }] }),
      })
    })

    it('or a token in any of several places', async () => {
      const bearer = { type: 'http', scheme: 'bearer' }
      expect(await authOf(guarded({ bearer, client: key('header', 'X-Client-Key') }))).toMatchObject({
        credentials: [{ in: 'authorization' }, { in: 'header', name: 'X-Client-Key' }],
      })
    })

    it('or none, where an operation makes it optional', async () => {
      const bearer = { type: 'http', scheme: 'bearer' }
      const { blueprint } = await importOpenApi(guarded({ bearer }, [{}, { bearer: [] }]), {})
      expect(blueprint.auth).toMatchObject({ kind: 'jwt' })
      expect(blueprint.operations.map(({ access }) => access)).toEqual(['optional'])
    })

    it('or a token, if the document has one or calls a token a key', async () => {
      const bearer = { type: 'http', scheme: 'bearer' }
      const client = key('header', 'X-Client-Key')
      expect(await authOf(guarded({ bearer, client }))).toMatchObject({ kind: 'jwt' })
      expect(await authOf(guarded({ client: key('header', 'Authorization') }))).toMatchObject({ kind: 'jwt' })
      expect(await authOf(guarded({ bearer, client }, [{ client: [] }]))).toMatchObject({ kind: 'apiKey' })
    })

    it('or not, if the request overrides it', async () => {
      const client = key('header', 'X-Client-Key')
      expect(await authOf(guarded({ client }), { auth: 'jwt' })).toMatchObject({ kind: 'jwt' })
      expect(await authOf(guarded({ client }), { auth: 'none' })).toEqual({ kind: 'none' })
      expect(await authOf(guarded({}), { auth: 'apiKey' })).toEqual({ kind: 'apiKey' })
    })
  })

  it('reports what is not supported', async () => {
    const { assumptions, notUnderstood } = await importOpenApi(await fixture('petstore.yaml'), {})
    expect(notUnderstood).toEqual([])
    expect(assumptions).toContain(
      'password of User looks like a secret: it is accepted, not stored and never answered.',
    )
    expect(assumptions).toContain('The header api_key of DELETE /pet/{petId} is ignored.')
  })

  it('becomes a custom operation if it is not plain CRUD, and says why', async () => {
    const { assumptions } = await importOpenApi(await fixture('orders.yaml'), {})
    expect(assumptions).toContain(
      'POST /orders is not plain CRUD, so it is a custom operation: a row requires status, but the body does not have it.',
    )
  })

  it('supports recursive schemas', async () => {
    const node = {
      ...thing,
      properties: {
        ...thing.properties,
        children: { type: 'array', items: { $ref: '#/components/schemas/Thing' } },
      },
    }
    const { blueprint, assumptions } = await importOpenApi(withThings(node), {})
    expect(blueprint.entities[0]!.fields.map(({ name, type }) => [name, type.kind])).toEqual([
      ['name', 'string'],
      ['children', 'json'],
    ])
    expect(assumptions).toContain('Thing is recursive: any JSON is accepted one level down.')
  })

  it('renames built-in property names', async () => {
    const odd = { ...thing, properties: { ...thing.properties, constructor: { type: 'string' } } }
    const { blueprint, assumptions } = await importOpenApi(withThings(odd), {})
    expect(JSON.stringify(blueprint)).not.toContain('constructor')
    expect(assumptions.join()).toMatch(/"constructor" of Thing has an unsupported name/)
  })
})

describe('an invalid document', () => {
  it('is reported by line and column if it is neither JSON nor YAML', async () => {
    expect(await fault('openapi: 3.0.0\ninfo:\n  title: "T\npaths: {}\n')).toMatchObject({
      code: 'spec_invalid',
      message: expect.stringMatching(/Line \d, column \d+: It is neither JSON nor YAML: /),
      hint: expect.stringMatching(/Correct that line/),
    })
    expect(await fault('{\n  "openapi": "3.0.0",\n  "info": {"title": "T" "version": "1"}\n}')).toMatchObject(
      {
        message: expect.stringMatching(/Line 3, column \d+: It is neither JSON nor YAML/),
      },
    )
  })

  it('is read as far as it can be, with what the specification requires', async () => {
    const text =
      'openapi: 3.0.3\ninfo:\n  title: T\n  version: "1"\npaths:\n  /a:\n    get:\n      summary: x\n      deprecated: maybe\n'
    const { blueprint, assumptions } = await importOpenApi(text, {})
    expect(blueprint.operations).toMatchObject([{ method: 'GET', path: '/a', summary: 'x' }])
    expect(assumptions).toContain('Line 8: GET /a states no responses, so it answers nothing.')
    expect(assumptions.join('\n')).toMatch(
      /Line 9: by the specification, deprecated must be boolean in paths › \/a › get › deprecated/,
    )
  })

  it('is rejected for another version, with a hint', async () => {
    expect(await fault('openapi: 4.0.0\ninfo: {title: T, version: "1"}')).toMatchObject({
      code: 'spec_unsupported',
      message: expect.stringContaining('Line 1, column 10: Its version is "4.0.0"'),
    })
  })

  it('is read without what external and dangling references would say', async () => {
    const schema = (ref: string) =>
      withThings({ ...thing, properties: { ...thing.properties, other: { $ref: ref } } })
    for (const ref of ['./other.yaml', 'https://example.com/a.json#/b', 'file:///etc/passwd']) {
      const { blueprint, assumptions } = await importOpenApi(schema(ref), {})
      expect(blueprint.entities[0]!.fields.find(({ name }) => name === 'other')!.type).toMatchObject({
        kind: 'json',
        shape: { kind: 'any' },
      })
      expect(assumptions.join('\n')).toMatch(/Line \d+: .* is another file, which did not come along.*bundle/)
    }
    const { assumptions } = await importOpenApi(schema('#/components/schemas/Nothing'), {})
    expect(assumptions.join('\n')).toMatch(
      /Line \d+: the reference #\/components\/schemas\/Nothing points to nothing/,
    )
  })

  it('has no use for an example that contradicts its own schema, and says where it stands', async () => {
    const schema = {
      type: 'object',
      required: ['name'],
      properties: {
        id: { type: 'integer', readOnly: true },
        name: { type: 'string', maxLength: 5, example: 'longer than five' },
        price: { type: 'number', example: 'a lot' },
        since: { type: 'string', format: 'date', example: '2026-01-31' },
      },
    }
    const paths = {
      '/things': {
        ...things['/things'],
        post: {
          requestBody: {
            content: { 'application/json': { schema, example: { price: 3 } } },
          },
          responses: answers(schema, '201'),
        },
      },
    }
    const { blueprint, assumptions } = await importOpenApi(withThings(schema, paths), {})
    expect(blueprint.entities[0]!.fields.map(({ name, example }) => [name, example])).toEqual([
      ['name', undefined],
      ['price', undefined],
      ['since', '2026-01-31'],
    ])
    const said = assumptions.filter((one) => one.includes('contradicts'))
    expect(said).toContainEqual(
      expect.stringMatching(
        /^Line \d+: the example contradicts its own schema \(must have at most 5 characters\), so it is not used\.$/,
      ),
    )
    expect(said).toContainEqual(expect.stringMatching(/^Line \d+: .*\(must be number\)/))
    expect(said).toContainEqual(expect.stringMatching(/^Line \d+: .*\(name is required\)/))
  })

  it.each([
    [
      'YAML',
      'openapi: 3.0.3\ninfo: {title: T, version: "1"}\npaths:\n  /a: {get: {responses: {}}}\n  /a: {post: {responses: {}}}\n',
      5,
    ],
    [
      'JSON',
      '{"openapi": "3.0.3",\n "info": {"title": "T", "version": "1"},\n "paths": {"/a": {"get": {"responses": {}}},\n "/a": {"post": {"responses": {}}}}}',
      4,
    ],
  ])('may have a key twice: objects are read as one, in %s', async (_kind, text, line) => {
    const { blueprint, assumptions } = await importOpenApi(text, {})
    expect(blueprint.operations.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /a', 'POST /a'])
    expect(assumptions.join('\n')).toContain(`Line ${line}: the key "/a" is there twice`)
  })

  it('says which line is wrong', async () => {
    expect(await fault('openapi: 3.0.3\ninfo: *nowhere\n')).toMatchObject({
      message: expect.stringContaining('Line 2, column 7'),
    })
  })

  it('has limited aliases and depth', async () => {
    const bomb = [
      'openapi: 3.0.0',
      'a0: &a0 [x, x]',
      ...Array.from({ length: 30 }, (_, at) => `a${at + 1}: &a${at + 1} [*a${at}, *a${at}]`),
    ]
    expect(await fault(bomb.join('\n'))).toMatchObject({
      message: expect.stringContaining('too large or nested too deeply'),
    })
    expect(await fault(`openapi: 3.0.0\ninfo: ${'['.repeat(5000)}${']'.repeat(5000)}`)).toMatchObject({
      code: 'spec_invalid',
      message: expect.stringContaining('nested too deeply'),
    })
  })

  it('has operations', async () => {
    expect(await fault(document({}))).toMatchObject({
      message: expect.stringContaining('has no operations'),
    })
  })

  it('is read the same from JSON as from YAML', async () => {
    const text = await fixture('articles.yaml')
    const { placeOf: _yaml, ...fromYaml } = await importOpenApi(text, {})
    const { placeOf: _json, ...fromJson } = await importOpenApi(JSON.stringify(parse(text), null, '\t'), {})
    expect(fromJson).toEqual(fromYaml)
  })
})
