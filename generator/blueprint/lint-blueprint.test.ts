import { describe, expect, it } from 'vitest'
import type { BelongsTo, Blueprint, Entity, Field } from '#contract'
import { blueprintOf } from '#contract/testing/samples'
import * as samples from '../codegen/testing/blueprints.ts'
import { lintBlueprint } from './lint-blueprint.ts'

const field = (name: string, more: Partial<Field> = {}): Field => ({
  name,
  label: name,
  type: { kind: 'string' },
  required: false,
  unique: false,
  ...more,
})

const belongsTo = (name: string, target: string, more: Partial<BelongsTo> = {}) =>
  samples.belongsTo(name, target, { required: false, onDelete: 'setNull', ...more })

const entity = (name: string, more: Partial<Entity> = {}) =>
  samples.entity(name, {
    path: `/${name.toLowerCase()}s`,
    fields: [field('title', { required: true })],
    ...more,
  })

const blueprint = (entities: Entity[], more: Partial<Blueprint> = {}) => blueprintOf({ entities, ...more })

const EMAIL = field('email', { type: { kind: 'email' }, required: true, unique: true })
const user = (more: Partial<Entity> = {}) =>
  entity('User', {
    fields: [EMAIL],
    operations: ['read', 'update', 'delete'],
    access: { read: 'owner', write: 'owner' },
    ...more,
  })
const withAuth = (...entities: Entity[]) =>
  blueprint([user(), ...entities], { auth: { kind: 'jwt', account: 'User' } })
const owned = (more: Partial<Entity>) =>
  entity('Note', { access: { read: 'owner', write: 'owner' }, ...more })

/** Diagnostics of a Blueprint, as `code severity`; linting the result again reports no further fix. */
function codes(input: Blueprint): string[] {
  const before = structuredClone(input)
  const { blueprint: fixed, diagnostics } = lintBlueprint(input)
  expect(input).toEqual(before)
  const again = lintBlueprint(fixed)
  expect(again.blueprint).toEqual(fixed)
  expect(again.diagnostics).toEqual(diagnostics.filter(({ severity }) => severity === 'error'))
  return diagnostics.map(({ code, severity }) => `${code} ${severity}`)
}

const fixed = (input: Blueprint) => lintBlueprint(input).blueprint

it('reports nothing for a valid Blueprint and returns it unchanged', () => {
  const valid = withAuth(
    owned({
      belongsTo: [belongsTo('owner', 'User', { required: true, onDelete: 'cascade' })],
      owner: 'owner',
    }),
  )
  expect(lintBlueprint(valid)).toEqual({ blueprint: valid, diagnostics: [] })
})

it('reports what is wrong, why it matters and how to fix it', () => {
  const { diagnostics } = lintBlueprint(
    blueprint([entity('Post', { belongsTo: [belongsTo('author', 'Writer')] })]),
  )
  expect(diagnostics).toEqual([
    {
      code: 'relation.no-target',
      severity: 'error',
      path: 'entities.Post.belongsTo.author.target',
      what: 'Post.author points to Writer, which is not an entity.',
      why: 'A relation needs a table to point to.',
      fix: 'Add the entity Writer, or point to one of Post.',
    },
  ])
})

describe('names', () => {
  it('of two entities differ in more than case', () => {
    expect(codes(blueprint([entity('Post'), entity('Post', { plural: 'PostRows', path: '/rows' })]))).toEqual(
      ['name.duplicate error'],
    )
    expect(
      codes(blueprint([entity('Post'), entity('POST', { plural: 'PostRows', path: '/rows' })])),
    ).toContain('name.duplicate error')
  })

  it('in plural differ from the name', () => {
    const input = blueprint([entity('Series', { plural: 'Series', path: '/series' })])
    expect(codes(input)).toEqual(['plural.same-as-name fixed'])
    expect(fixed(input).entities[0]!.plural).toBe('SeriesList')
  })

  it('in plural differ from all other names', () => {
    const input = blueprint([
      entity('Post'),
      entity('Article', { plural: 'Posts' }),
      entity('Posts', { plural: 'PostRows', path: '/rows' }),
    ])
    expect(codes(input)).toEqual(['plural.duplicate fixed', 'plural.duplicate fixed'])
    expect(fixed(input).entities.map(({ plural }) => plural)).toEqual(['PostList', 'Articles', 'PostRows'])
  })

  it('leave the table of a many-to-many relation alone', () => {
    const input = blueprint([entity('User'), entity('Post'), entity('UserPost')], {
      manyToMany: [{ left: 'User', right: 'Post' }],
    })
    expect(codes(input)).toEqual(['plural.link-table fixed'])
    expect(fixed(input).entities[2]!.plural).toBe('UserPostList')
  })
})

