import { zodResponseFormat, zodTextFormat } from 'openai/helpers/zod'
import { Blueprint } from '#contract'
import { describe, expect, it } from 'vitest'
import { exampleDesign } from './design-example.ts'
import { toBlueprint } from './decode-llm.ts'
import { LlmBlueprint } from './llm-schema.ts'

type Entity = LlmBlueprint['entities'][number]
type Field = Entity['fields'][number]

const field = (more: Partial<Field> = {}): Field => ({
  name: 'title',
  label: 'Title',
  kind: 'string',
  required: true,
  omitted: false,
  unique: false,
  setBy: [],
  maxLength: null,
  min: null,
  max: null,
  values: null,
  pattern: null,
  json: [],
  defaultValue: null,
  example: null,
  description: null,
  ...more,
})

const place = (path: string, kind: Field['json'][number]['kind']): Field['json'][number] => ({
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
})

const entity = (more: Partial<Entity> = {}): Entity => ({
  name: 'Todo',
  plural: 'Todos',
  label: 'To-do',
  labelPlural: 'To-dos',
  description: null,
  path: '/todos',
  key: null,
  timestamps: null,
  fields: [field()],
  belongsTo: [],
  indexes: [],
  operations: ['list', 'create', 'read', 'update', 'delete'],
  policies: [],
  readAccess: 'public',
  writeAccess: 'public',
  owner: null,
  ...more,
})

const design = (more: Partial<LlmBlueprint> = {}): LlmBlueprint => ({
  name: 'todo-api',
  title: 'To-do API',
  description: '',
  accountEntity: null,
  roles: [],
  apiKeys: false,
  apiKeyHeader: null,
  entities: [entity()],
  manyToMany: [],
  operations: [],
  config: [],
  seeds: [],
  schedules: [],
  services: [],
  helpers: [],
  assumptions: [],
  notUnderstood: [],
  questions: [],
  ...more,
})

/** Through JSON, as it really arrives, and through the contract. */
function received(design: LlmBlueprint) {
  const { candidate, dropped, unread } = toBlueprint(LlmBlueprint.parse(JSON.parse(JSON.stringify(design))))
  return { blueprint: Blueprint.parse(candidate), dropped, unread }
}

type Schema = Record<string, unknown>

/** Every schema within a schema, itself included, with the number of objects around it. */
function schemasIn(schema: Schema, depth = 0): { schema: Schema; depth: number }[] {
  const members = Object.values((schema['properties'] ?? {}) as Record<string, Schema>)
  const others = [schema['items'], ...((schema['anyOf'] ?? []) as Schema[])].filter(
    (part) => part !== undefined,
  )
  return [
    { schema, depth },
    ...members.flatMap((member) => schemasIn(member, depth + 1)),
    ...others.flatMap((part) => schemasIn(part as Schema, depth)),
  ]
}

describe.each([
  ['Responses', zodTextFormat(LlmBlueprint, 'x').schema],
  ['Chat Completions', zodResponseFormat(LlmBlueprint, 'x').json_schema.schema!],
])('the LLM schema for %s', (_api, root) => {
  const schemas = schemasIn(root)
  const objects = schemas.map(({ schema }) => schema).filter((schema) => schema['type'] === 'object')

  it('has no keyword that strict structured outputs may refuse', () => {
    const used = new Set(schemas.flatMap(({ schema }) => Object.keys(schema)))
    const bare = [
      '$schema',
      'type',
      'properties',
      'required',
      'additionalProperties',
      'items',
      'enum',
      'anyOf',
    ]
    expect([...used].toSorted()).toEqual(bare.toSorted())
  })

  it('requires every property of every object, and allows no other', () => {
    expect(objects.length).toBeGreaterThan(25)
    for (const object of objects) {
      expect(object['required']).toEqual(Object.keys(object['properties'] as Schema))
      expect(object['additionalProperties']).toBe(false)
    }
  })

  it('is flat and small enough', () => {
    expect(Math.max(...schemas.map(({ depth }) => depth))).toBeLessThan(10)
    expect(schemas.length).toBeLessThan(1000)
  })
})

