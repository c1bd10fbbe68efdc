import { joinFiles } from '#contract'
import { readAttachedOpenApi } from './attached-openapi.ts'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { lintBlueprint } from '../../blueprint/lint-blueprint.ts'
import { checkDesign, placeInSql } from './check-design.ts'
import { designFromDocument } from './design-from-document.ts'
import { importSql } from './sql/import-sql.ts'

const folder = join(import.meta.dirname, '../../../test/fixtures/specs')

/** What a document becomes: a line for each entity and each operation, and what is said about it. */
async function read(name: string) {
  const spec = readFileSync(join(folder, name), 'utf8')
  const { blueprint, assumptions, notUnderstood } = await designFromDocument({
    prompt: 'Build this',
    spec,
    options: {},
  })
  const linted = lintBlueprint(blueprint)
  expect(linted.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  return {
    blueprint,
    entities: blueprint.entities.map(
      ({ name: own, fields }) => `${own}: ${fields.map((field) => field.name).join(' ')}`,
    ),
    operations: blueprint.operations.map(
      ({ method, path, implementation }) =>
        `${method} ${path} ${implementation ? `${implementation.action} ${implementation.entity}` : 'to be written'}`,
    ),
    notes: assumptions.join('\n'),
    missing: notUnderstood,
  }
}

describe('a service that stores nothing', () => {
  it('is built of operations alone', async () => {
    const { entities, operations, notes, blueprint } = await read('converter.yaml')
    expect({ entities, operations }).toEqual({ entities: [], operations: ['GET /convert to be written'] })
    expect(notes).toContain('The document describes no stored data')
    expect(blueprint.operations[0]!.responses.errors).toMatchObject([{ status: 400 }])
    expect(await read('hits.yaml')).toMatchObject({
      entities: [],
      operations: ['POST /hit to be written', 'GET /hits to be written'],
    })
    expect(await read('units.yaml')).toMatchObject({ operations: ['POST /convert to be written'] })
  })

  it('takes any names where a body is a map', async () => {
    const { blueprint } = await read('prices-map.yaml')
    const price = { kind: 'integer', nullable: false }
    expect(blueprint.operations).toMatchObject([
      { method: 'PUT', body: { kind: 'record', values: { ...price, min: 0 } } },
      { method: 'GET', responses: { success: { shape: { kind: 'record', values: price } } } },
    ])
  })

  it('answers pages, redirects and text', async () => {
    const { blueprint, entities } = await read('guestbook.yaml')
    expect(entities).toEqual([])
    expect(blueprint.operations.map(({ path, responses }) => [path, responses.success])).toEqual([
      ['/', { kind: 'html', status: 200 }],
      ['/greetings', { kind: 'redirect', status: 303 }],
      ['/greetings.csv', { kind: 'text', status: 200, mediaType: 'text/csv' }],
    ])
    expect(blueprint.operations[1]!.bodyTypes).toEqual(['form'])
  })
})

describe('a blog of many accounts', () => {
  it('has one table of accounts, with what they say about themselves', async () => {
    const { entities, notes, blueprint } = await read('blog.yaml')
    expect(entities).toEqual([
      'Post: title summary tags favourite favouriteCount author text',
      'Comment: text author',
      'Account: email penName about portrait',
    ])
    expect(notes).toContain('Writers are accounts as others see them, each with a penName of its own')
    const account = blueprint.entities.find(({ name }) => name === 'Account')!
    expect(account.fields.map(({ name, required, unique }) => [name, required, unique])).toEqual([
      ['email', true, true],
      ['penName', true, true],
      ['about', false, false],
      ['portrait', false, false],
    ])
    expect(blueprint.operations.flatMap(({ signIn }) => signIn?.answer ?? [])).toContainEqual({
      at: ['member', 'about'],
      holds: 'property',
      property: 'about',
    })
  })

  it('serves no row of which a value depends on who asks', async () => {
    const { operations, notes } = await read('blog.yaml')
    expect(operations.filter((line) => !line.endsWith('to be written'))).toEqual([])
    expect(notes).toContain(
      'GET /posts/{slug} is not plain CRUD, so it is a custom operation: favourite is in the response, no body sets it, and it may depend on who asks.',
    )
  })
})

describe('Swagger 2.0', () => {
  it('is converted on the way in', async () => {
    const { entities, operations, notes, blueprint } = await read('shop.swagger2.json')
    expect(entities).toEqual(['Product: name price tags'])
    expect(operations).toEqual([
      'GET /v1/products list Product',
      'POST /v1/products create Product',
      'GET /v1/products/:id read Product',
    ])
    expect(notes).toContain('The document is Swagger 2.0: it was converted to OpenAPI 3.0 first.')
    expect(blueprint.auth).toMatchObject({ kind: 'apiKey', header: 'X-Api-Key' })
    expect(blueprint.entities[0]!.fields.find(({ name }) => name === 'tags')!.type).toMatchObject({
      shape: { kind: 'array', items: { kind: 'string' } },
    })
  })
})

describe('a sloppy document', () => {
  it('is read, with a note of each thing that was overlooked, and its line', async () => {
    const { operations, notes, blueprint } = await read('sloppy.yaml')
    expect(operations).toEqual(['GET /jobs list Job', 'POST /jobs to be written'])
    expect(blueprint.operations[0]!.query).toMatchObject([{ name: 'state', default: 'open' }])
    expect(notes).toContain('Line 16: the key "400" is there twice')
    expect(notes).toContain('Line 12: the type "file" does not exist: it is read as string')
    expect(notes).toContain('Line 12: the type "int" does not exist: it is read as integer')
    expect(notes).toContain('Line 8: `default` of the parameter state belongs in its `schema`')
  })

  it('may have a number as its version', async () => {
    expect((await read('version-number.yaml')).notes).toContain('Line 4: the version is a number')
  })

  it('may leave out parameters of its paths', async () => {
    const { blueprint, notes } = await read('undeclared-path-params.yaml')
    const text = { kind: 'string', nullable: false }
    expect(blueprint.operations.slice(2)).toMatchObject([
      { path: '/nodes/:level', params: [{ name: 'level', shape: text }], query: [] },
      {
        path: '/logos/:skin/:tenant',
        params: [{ name: 'skin' }, { name: 'tenant', shape: text }],
        query: [],
      },
    ])
    expect(notes).toContain('Line 14: level of GET /nodes/{level} is declared nowhere')
    expect(notes).toContain('Line 18: tenant of GET /logos/{skin}/{tenant} is declared in the query')
  })

  it('may declare a parameter that only begins like the one in its path', async () => {
    const spec = JSON.stringify({
      openapi: '3.0.3',
      info: { title: 'T', version: '1' },
      paths: {
        '/tests/{test2}': {
          get: {
            parameters: [{ name: 'test', in: 'path', required: true, schema: { type: 'string' } }],
            responses: { 204: { description: 'Done' } },
          },
        },
      },
    })
    const { blueprint } = await designFromDocument({ prompt: 'Build this', spec, options: {} })
    expect(blueprint.operations).toMatchObject([{ path: '/tests/:test2', params: [{ name: 'test2' }] }])
  })
})

describe('a document of several files', () => {
  const MAIN = `openapi: 3.0.3
info: { title: Pets, version: '1' }
paths:
  /pets: { $ref: paths/pets.yaml }
  /pets/{id}:
    get:
      parameters: [{ $ref: './common.yaml#/parameters/id' }]
      responses: { 200: { description: A pet., content: { application/json: { schema: { $ref: models/pet.yaml } } } } }
components:
  schemas:
    Pet: { $ref: models/pet.yaml }
    Tag: { type: object, properties: { text: { type: string } } }
`
  const OTHERS = [
    {
      name: 'paths/pets.yaml',
      text: `get:
  responses:
    200: { description: Pets., content: { application/json: { schema: { type: array, items: { $ref: ../models/pet.yaml } } } } }
post:
  requestBody: { required: true, content: { application/json: { schema: { $ref: '../models/pet.yaml' } } } }
  responses: { 201: { description: The pet., content: { application/json: { schema: { $ref: '../openapi.yaml#/components/schemas/Pet' } } } } }`,
    },
    {
      name: 'models/pet.yaml',
      text: `type: object
required: [name, kind]
properties:
  id: { type: integer, readOnly: true }
  name: { type: string }
  kind: { $ref: 'kinds.json#/Kind' }
  tag: { $ref: '../main.yaml#/components/schemas/Tag' }
  parent: { $ref: '#' }`,
    },
    { name: 'models/kinds.json', text: '{"Kind": {"type": "string", "enum": ["cat", "dog"]}}' },
    {
      name: 'common.yaml',
      text: 'parameters:\n  id: { name: id, in: path, required: true, schema: { type: integer } }',
    },
  ]

  it.each([
    ['with their folders', OTHERS],
    [
      'by their names alone, as chats have them',
      OTHERS.map((one) => ({ ...one, name: one.name.split('/').at(-1)! })),
    ],
  ])('is bundled where they come along: %s', async (_how, others) => {
    const spec = joinFiles(MAIN, others)
    const { blueprint, assumptions } = await designFromDocument({ prompt: 'Build this', spec, options: {} })
    expect(assumptions.join('\n')).not.toMatch(/another file|points to nothing/)
    expect(blueprint.entities).toMatchObject([{ name: 'Pet', key: { name: 'id', kind: 'integer' } }])
    expect(blueprint.entities[0]!.fields).toMatchObject([
      { name: 'name', type: { kind: 'string' } },
      { name: 'kind', type: { kind: 'enum', values: ['cat', 'dog'] } },
      { name: 'tag', type: { kind: 'json', shape: { kind: 'object' } } },
      { name: 'parent' },
    ])
    expect(
      blueprint.operations.map(({ method, path, implementation }) => [method, path, implementation?.kind]),
    ).toEqual([
      ['GET', '/pets', 'crud'],
      ['POST', '/pets', 'crud'],
      ['GET', '/pets/:id', 'crud'],
    ])
    const root = await readAttachedOpenApi(spec)
    expect(JSON.stringify(root)).not.toMatch(/\.(yaml|json)#?/)
  })

  it('names the file that cannot be read', async () => {
    const spec = joinFiles(MAIN, [{ name: 'pet.yaml', text: 'type: [' }])
    await expect(designFromDocument({ prompt: 'Build this', spec, options: {} })).rejects.toThrow(
      /pet\.yaml: Line/,
    )
  })

  it('is one script, of SQL', async () => {
    const spec = joinFiles('CREATE TABLE a (id int PRIMARY KEY);', [
      { name: '2.sql', text: 'ALTER TABLE a ADD COLUMN note text;' },
    ])
    const { blueprint } = await designFromDocument({ prompt: 'Build this', spec, options: {} })
    expect(blueprint.entities[0]!.fields.map(({ name }) => name)).toEqual(['note'])
  })

  it.each(['2.0', '3.0.3'])('is read without the others, and says which are missing: %s', async (version) => {
    const isSwagger = version === '2.0'
    const spec = JSON.stringify({
      [isSwagger ? 'swagger' : 'openapi']: version,
      info: { title: 'Pets', version: '1' },
      paths: {
        '/pets': {
          get: {
            parameters: [{ $ref: 'parameters.json#/tags' }, { $ref: 'parameters.json#/limit' }],
            responses: { 200: { description: 'The pets.' } },
          },
        },
      },
    })
    const { blueprint, assumptions } = await designFromDocument({ prompt: 'Build this', spec, options: {} })
    expect(blueprint.operations).toMatchObject([{ method: 'GET', path: '/pets', query: [] }])
    for (const ref of ['tags', 'limit'])
      expect(assumptions).toContainEqual(
        expect.stringContaining(`Line 1: parameters.json#/${ref} is another file, which did not come along`),
      )
  })
})

describe('output of common tools is read as they mean it', () => {
  it('bodies without responses, of NestJS', async () => {
    const { entities, operations, notes } = await read('nest-no-answers.yaml')
    expect(entities).toEqual(['City: name postal_code'])
    expect(operations).toEqual([
      'POST /cities create City',
      'GET /cities list City',
      'GET /cities/:id read City',
      'PATCH /cities/:id update City',
      'DELETE /cities/:id delete City',
    ])
    expect(notes).toContain('No response of /cities has a schema')
  })

  it('two spellings of one name', async () => {
    const { blueprint, operations } = await read('rooms.yaml')
    expect(operations).toEqual([
      'GET /Rooms list Room',
      'POST /Rooms create Room',
      'GET /Rooms/:Sid read Room',
    ])
    expect(blueprint.operations[1]!.implementation!.renamed).toEqual([
      { name: 'FriendlyName', property: 'friendly_name' },
      { name: 'MaxPeople', property: 'max_people' },
    ])
    // The service makes the keys, which are longer than the document states.
    expect(blueprint.operations[2]!.params).toEqual([
      { name: 'Sid', required: true, shape: { kind: 'string', nullable: false } },
    ])
    expect((await read('two-spellings.yaml')).operations).toEqual([
      'GET /Tickets list Ticket',
      'POST /Tickets create Ticket',
    ])
  })

  it('one of several schemas as a row', async () => {
    const { entities, operations, notes } = await read('zoo.yaml')
    expect(entities).toEqual(['Animal: kind name price labels lives bark'])
    expect(operations).toEqual([
      'GET /v2/animals list Animal',
      'POST /v2/animals create Animal',
      'GET /v2/animals/:id read Animal',
      'DELETE /v2/animals/:id delete Animal',
    ])
    expect(notes).toContain('Animal is one of 2 schemas: it is read as their common form')
  })

  it('numbers with a text in a list of values', async () => {
    const { blueprint, notes } = await read('numbers-with-texts.yaml')
    expect(blueprint.operations[1]!.body).toMatchObject({
      properties: [{ name: 'state', shape: { kind: 'integer', min: 0, max: 1 } }],
    })
    expect(notes).toContain('"0 - Open" of Door.state is a number with a text: the values are read as 0, 1')
  })

  it('a value that may be null in a change, and never in a row, of FastAPI', async () => {
    const item = {
      type: 'object',
      required: ['id', 'name'],
      properties: { id: { type: 'integer' }, name: { type: 'string' } },
    }
    const json = (schema: object) => ({ content: { 'application/json': { schema } } })
    const body = { properties: { name: { anyOf: [{ type: 'string' }, { type: 'null' }] } } }
    const responses = { 200: { description: 'OK', ...json(item) } }
    const spec = JSON.stringify({
      openapi: '3.1.0',
      info: { title: 'Items', version: '1' },
      paths: {
        '/items/{id}': {
          parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'integer' } }],
          get: { responses },
          patch: { requestBody: { required: true, ...json({ type: 'object', ...body }) }, responses },
        },
      },
    })
    const { blueprint } = await designFromDocument({ prompt: 'Build this', spec, options: {} })
    expect(blueprint.operations[1]).toMatchObject({ method: 'PATCH', implementation: { action: 'update' } })
  })
})