describe('paths', () => {
  it.each(['/health', '/ready', '/docs', '/openapi.json', '/auth', '/auth/login', '/Health'])(
    '%s belongs to the server',
    (path) => {
      const input = blueprint([entity('Check', { path })])
      expect(codes(input)).toEqual(['path.reserved fixed'])
      expect(fixed(input).entities[0]!.path).toBe('/checks')
    },
  )

  it('are unique', () => {
    const input = blueprint([entity('Post', { path: '/items' }), entity('Page', { path: '/Items' })])
    expect(codes(input)).toEqual(['path.duplicate fixed'])
    expect(fixed(input).entities.map(({ path }) => path)).toEqual(['/items', '/pages'])
  })

  it('do not collide with the ids of another collection', () => {
    const input = blueprint([entity('Post'), entity('Tag', { path: '/posts/tags' })])
    expect(codes(input)).toEqual(['path.shadows-id fixed'])
    expect(fixed(input).entities[1]!.path).toBe('/tags')
    expect(codes(blueprint([entity('Post'), entity('Tag', { path: '/posts/v2/tags' })]))).toEqual([])
  })

  it('get an available path even if the default is taken', () => {
    const input = blueprint([
      entity('Health', { plural: 'Health2', path: '/health' }),
      entity('Other', { path: '/health-2' }),
    ])
    expect(codes(input)).toEqual(['path.reserved fixed'])
    expect(fixed(input).entities[0]!.path).not.toBe('/health')
  })
})

