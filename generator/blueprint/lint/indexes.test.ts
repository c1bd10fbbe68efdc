import { describe, expect, it } from 'vitest'
import { Blueprint, type Index, type RowCondition } from '#contract'
import { magazine, reviews } from '../../codegen/testing/blueprints.ts'
import { lintBlueprint } from '../lint-blueprint.ts'

/** Diagnostics of the indexes of a book, as `code severity`, and the remaining indexes. */
function lint(...indexes: Index[]) {
  const given: Blueprint = {
    ...reviews,
    entities: reviews.entities.map((one) => (one.name === 'Book' ? { ...one, indexes } : one)),
  }
  const { blueprint, diagnostics } = lintBlueprint(given)
  expect(Blueprint.parse(blueprint)).toEqual(blueprint)
  const book = blueprint.entities.find(({ name }) => name === 'Book')!
  return { said: diagnostics.map(({ code, severity }) => `${code} ${severity}`), book }
}

const index = (unique: boolean, ...properties: string[]): Index => ({ properties, unique })

it('reports nothing for properties that are unique together', () => {
  expect(lintBlueprint(reviews)).toEqual({ blueprint: reviews, diagnostics: [] })
})

it('reports an index on an unknown property', () => {
  expect(lint(index(true, 'room', 'shelf')).said).toEqual(['index.no-property error'])
})

it('turns a unique index on one property into a unique property', () => {
  const { said, book } = lint(index(true, 'mark'))
  expect(said).toEqual(['index.single fixed'])
  expect(book.fields.find(({ name }) => name === 'mark')).toMatchObject({ unique: true })
  expect(book.indexes).toBeUndefined()
})

it('does not allow a unique index on few values', () => {
  const { said, book } = lint(index(true, 'room'))
  expect(said).toEqual(['index.few fixed'])
  expect(book.indexes).toEqual([index(false, 'room')])
})

it('removes redundant indexes', () => {
  expect(lint(index(false, 'mark', 'mark')).said).toEqual(['index.repeated fixed'])
  expect(lint(index(false, 'room', 'mark'), index(true, 'mark', 'room')).said).toEqual([
    'index.duplicate fixed',
  ])
  expect(lint(index(true, 'mark'), index(true, 'mark', 'room')).said).toEqual([
    'index.single fixed',
    'index.needless fixed',
  ])
})

it('allows a unique index on accounts only if enough accounts are possible', () => {
  const floor = magazine.entities[0]!.fields.find(({ name }) => name === 'floor')!
  const [person, ...others] = magazine.entities
  const { blueprint, diagnostics } = lintBlueprint({
    ...magazine,
    entities: [
      {
        ...person!,
        fields: [...person!.fields, { ...floor, name: 'wing' }],
        indexes: [index(true, 'desk', 'floor'), index(true, 'floor', 'wing')],
      },
      ...others,
    ],
  })
  expect(diagnostics.map(({ code, severity }) => `${code} ${severity}`)).toEqual(['index.few-accounts fixed'])
  expect(blueprint.entities[0]!.indexes).toEqual([
    index(true, 'desk', 'floor'),
    index(false, 'floor', 'wing'),
  ])
})

describe('the condition of an index', () => {
  const where = (...rules: RowCondition[]): Index => ({ ...index(true, 'mark'), where: rules })

  it('is about fields that exist, and values that they can have', () => {
    const said = (rule: RowCondition) => lint(where(rule)).said
    expect(said({ property: 'shelf', is: 'null' })).toEqual(['index.condition error'])
    expect(said({ property: 'room', is: 'equal', value: 'attic' })).toEqual(['index.condition error'])
    expect(said({ property: 'room', is: 'notEqual', value: 'north' })).toEqual([])
  })

  it('keeps an index of one property, which is unique for some rows only', () => {
    const given = where({ property: 'room', is: 'equal', value: 'north' })
    const { said, book } = lint(given, index(false, 'mark'))
    expect(said).toEqual([])
    expect(book.indexes).toEqual([given, index(false, 'mark')])
    expect(book.fields.find(({ name }) => name === 'mark')).toMatchObject({ unique: false })
  })

  it('is dropped where every row fulfils it, with the index where none does', () => {
    expect(lint(where({ property: 'room', is: 'null' })).said).toEqual(['index.no-rows fixed'])
    expect(lint(where({ property: 'room', is: 'notNull' })).said).toEqual(['index.single fixed'])
  })
})

it('ignores the case of texts only', () => {
  const { book } = lint({ ...index(true, 'room', 'mark'), ignoreCase: ['room', 'mark'] })
  expect(book.indexes).toEqual([{ ...index(true, 'room', 'mark'), ignoreCase: ['mark'] }])
})