describe('a Prisma schema', () => {
  it('becomes the rows of its models', async () => {
    const { blueprint, entities, notes } = await read('blog.prisma')
    expect(entities).toEqual([
      'Author: email name role',
      'Post: title slug body published rating meta labels',
      'Tag: name',
    ])
    const [author, post] = blueprint.entities
    expect(author).toMatchObject({
      table: 'authors',
      description: 'A person who writes.',
      key: { name: 'id', kind: 'uuid' },
      stamps: { created: 'createdAt', updated: 'updatedAt' },
      fields: [
        { name: 'email', unique: true, required: true },
        { name: 'name', required: false, type: { maxLength: 80 } },
        { name: 'role', default: 'USER', type: { kind: 'enum', values: ['USER', 'ADMIN'] } },
      ],
    })
    expect(post).toMatchObject({
      key: { name: 'id', kind: 'integer' },
      belongsTo: [{ property: 'authorId', target: 'Author', required: true, onDelete: 'cascade' }],
      indexes: expect.arrayContaining([
        { properties: ['authorId', 'title'], unique: true },
        { properties: ['published'], unique: false },
      ]),
    })
    expect(blueprint.manyToMany).toMatchObject([{ left: 'Post', right: 'Tag', table: '_PostToTag' }])
    expect(notes).toContain('id of Author is made by cuid(): here it is a UUID.')
  })
})

