import { describe, expect, it } from 'vitest'
import { Blueprint, type SeedRow } from '#contract'
import { countries, reviews, shop, startedMagazine, todo } from '../../codegen/testing/blueprints.ts'
import { lintBlueprint } from '../lint-blueprint.ts'

const row = (name: string, entity: string, values: SeedRow['values'], links: string[] = []): SeedRow => ({
  name,
  entity,
  values,
  links,
})

/** Diagnostics as `code severity`, and the result; linting it again changes nothing. */
function lint(within: Blueprint, ...seeds: SeedRow[]) {
  const { blueprint, diagnostics } = lintBlueprint({ ...within, seeds })
  expect(Blueprint.parse(blueprint)).toEqual(blueprint)
  const left = diagnostics.filter(({ severity }) => severity === 'error')
  expect(lintBlueprint(blueprint)).toEqual({ blueprint, diagnostics: left })
  return {
    said: diagnostics.map(({ code, severity }) => `${code} ${severity}`),
    seeds: blueprint.seeds,
    diagnostics,
  }
}

const valid = lintBlueprint(shop).blueprint
const grace = row('grace', 'User', { email: 'grace@example.com', name: 'Grace' })
const books = row('books', 'Category', { name: 'Books' })
const dune = (more: SeedRow['values'] = {}, links: string[] = []) =>
  row(
    'dune',
    'Product',
    { name: 'Dune', price: 9, categoryId: '$books.id', sellerId: '$grace.id', ...more },
    links,
  )

it('reads a Blueprint created before there were seeds', () => {
  const { seeds: _none, ...older } = todo
  expect(Blueprint.parse(older)).toEqual(todo)
})

it('reports nothing for valid rows, in any order', () => {
  for (const one of [startedMagazine, countries])
    expect(lintBlueprint(one)).toEqual({ blueprint: one, diagnostics: [] })
  expect(lint(valid, dune(), grace, books).said).toEqual([])
})

it('reports what is wrong, why it matters and how to fix it', () => {
  expect(lint(valid, grace, dune()).diagnostics).toEqual([
    {
      code: 'seed.no-row',
      severity: 'error',
      path: 'seeds.dune.values.categoryId',
      what: 'categoryId of the seed dune is "$books.id", which is not a seed.',
      why: 'categoryId is the key of a row of Category.',
      fix: 'Add a seed of Category and refer to it as $name.id.',
    },
  ])
})