describe('receiving a blueprint', () => {
  it('leaves out every rule that was not stated', () => {
    const { blueprint, dropped } = received(design())
    expect(blueprint.entities[0]).toEqual({
      name: 'Todo',
      plural: 'Todos',
      label: 'To-do',
      labelPlural: 'To-dos',
      path: '/todos',
      fields: [{ name: 'title', label: 'Title', type: { kind: 'string' }, required: true, unique: false }],
      belongsTo: [],
      operations: ['list', 'create', 'read', 'update', 'delete'],
      access: { read: 'public', write: 'public' },
    })
    expect(blueprint.auth).toEqual({ kind: 'none' })
    expect(dropped).toEqual([])
  })

  it.each<[Partial<Field>, object]>([
    [
      { kind: 'string', required: true, min: 0 },
      { type: { kind: 'string' }, required: true, blank: true },
    ],
    [{ kind: 'text', min: 1 }, { type: { kind: 'text' } }],
    [{ kind: 'string', maxLength: 80 }, { type: { kind: 'string', maxLength: 80 } }],
    [
      { kind: 'integer', min: 0, defaultValue: '3', example: '4' },
      { type: { kind: 'integer', min: 0 }, default: 3, example: 4 },
    ],
    [
      { kind: 'number', max: 9.5, example: '-1e-3' },
      { type: { kind: 'number', max: 9.5 }, example: -0.001 },
    ],
    [
      { kind: 'boolean', defaultValue: 'false' },
      { type: { kind: 'boolean' }, default: false },
    ],
    [
      { kind: 'string', defaultValue: '007' },
      { type: { kind: 'string' }, default: '007' },
    ],
    [
      { kind: 'enum', values: ['low', 'sehr hoch'] },
      { type: { kind: 'enum', values: ['low', 'sehr hoch'] } },
    ],
    [
      { kind: 'date', example: '2030-01-01' },
      { type: { kind: 'date' }, example: '2030-01-01' },
    ],
  ])('reads %j', (sent, wanted) => {
    const { blueprint, dropped } = received(design({ entities: [entity({ fields: [field(sent)] })] }))
    expect(blueprint.entities[0]!.fields[0]).toMatchObject(wanted)
    expect(dropped).toEqual([])
  })

  it('reads what a JSON field holds, and keeps names that the contract knows', () => {
    const fields = [
      field({ name: 'due_date', kind: 'json' }),
      field({ name: 'meta', kind: 'json', json: [place('size{}', 'integer')] }),
      field({ name: 'token', kind: 'uuid', omitted: true, required: false }),
    ]
    const key = { name: 'number', kind: 'integer' as const }
    const timestamps = { created: 'created_at', updated: null }
    const { blueprint, dropped } = received(design({ entities: [entity({ fields, key, timestamps })] }))
    expect(blueprint.entities[0]).toMatchObject({
      key,
      stamps: timestamps,
      fields: [
        { name: 'due_date', type: { kind: 'json', shape: { kind: 'any' } } },
        { name: 'meta', type: { shape: { properties: [{ name: 'size', shape: { kind: 'record' } }] } } },
        { name: 'token', type: { kind: 'uuid' }, unset: 'omitted' },
      ],
    })
    expect(dropped).toEqual([])
  })

  it('reads who sets a field, by the names of roles', () => {
    const fields = [field({ name: 'total', setBy: ['Shop Owner'] }), field({ name: 'note' })]
    const { blueprint } = received(design({ entities: [entity({ fields })] }))
    expect(blueprint.entities[0]!.fields.map(({ setBy }) => setBy)).toEqual([['shop-owner'], undefined])
  })

  it('leaves a default that is no value of its kind as text, for the linter to refuse', () => {
    const fields = [
      field({ kind: 'integer', defaultValue: 'many' }),
      field({ kind: 'boolean', defaultValue: '1' }),
    ]
    const { blueprint } = received(design({ entities: [entity({ fields })] }))
    expect(blueprint.entities[0]!.fields.map((read) => read.default)).toEqual(['many', '1'])
  })

  it('reads configuration values by their types, and names as environments have them', () => {
    const value = (name: string, type: LlmBlueprint['config'][number]['type'], given: string | null) => ({
      name,
      type,
      description: 'What it is for.',
      defaultValue: given,
      example: null,
    })
    const config = [
      value('MAX_LOANS', 'integer', '3'),
      value('maxDays', 'number', '0.5'),
      value('SHOP', 'string', '7'),
      value('PAY_KEY', 'secret', null),
    ]
    expect(received(design({ config })).blueprint.config).toEqual([
      { name: 'MAX_LOANS', type: 'integer', description: 'What it is for.', default: 3 },
      { name: 'MAX_DAYS', type: 'number', description: 'What it is for.', default: 0.5 },
      { name: 'SHOP', type: 'string', description: 'What it is for.', default: '7' },
      { name: 'PAY_KEY', type: 'secret', description: 'What it is for.' },
    ])
  })

  it('reads the rows that there are from the start, and says of which it could not', () => {
    const seeds = [
      { name: 'First one', entity: 'todo', values: '{"title":"Milk"}', links: ['other one'] },
      { name: 'broken', entity: 'Todo', values: '{title', links: [] },
    ]
    const { blueprint, unread } = received(design({ seeds }))
    expect(blueprint.seeds).toEqual([
      { name: 'firstOne', entity: 'Todo', values: { title: 'Milk' }, links: ['otherOne'] },
    ])
    expect(unread).toEqual(['The seed broken of Todo: its values are not JSON.'])
  })

  it('names the rules that a kind does not have, instead of losing them silently', () => {
    const fields = [field({ name: 'day', kind: 'date', maxLength: 500 }), field({ kind: 'email', min: 1 })]
    const { blueprint, dropped } = received(design({ entities: [entity({ fields })] }))
    expect(blueprint.entities[0]!.fields.map((read) => read.type)).toEqual([
      { kind: 'date' },
      { kind: 'email' },
    ])
    expect(dropped).toEqual([
      'maxLength of Todo.day: a field of kind date has no such rule.',
      'min of Todo.title: a field of kind email has no such rule.',
    ])
  })

  it('brings names into the form of the contract, and what refers to them as well', () => {
    const { blueprint } = received(
      design({
        name: 'Meine Läden!',
        accountEntity: 'store owner',
        entities: [
          entity({ name: 'store owner', plural: '', label: ' ', path: 'store owners/:id/' }),
          entity({
            name: 'größe',
            plural: 'größen',
            path: '/sizes/{sizeId}',
            fields: [field({ name: 'due_date', label: '' })],
            belongsTo: [
              {
                name: 'Shop-Owner',
                label: '',
                target: 'store owner',
                required: true,
                unique: false,
                onDelete: 'cascade',
                property: null,
              },
            ],
            readAccess: 'owner',
            owner: 'Shop-Owner',
          }),
        ],
        manyToMany: [{ left: 'store owner', right: 'größe' }],
      }),
    )
    const [owner, size] = blueprint.entities
    expect(blueprint).toMatchObject({
      name: 'meine-laden',
      auth: { kind: 'jwt', account: 'StoreOwner' },
      manyToMany: [{ left: 'StoreOwner', right: 'Grosse' }],
    })
    expect(owner).toMatchObject({
      name: 'StoreOwner',
      plural: 'StoreOwners',
      label: 'store owner',
      path: '/store-owners',
    })
    expect(size).toMatchObject({ name: 'Grosse', path: '/sizes', owner: 'shopOwner' })
    expect(size!.fields[0]).toMatchObject({ name: 'due_date', label: 'due date' })
    expect(size!.belongsTo[0]).toMatchObject({ name: 'shopOwner', label: 'shop owner', target: 'StoreOwner' })
  })

  it.each(['/api/v1/todo_items', '/People', '/a.b/c~d', '/todos'])('keeps the exact path %s', (path) => {
    expect(received(design({ entities: [entity({ path })] })).blueprint.entities[0]!.path).toBe(path)
  })

  it('cuts texts at their limits, never through a character', () => {
    const title = `${'a'.repeat(199)}😀`
    const { blueprint } = received(design({ title, description: 'x'.repeat(3000) }))
    expect(blueprint.title).toBe('a'.repeat(199))
    expect(blueprint.description).toHaveLength(2000)
  })

  it('takes a repeated operation once', () => {
    const operations: Entity['operations'] = ['list', 'read', 'list']
    expect(
      received(design({ entities: [entity({ operations })] })).blueprint.entities[0]!.operations,
    ).toEqual(['list', 'read'])
  })

  it('reads the example that models are shown', () => {
    const { blueprint, dropped } = received(exampleDesign)
    expect(blueprint.entities.map(({ name }) => name)).toEqual(['Member', 'Book', 'Review'])
    expect(dropped).toEqual([])
  })
})
