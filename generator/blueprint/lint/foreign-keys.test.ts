import { expect, it } from 'vitest'
import { Blueprint, type Entity, type ForeignKey } from '#contract'
import { lintBlueprint } from '../lint-blueprint.ts'

const field = (name: string, kind: 'string' | 'integer', required = true) => ({
  name,
  label: name,
  type: { kind },
  required,
  unique: false,
})

const entity = (name: string, more: Partial<Entity>): Entity =>
  ({
    name,
    plural: `${name}s`,
    label: name,
    labelPlural: `${name}s`,
    path: `/${name.toLowerCase()}s`,
    fields: [],
    belongsTo: [],
    operations: ['list', 'create', 'read', 'update', 'delete'],
    access: { read: 'public', write: 'public' },
    ...more,
  }) as Entity

const order = entity('Order', {
  fields: [
    field('shop', 'string'),
    { ...field('no', 'integer'), type: { kind: 'integer', min: 1 } },
  ] as never,
  indexes: [{ properties: ['no', 'shop'], unique: true }],
})
const key: ForeignKey = {
  properties: ['shop', 'orderNo'],
  target: 'Order',
  targets: ['shop', 'no'],
  onDelete: 'cascade',
}
const line = (more: Partial<Entity> = {}) =>
  entity('Line', {
    fields: [field('shop', 'string'), field('orderNo', 'integer')] as never,
    foreignKeys: [key],
    ...more,
  })

function lint(...entities: Entity[]) {
  const parsed = Blueprint.parse({
    version: 1,
    name: 'shop',
    title: 'Shop',
    description: '',
    auth: { kind: 'none' },
    entities,
    manyToMany: [],
  })
  const { blueprint, diagnostics } = lintBlueprint(parsed)
  expect(lintBlueprint(blueprint)).toEqual({ blueprint, diagnostics: [] })
  return { line: blueprint.entities.find(({ name }) => name === 'Line')!, diagnostics }
}

it('stays where both sides fit, with the limits of the row that it leads to', () => {
  const found = lint(line(), order)
  expect(found.line.foreignKeys).toEqual([key])
  expect(found.line.fields[1]!.type).toEqual({ kind: 'integer', min: 1 })
  expect(found.diagnostics).toEqual([])
})

it.each([
  ['the other entity is gone', line(), entity('Other', { fields: [field('no', 'integer')] as never })],
  ['the values are not unique together', line(), { ...order, indexes: undefined }],
  [
    'they are unique only in some rows',
    line(),
    {
      ...order,
      indexes: [
        { properties: ['no', 'shop'], unique: true, where: [{ property: 'no', is: 'notEqual', value: 3 }] },
      ],
    },
  ],
  ['a property is gone', line({ fields: [field('shop', 'string')] as never }), order],
  [
    'the values are of another kind',
    line({ fields: [field('shop', 'string'), field('orderNo', 'string')] as never }),
    order,
  ],
  [
    'the number of properties differs',
    line({ foreignKeys: [{ ...key, targets: ['shop', 'no', 'no'] }] }),
    order,
  ],
] as [string, Entity, Entity][])('is removed where %s', (_why, one, other) => {
  const found = lint(one, other)
  expect(found.line.foreignKeys).toBeUndefined()
  expect(found.diagnostics.map(({ code }) => code)).toContain('foreign-key.not-possible')
})

it('is removed where each row would need the other first', () => {
  const back = {
    ...order,
    belongsTo: [
      { name: 'line', label: 'Line', target: 'Line', required: true, unique: false, onDelete: 'restrict' },
    ],
  } as Entity
  expect(lint(line(), back).line.foreignKeys).toBeUndefined()
})

it('has no default, and is not set to null where it is required', () => {
  const found = lint(
    line({
      fields: [field('shop', 'string'), { ...field('orderNo', 'integer'), default: 7 }] as never,
      foreignKeys: [{ ...key, onDelete: 'setNull' }],
    }),
    order,
  )
  expect(found.line.fields[1]).not.toHaveProperty('default')
  expect(found.line.foreignKeys![0]!.onDelete).toBe('restrict')
})

it('is removed, and said, where a change makes the rows that it leads to private or takes them away', () => {
  const owned = { read: 'owner', write: 'owner' } as const
  const owner = {
    name: 'owner',
    label: 'Owner',
    target: 'Person',
    required: true,
    unique: false,
    onDelete: 'cascade',
  }
  const person = entity('Person', {
    fields: [{ ...field('email', 'string'), type: { kind: 'email' }, unique: true }] as never,
  })
  const lintOwned = (...entities: Entity[]) =>
    lintBlueprint(
      Blueprint.parse({
        version: 1,
        name: 'shop',
        title: 'Shop',
        description: '',
        auth: { kind: 'jwt', account: 'Person' },
        entities: [person, ...entities],
        manyToMany: [],
      }),
    )
  const said = (...entities: Entity[]) => {
    const { blueprint, diagnostics } = lintOwned(...entities)
    expect(blueprint.entities.find(({ name }) => name === 'Line')!.foreignKeys).toBeUndefined()
    return diagnostics.filter(({ code }) => code === 'foreign-key.not-possible').map(({ what }) => what)
  }
  expect(lintOwned(order, line()).blueprint.entities.at(-1)!.foreignKeys).toEqual([key])
  expect(said({ ...order, access: owned, owner: 'owner', belongsTo: [owner] } as Entity, line())).toEqual([
    'shop and orderNo of Line refer together to Order: only its owner reads each Order, and the database would tell everybody which there are.',
  ])
  expect(said(line())).toEqual(['shop and orderNo of Line refer together to Order: Order is not an entity.'])
})