describe('an invalid seed', () => {
  it.each<[string, SeedRow[], string]>([
    ['of an entity that is not there', [row('x', 'Ghost', {})], 'seed.no-entity'],
    [
      'with a property that is not there',
      [row('x', 'Category', { name: 'A', colour: 'red' })],
      'seed.no-property',
    ],
    ['with a value of another type', [row('x', 'Tag', { label: ['a'] })], 'seed.mismatch'],
    ['with a text where a number belongs', [grace, books, dune({ price: 'cheap' })], 'seed.mismatch'],
    ['with a number out of bounds', [grace, books, dune({ price: -1 })], 'seed.mismatch'],
    ['with no value where one is required', [row('x', 'Category', {})], 'seed.missing'],
    ['with null where a value is required', [row('x', 'Category', { name: null })], 'seed.mismatch'],
    [
      'without a row that it requires',
      [grace, books, row('x', 'Product', { name: 'A', price: 1, categoryId: '$books.id' })],
      'seed.missing',
    ],
    ['that refers to nothing', [grace, dune()], 'seed.no-row'],
    [
      'that refers to a row of another entity',
      [grace, books, dune({ categoryId: '$grace.id' })],
      'seed.other-entity',
    ],
    [
      'with a reference where a value belongs',
      [row('x', 'Category', { name: '$books.name' })],
      'seed.reference',
    ],
    [
      'with the unique value of another one',
      [books, row('x', 'Category', { name: 'Books' })],
      'seed.not-unique',
    ],
    ['with a name that another one has', [books, row('books', 'Tag', { label: 'a' })], 'seed.duplicate'],
    ['that is linked with nothing', [grace, books, dune({}, ['ghost'])], 'seed.no-link'],
    ['that is linked without a relation', [grace, books, dune({}, ['books'])], 'seed.no-link'],
    ['that gives a key which is none', [row('x', 'Tag', { label: 'a', id: 'seven' })], 'seed.mismatch'],
  ])('%s', (_what, seeds, code) => {
    const { said, diagnostics } = lint(valid, ...seeds)
    expect(said).toEqual([`${code} error`])
    for (const { what, why, fix } of diagnostics)
      for (const sentence of [what, why, fix]) expect(sentence).toMatch(/^\S.*\.$/)
  })

  it('with values that conflict with a unique index', () => {
    const member = row('ann', 'Member', { email: 'ann@example.com' })
    const book = row('book', 'Book', { title: 'A', room: 'north', mark: '1' })
    const review = (name: string) =>
      row(name, 'Review', { stars: 1, memberId: '$ann.id', bookId: '$book.id' })
    expect(lint(reviews, member, book, review('one'), review('two')).said).toEqual(['seed.not-unique error'])
    const shelf = row('other', 'Book', { title: 'B', room: 'north', mark: '1' })
    expect(lint(reviews, book, shelf).said).toEqual(['seed.not-unique error'])
  })

  it('with the key of another row', () => {
    const country = (name: string, title: string) => row(name, 'Country', { code: 'PT', name: title })
    expect(lint(countries, country('a', 'A'), country('b', 'B')).said).toEqual(['seed.not-unique error'])
  })

  it('that is part of a cycle', () => {
    const city = (name: string, twin: string) =>
      row(name, 'City', { name, countryId: '$pt.code', twinId: `$${twin}.id` })
    const pt = row('pt', 'Country', { code: 'PT', name: 'Portugal' })
    expect(lint(countries, pt, city('a', 'b'), city('b', 'a')).said).toEqual(['seed.circle error'])
    expect(lint(countries, pt, city('a', 'a')).said).toEqual([])
  })

  it('of an account with an unknown role', () => {
    const boss = row('boss', 'Person', { email: 'a@example.com', role: 'king' })
    expect(lint(startedMagazine, boss).said).toEqual(['seed.mismatch error'])
  })
})

describe('an unambiguous mistake', () => {
  it.each<[string, SeedRow[], string, SeedRow['values']]>([
    ['a number in a text', [grace, books, dune({ price: '9.5' })], 'seed.form', { price: 9.5 }],
    [
      'a relation by its name',
      [
        grace,
        books,
        row('dune', 'Product', { name: 'Dune', price: 9, category: '$books.id', sellerId: '$grace.id' }),
      ],
      'seed.relation-name',
      { categoryId: '$books.id' },
    ],
    [
      'a row by its bare name',
      [grace, books, dune({ categoryId: 'books' })],
      'seed.reference-form',
      { categoryId: '$books.id' },
    ],
    [
      'what the service sets',
      [row('dune', 'Tag', { label: 'a', createdAt: '2026-01-01T00:00:00Z' })],
      'seed.automatic',
      { label: 'a' },
    ],
    [
      'a password',
      [row('dune', 'User', { email: 'a@example.com', name: 'A', password: 'hush' })],
      'seed.automatic',
      { name: 'A' },
    ],
    [
      'an address to sign in with',
      [row('dune', 'User', { email: ' Ann@Example.com', name: 'A' })],
      'seed.form',
      { email: 'ann@example.com' },
    ],
  ])('is repaired: %s', (_what, given, code, values) => {
    const { said, seeds } = lint(valid, ...given)
    expect(said).toEqual([`${code} fixed`])
    const repaired = seeds.find(({ name }) => name === 'dune')!
    expect(repaired.values).toMatchObject(values)
    expect(Object.keys(repaired.values)).not.toContain('password')
  })

  it('a null instead of the default, and a repeated row', () => {
    const done = row('done', 'Todo', { title: 'Milk', done: null })
    expect(lint(todo, done)).toMatchObject({
      said: ['seed.null fixed'],
      seeds: [row('done', 'Todo', { title: 'Milk' })],
    })
    expect(lint(valid, books, books)).toMatchObject({ said: ['seed.duplicate fixed'], seeds: [books] })
  })

  it('a text that starts with a dollar sign', () => {
    expect(lint(valid, row('x', 'Category', { name: '$$books.id' })).said).toEqual([])
    expect(lint(valid, row('x', 'Category', { name: '$5' })).said).toEqual([])
  })
})