describe('fields', () => {
  const of = (...fields: Field[]) => blueprint([entity('Post', { fields })])
  const first = (input: Blueprint) => fixed(input).entities[0]!.fields[0]

  it.each(['id', 'createdAt', 'updatedAt', 'createdat'])(
    'named %s are removed, since every row has them',
    (name) => {
      expect(codes(of(field(name)))).toEqual(['field.automatic fixed'])
      expect(first(of(field(name)))).toBeUndefined()
    },
  )

  it('do not repeat the key of a relation', () => {
    const input = blueprint([
      entity('User'),
      entity('Post', { fields: [field('authorId')], belongsTo: [belongsTo('author', 'User')] }),
    ])
    expect(codes(input)).toEqual(['field.is-relation fixed'])
    expect(fixed(input).entities[1]!.fields).toEqual([])
  })

  it('have one name each in the database', () => {
    expect(codes(of(field('userName'), field('username')))).toEqual(['field.duplicate fixed'])
    expect(codes(of(field('userName'), field('username', { required: true })))).toEqual([
      'field.duplicate error',
    ])
  })

  it.each(['constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', 'proto'])(
    'are not named %s',
    (name) => {
      expect(codes(of(field(name)))).toEqual(['field.object-property fixed'])
      expect(first(of(field(name)))!.name).toBe(`${name}Value`)
    },
  )

  it('have ranges that contain a value', () => {
    expect(codes(of(field('age', { type: { kind: 'integer', min: 9, max: 3 } })))).toEqual([
      'range.empty error',
    ])
  })

  it('list each value of an enumeration once', () => {
    const input = of(field('status', { type: { kind: 'enum', values: ['a', 'b', 'a'] } }))
    expect(codes(input)).toEqual(['enum.duplicate fixed'])
    expect(first(input)!.type).toEqual({ kind: 'enum', values: ['a', 'b'] })
  })

  it('are not unique with two values, or with a default', () => {
    expect(codes(of(field('done', { type: { kind: 'boolean' }, unique: true })))).toEqual([
      'field.unique-boolean fixed',
    ])
    expect(codes(of(field('code', { unique: true, default: 'x' })))).toEqual(['field.unique-default fixed'])
  })

  it.each<[number, Field['type']]>([
    [1, { kind: 'enum', values: ['only'] }],
    [2, { kind: 'enum', values: ['on', 'off', 'on'] }],
    [2, { kind: 'integer', min: 1, max: 2 }],
    [2, { kind: 'number', min: 0, max: 5e-324 }],
    [1, { kind: 'number', min: 7.5, max: 7.5 }],
  ])('are not unique with %i values: %j', (count, type) => {
    const input = of(field('value', { type, unique: true }))
    expect(codes(input).at(-1)).toBe('field.unique-few fixed')
    expect(first(input)!.unique).toBe(false)
    expect(lintBlueprint(input).diagnostics.at(-1)!.what).toBe(
      `value is unique and has only ${['', 'one value', 'two values'][count]}.`,
    )
  })

  it.each<[Field['type']]>([
    [{ kind: 'enum', values: ['a', 'b', 'c'] }],
    [{ kind: 'integer', min: 1, max: 3 }],
    [{ kind: 'integer', min: Number.MAX_SAFE_INTEGER - 2 }],
    [{ kind: 'number', min: 0, max: 0.001 }],
    [{ kind: 'number', min: 1e300 }],
    [{ kind: 'string', maxLength: 1 }],
  ])('may be unique where there are values enough: %j', (type) => {
    expect(codes(of(field('value', { type, unique: true, required: true })))).toEqual([])
  })

  it('stay unique despite an empty range', () => {
    const type = { kind: 'integer', min: 2, max: 1 } as const
    expect(codes(of(field('value', { type, unique: true })))).toEqual(['range.empty error'])
  })

  it.each<[Field['type'], Field['default'], Field['default']]>([
    [{ kind: 'integer' }, '3', 3],
    [{ kind: 'boolean' }, 'true', true],
    [{ kind: 'enum', values: ['Draft', 'Live'] }, 'draft', 'Draft'],
    [{ kind: 'string' }, 7, '7'],
  ])('of type %j take the default %j as %j', (type, value, taken) => {
    expect(codes(of(field('x', { type, default: value })))).toEqual(['default.mismatch fixed'])
    expect(first(of(field('x', { type, default: value })))!.default).toBe(taken)
  })

  it.each<[Field['type'], Field['default']]>([
    [{ kind: 'integer' }, 1.5],
    [{ kind: 'integer', max: 3 }, 4],
    [{ kind: 'number', min: 0 }, -1],
    [{ kind: 'boolean' }, 'maybe'],
    [{ kind: 'string', maxLength: 2 }, 'abc'],
    [{ kind: 'string' }, 'two\nlines'],
    [{ kind: 'date' }, '2026-02-30'],
    [{ kind: 'datetime' }, '2026-02-03 10:00'],
    [{ kind: 'email' }, 'grace'],
    [{ kind: 'url' }, 'javascript:alert(1)'],
    [{ kind: 'enum', values: ['a'] }, 'b'],
  ])('of type %j have no default %j and no such example', (type, value) => {
    expect(codes(of(field('x', { type, default: value })))).toEqual(['default.mismatch error'])
    const input = of(field('x', { type, example: value }))
    expect(codes(input)).toEqual(['example.mismatch fixed'])
    expect(first(input)).not.toHaveProperty('example')
  })

  it('report the expected default', () => {
    const { diagnostics } = lintBlueprint(
      of(field('stars', { type: { kind: 'integer', min: 1, max: 5 }, default: 9 })),
    )
    expect(diagnostics[0]!.what).toBe(
      'The default 9 of stars does not match its type (a whole number from 1 to 5).',
    )
  })
})

it('lists each operation once', () => {
  const input = blueprint([entity('Post', { operations: ['read', 'list', 'read'] })])
  expect(codes(input)).toEqual(['operations.duplicate fixed'])
  expect(fixed(input).entities[0]!.operations).toEqual(['list', 'read'])
})

