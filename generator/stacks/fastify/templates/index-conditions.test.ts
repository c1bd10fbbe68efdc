import { expect, it } from 'vitest'
import type { Property, ResourceIndex } from '../resource.ts'
import { conditionInErrors } from './index-conditions.ts'

const property = (name: string) => ({ name, column: name }) as Property
const index = (name: string, where: ResourceIndex['where'], caseless: Property[] = []): ResourceIndex => ({
  name,
  properties: [property('mail')],
  unique: true,
  where,
  caseless,
})
const open = { property: property('state'), rule: { property: 'state', is: 'equal', value: 'open' } } as const
const live = { property: property('deleted_at'), rule: { property: 'deleted_at', is: 'null' } } as const

it('says which rows a conflict is about', () => {
  const only = index('a', [live, open])
  expect(conditionInErrors(only, { indexes: [only] })).toBe('deleted_at is null and state is open')
})

it('says nothing where several indexes have the same columns, of which SQLite names no one', () => {
  const [a, b] = [index('a', [live]), index('b', [open])]
  expect(conditionInErrors(a, { indexes: [a, b] })).toBe('')
})

it('tells those over expressions apart, since SQLite names them', () => {
  const [a, b] = [index('a', [live], [property('mail')]), index('b', [open])]
  expect(conditionInErrors(a, { indexes: [a, b] })).toBe('deleted_at is null')
  expect(conditionInErrors(b, { indexes: [a, b] })).toBe('state is open')
})