describe('a Postman collection', () => {
  it('becomes its requests, with the schemas of its examples', async () => {
    const { blueprint, entities, operations } = await read('tasks.postman.json')
    expect(entities).toEqual(['Task: title done', 'Account: email'])
    expect(operations).toEqual([
      'GET /api/v1/tasks list Task',
      'POST /api/v1/tasks create Task',
      'GET /api/v1/tasks/:taskId read Task',
      'PATCH /api/v1/tasks/:taskId update Task',
      'DELETE /api/v1/tasks/:taskId delete Task',
      'GET /api/v1/ping to be written',
    ])
    const byPath = (path: string) => blueprint.operations.find((one) => one.path === path)!
    expect(byPath('/api/v1/ping').access).toBe('public')
    expect(byPath('/api/v1/tasks/:taskId').params).toMatchObject([
      { name: 'taskId', shape: { kind: 'integer' } },
    ])
    expect(byPath('/api/v1/tasks').query).toMatchObject([
      { name: 'done', shape: { kind: 'boolean' } },
      { name: 'limit', shape: { kind: 'integer' } },
    ])
    const create = blueprint.operations[1]!
    expect(create.responses).toMatchObject({ success: { status: 201 }, errors: [{ status: 422 }] })
    expect(create.examples).toMatchObject([
      { title: 'Created', request: { body: { title: 'Milk', done: false } }, expect: { status: 201 } },
    ])
  })

  it('reads variables within names, rows under their name, and changes of a part', async () => {
    const request = (method: string, url: string, raw?: object) => ({
      name: `${method} ${url}`,
      request: { method, url, ...(raw && { body: { mode: 'raw', raw: JSON.stringify(raw) } }) },
      response: [],
    })
    const spec = JSON.stringify({
      info: { name: 'Blog', schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json' },
      item: [
        request('GET', '{{host}}/api/articles'),
        request('POST', '{{host}}/api/articles', { article: { title: 'A', body: 'B' } }),
        request('GET', '{{host}}/api/articles/{{slug}}'),
        request('PUT', '{{host}}/api/articles/{{slug}}', { article: { body: 'C' } }),
        request('GET', '{{host}}/api/profiles/user_{{name}}'),
      ],
    })
    const { blueprint } = await designFromDocument({ prompt: 'Build this', spec, options: {} })
    expect(
      blueprint.operations.map(({ method, path, implementation }) => [method, path, implementation?.action]),
    ).toEqual([
      ['GET', '/api/articles', 'list'],
      ['POST', '/api/articles', 'create'],
      ['GET', '/api/articles/:slug', 'read'],
      ['PUT', '/api/articles/:slug', 'update'],
      ['GET', '/api/profiles/:name', undefined],
    ])
    expect(blueprint.entities[0]!.fields.map(({ name }) => name)).toEqual(['title', 'body'])
    expect(blueprint.operations[0]!.implementation!.answer).toEqual([{ at: ['articles'], holds: 'rows' }])
  })
})

describe('a GraphQL schema', () => {
  it('becomes rows of the types with an id, and a request for each query and mutation', async () => {
    const { entities, operations, notes, missing } = await read('shop.graphql')
    expect(entities).toEqual(['Product: name price state makerId', 'Review: text stars'])
    expect(operations).toEqual([
      'GET /products list Product',
      'POST /products create Product',
      'GET /products/:id read Product',
      'PATCH /products/:id update Product',
      'DELETE /products/:id delete Product',
      'GET /reviews list Review',
      'POST /reviews create Review',
      'GET /reviews/:id read Review',
      'GET /best-sellers to be written',
      'GET /total to be written',
      'POST /checkout to be written',
    ])
    expect(missing).toEqual(['The subscription sold.'])
    expect(notes).toContain('maker of Product is the key of a Maker, as makerId.')
    expect(notes).toContain('The scalar Money is read as any JSON.')
  })
})

describe('a JSON Schema', () => {
  it('becomes rows that can be listed, created, read, replaced and deleted', async () => {
    const { entities, operations } = await read('books.schema.json')
    expect(entities).toEqual(['Book: title pages publisher sequel'])
    expect(operations).toEqual([
      'GET /books list Book',
      'POST /books create Book',
      'GET /books/:id read Book',
      'PUT /books/:id replace Book',
      'DELETE /books/:id delete Book',
    ])
  })
})

describe('what is wrong in a document', () => {
  const fault = (spec: string) =>
    designFromDocument({ prompt: 'Build this', spec, options: {} }).then(
      () => 'no fault',
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    )

  it('is said with its line where no backend can be built with it', () => {
    const sql = '-- items\nCREATE TABLE items (\n  id INTEGER PRIMARY KEY,\n  title TEXT NOT NULL\n);'
    const result = importSql(sql, {})
    result.blueprint.entities[0]!.key!.name = 'valueOf'
    expect(() => checkDesign({ ...result, placeOf: () => placeInSql(sql, 'items', undefined) })).toThrow(
      expect.objectContaining({
        code: 'design_invalid',
        message: expect.stringMatching(/Line 2, column 1: No backend can be built with this: .*valueOf/),
        hint: expect.stringMatching(/Then send the document again\.$/),
      }),
    )
  })

  it.each([
    [
      'a Prisma schema',
      'model A {\n  id Int @id\n  name = = 3\n}\n',
      /Line 3, column \d+: It is not a Prisma schema/,
    ],
    [
      'a GraphQL schema',
      'type A {\n  id: ID!\n  name: [String\n}\n',
      /Line 4, column 1: It is not a GraphQL schema/,
    ],
    [
      'a Postman collection',
      '{"info": {"_postman_id": "1", "name": "A"},\n "item": []}',
      /Line 2, column \d+: It has no requests/,
    ],
    [
      'a JSON Schema',
      '{"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "string"}',
      /no object with properties/,
    ],
  ])('is said by line: %s', async (_kind, spec, words) => {
    expect(await fault(spec)).toMatch(words)
  })
})