describe('relations', () => {
  const must = { required: true, onDelete: 'restrict' } as const

  it('have one name each', () => {
    const twice = [belongsTo('author', 'User'), belongsTo('author', 'User')]
    expect(codes(blueprint([entity('User'), entity('Post', { belongsTo: twice })]))).toEqual([
      'relation.duplicate fixed',
    ])
    const differ = [belongsTo('author', 'User'), belongsTo('author', 'User', must)]
    expect(codes(blueprint([entity('User'), entity('Post', { belongsTo: differ })]))).toEqual([
      'relation.duplicate error',
    ])
  })

  it('are not set to null if they are required', () => {
    const input = blueprint([
      entity('User'),
      entity('Post', { belongsTo: [belongsTo('author', 'User', { required: true })] }),
    ])
    expect(codes(input)).toEqual(['relation.set-null-required fixed'])
    expect(fixed(input).entities[1]!.belongsTo[0]!.onDelete).toBe('restrict')
  })

  it('do not require a row of the same entity', () => {
    const input = blueprint([entity('Page', { belongsTo: [belongsTo('parent', 'Page', must)] })])
    expect(codes(input)).toEqual(['relation.requires-itself fixed'])
    expect(fixed(input).entities[0]!.belongsTo[0]!.required).toBe(false)
  })

  it('do not form a required cycle', () => {
    const circle = blueprint([
      entity('Alpha', { belongsTo: [belongsTo('beta', 'Beta', must)] }),
      entity('Beta', { belongsTo: [belongsTo('gamma', 'Gamma', must)] }),
      entity('Gamma', { belongsTo: [belongsTo('alpha', 'Alpha', must)] }),
    ])
    expect(codes(circle)).toEqual(['relation.cycle error'])
    expect(lintBlueprint(circle).diagnostics[0]!.what).toBe(
      'Alpha requires Beta requires Gamma requires Alpha.',
    )
  })

  it('that are owners count as required', () => {
    const input = withAuth(owned({ belongsTo: [belongsTo('owner', 'User', must)], owner: 'owner' }))
    input.entities[0]!.belongsTo.push(belongsTo('favorite', 'Note', must))
    expect(codes(input)).toEqual(['relation.cycle error'])
  })

  it('are one-to-one only if enough targets are possible', () => {
    const day = (values: string[]) =>
      entity('Day', {
        fields: [field('name', { type: { kind: 'enum', values }, unique: true, required: true })],
      })
    const shift = (...names: string[]) =>
      entity('Shift', {
        belongsTo: names.map((name) => belongsTo(name, 'Day', { ...must, unique: true })),
      })
    const three = ['Mon', 'Tue', 'Wed']
    expect(codes(blueprint([shift('day'), day(three)]))).toEqual([])
    expect(codes(blueprint([shift('day', 'until'), day(three)]))).toEqual(['relation.unique-few fixed'])
    expect(codes(blueprint([shift('day', 'until'), day([...'abcdef'])]))).toEqual([])
  })

  it('of many to many have two existing sides, and are unique', () => {
    const two = [entity('Post'), entity('Tag')]
    const linked = (...manyToMany: [string, string][]) =>
      blueprint(two, { manyToMany: manyToMany.map(([left, right]) => ({ left, right })) })
    expect(codes(linked(['Post', 'Tag'], ['Tag', 'Post']))).toEqual(['many-to-many.duplicate fixed'])
    expect(codes(linked(['Post', 'Post']))).toEqual(['many-to-many.itself error'])
    expect(codes(linked(['Post', 'Label']))).toEqual(['many-to-many.no-entity error'])
    expect(codes(linked(['Post', 'Tag']))).toEqual([])
  })
})

