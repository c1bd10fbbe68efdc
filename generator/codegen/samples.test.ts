import { describe, expect, it } from 'vitest'
import { FieldType, type Field } from '#contract'
import { capacityOf } from '../blueprint/capacity.ts'
import { invalidSample, orderedPair, sampleValues } from './samples.ts'
import { schemaOfType } from '../blueprint/testing/schema-of-type.ts'
import { field } from './testing/blueprints.ts'

const fields: Field[] = [
  ...FieldType.options
    .map(({ shape }) => shape.kind.value)
    .filter((kind) => kind !== 'json')
    .map((kind) => field('value', kind)),
  ...[1, 2, 3, 4, 8].map((maxLength) => field('description', { kind: 'string', maxLength })),
  field('price', { kind: 'integer', min: 3, max: 4 }),
  field('price', { kind: 'number', min: 0.5, max: 0.75 }),
  field('year', { kind: 'integer', max: -5 }),
  field('year', { kind: 'integer', min: Number.MAX_SAFE_INTEGER - 1 }),
  field('price', { kind: 'number', min: 0, max: 5e-324 }),
  field('price', { kind: 'number', min: 0, max: 2e-323 }),
  field('price', { kind: 'number', min: 1, max: 1 + 3 * Number.EPSILON }),
  field('price', { kind: 'number', min: 1e20 }),
  field('price', { kind: 'number', max: -1e20 }),
  field('price', { kind: 'number', min: -Number.MAX_VALUE, max: Number.MAX_VALUE }),
  field('price', { kind: 'number', max: -Number.MAX_VALUE }),
]

describe.each(fields.map((each) => [JSON.stringify(each.type), each] as const))(
  'samples of %s',
  (_name, each) => {
    it('fit the type', () => {
      const values = [...sampleValues('Thing', each, 3), ...(orderedPair(each) ?? [])]
      expect(values).not.toContain('')
      for (const value of values) expect(schemaOfType(each.type).safeParse(value).error).toBeUndefined()
    })

    it('differ where the field is unique', () => {
      const values = sampleValues('Thing', { ...each, unique: true, required: true }, 3)
      expect(new Set(values).size).toBe(values.length)
      expect(values.length).toBe(Math.min(3, capacityOf({ ...each, unique: true, required: true })))
    })

    it('have an order where there are two of them', () => {
      const [low, high] = orderedPair(each) ?? [0, 1]
      // Instants are in order too, but not as text.
      expect(each.type.kind === 'datetime' || low < high).toBe(true)
    })

    it('come with one that does not fit', () => {
      expect(schemaOfType(each.type).safeParse(invalidSample(each)).success).toBe(false)
    })
  },
)

it('starts with the example', () => {
  expect(sampleValues('Todo', field('title', 'string', { example: 'Mine' }), 2)[0]).toBe('Mine')
})

it('knows what usual names hold', () => {
  expect(sampleValues('Todo', field('title', 'string'), 1)).toEqual(['Buy oat milk'])
  expect(sampleValues('Author', field('name', 'string'), 1)).toEqual(['Ada Lovelace'])
})

it('knows what rows in use have: they are neither deleted nor expired nor over', () => {
  const samples = (entity: string, ...given: Parameters<typeof field>) =>
    sampleValues(entity, field(...given), 3)
  for (const name of ['isDeleted', 'archived', 'cancelled', 'is_blocked'])
    expect(samples('Account', name, 'boolean')).toEqual([false, false, false])
  expect(samples('Account', 'isActive', 'boolean')).toEqual([true, true, true])
  const values = ['cancelled', 'open', 'in progress', 'expired']
  expect(samples('Order', 'status', { kind: 'enum', values })).toEqual(['open', 'in progress', 'open'])
  expect(samples('Order', 'status', { kind: 'enum', values: ['lost'] })).toEqual(['lost', 'lost', 'lost'])
  for (const name of ['expiresAt', 'validUntil', 'dueDate', 'deadline', 'endsAt', 'startsAt'])
    for (const value of [...samples('Coupon', name, 'datetime'), ...samples('Coupon', name, 'date')])
      expect(Date.parse(String(value))).toBeGreaterThan(Date.parse('2090-01-01'))
  const [starts, ends] = ['startsAt', 'endsAt'].map((name) => String(samples('Event', name, 'datetime')[0]))
  expect(Date.parse(ends!)).toBeGreaterThan(Date.parse(starts!))
  for (const name of ['startedAt', 'birthday', 'validFrom', 'releasedAt'])
    expect(String(samples('Person', name, 'date')[0])).toMatch(/^2026/)
})

it('knows what fits the entity', () => {
  const first = (entity: string, name: string) => sampleValues(entity, field(name, 'string'), 1)[0]
  expect(first('Product', 'category')).toBe('Kitchen')
  expect(first('Book', 'genre')).toBe('Fiction')
  expect(first('ProductCategory', 'name')).toBe('Kitchen')
  expect(first('Machine', 'category')).toBe('General')
  expect(first('Warehouse', 'name')).toBe('Warehouse 1')
})