describe('sign-in', () => {
  const account = (more: Partial<Entity>) =>
    blueprint([user(more)], { auth: { kind: 'jwt', account: 'User' } })

  it('needs its account', () => {
    expect(codes(blueprint([entity('Post')], { auth: { kind: 'jwt', account: 'User' } }))).toEqual([
      'auth.no-account error',
    ])
  })

  it('exists wherever access requires it', () => {
    expect(codes(blueprint([entity('Post', { access: { read: 'authenticated', write: 'owner' } })]))).toEqual(
      ['access.without-auth error', 'access.without-auth error'],
    )
    const input = blueprint([
      entity('User'),
      entity('Post', { belongsTo: [belongsTo('owner', 'User')], owner: 'owner' }),
    ])
    expect(codes(input)).toEqual(['owner.without-auth fixed'])
  })

  it('allows enough accounts', () => {
    const team: Field['type'] = { kind: 'enum', values: [...'abcdefgh'] }
    const few = field('team', { type: team, required: true, unique: true })
    expect(codes(account({ fields: [EMAIL, few] }))).toEqual(['field.unique-few fixed'])
    expect(codes(account({ fields: [EMAIL, { ...few, required: false }] }))).toEqual([])
    const desk = (max: number) => ({ ...few, name: 'desk', type: { kind: 'integer' as const, min: 1, max } })
    expect(codes(account({ fields: [EMAIL, desk(99)] }))).toEqual(['field.unique-few fixed'])
    expect(codes(account({ fields: [EMAIL, desk(100)] }))).toEqual([])
    const input = account({
      fields: [EMAIL],
      belongsTo: [belongsTo('team', 'Team', { required: true, unique: true, onDelete: 'restrict' })],
    })
    input.entities.push(entity('Team', { fields: [few] }))
    expect(codes(input)).toEqual(['relation.unique-few fixed'])
    expect(fixed(input).entities[0]!.belongsTo[0]).toMatchObject({ required: true, unique: false })
  })

  it('needs a required, unique email', () => {
    expect(codes(account({ fields: [] }))).toEqual(['account.email fixed'])
    expect(codes(account({ fields: [field('email')] }))).toEqual(['account.email fixed'])
    expect(
      fixed(account({ fields: [field('email', { default: 'x' })] })).entities[0]!.fields[0],
    ).toMatchObject({
      type: { kind: 'email' },
      required: true,
      unique: true,
    })
  })

  it.each(['password', 'passwordHash', 'hashedPassword'])('keeps no field %s', (name) => {
    expect(codes(account({ fields: [EMAIL, field(name)] }))).toEqual(['account.password fixed'])
  })

  it('creates accounts by registration only, and allows changing only oneself', () => {
    expect(codes(account({ operations: ['create', 'read'] }))).toEqual(['account.create fixed'])
    expect(codes(account({ access: { read: 'public', write: 'public' } }))).toEqual([
      'account.public-write fixed',
    ])
    expect(codes(account({ owner: 'owner' }))).toEqual(['owner.account fixed'])
  })

  it('finds or makes the owner that access needs', () => {
    const none = withAuth(owned({}))
    expect(codes(none)).toEqual(['owner.missing fixed'])
    expect(fixed(none).entities[1]).toMatchObject({
      owner: 'owner',
      belongsTo: [{ name: 'owner', target: 'User', required: true }],
    })
    const one = withAuth(
      owned({ belongsTo: [belongsTo('author', 'User', { required: true, onDelete: 'cascade' })] }),
    )
    expect(fixed(one).entities[1]!.owner).toBe('author')
    const two = withAuth(owned({ belongsTo: [belongsTo('author', 'User'), belongsTo('editor', 'User')] }))
    expect(codes(two)).toEqual(['owner.missing error'])
  })

  it('has owners that are accounts, required, and used', () => {
    const note = (more: Partial<Entity>) => withAuth(entity('Team'), owned({ owner: 'owner', ...more }))
    expect(
      codes(note({ belongsTo: [belongsTo('owner', 'Team', { required: true, onDelete: 'cascade' })] })),
    ).toEqual(['owner.not-account error'])
    const optional = note({ belongsTo: [belongsTo('owner', 'User')] })
    expect(codes(optional)).toEqual(['owner.optional fixed'])
    expect(fixed(optional).entities[2]!.belongsTo[0]).toMatchObject({ required: true, onDelete: 'cascade' })
    const open = { read: 'public', write: 'authenticated' } as const
    expect(codes(note({ access: open, belongsTo: [belongsTo('owner', 'User')] }))).toEqual([
      'owner.unused fixed',
    ])
  })
})
