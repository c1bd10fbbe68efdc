import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  isPlural,
  plural,
  pluralName,
  singular,
  toCamel,
  toKebab,
  toPascal,
  toSnake,
  transliterate,
} from './words.ts'

describe('machine names', () => {
  it.each([
    ['due date', 'DueDate', 'dueDate', 'due-date'],
    ['ISBN number', 'IsbnNumber', 'isbnNumber', 'isbn-number'],
    ['SKUs', 'Skus', 'skus', 'skus'],
    ['image_url', 'ImageUrl', 'imageUrl', 'image-url'],
    ['createdOn', 'CreatedOn', 'createdOn', 'created-on'],
    ["author's name", 'AuthorsName', 'authorsName', 'authors-name'],
    ['2fa code', 'TwoFaCode', 'twoFaCode', 'two-fa-code'],
    ['задача', 'Zadacha', 'zadacha', 'zadacha'],
    ['größe', 'Grosse', 'grosse', 'grosse'],
    ['商品', 'ShangPin', 'shangPin', 'shang-pin'],
  ])('of %j are %s, %s and %s', (text, pascal, camel, kebab) => {
    expect([toPascal(text), toCamel(text), toKebab(text)]).toEqual([pascal, camel, kebab])
  })

  it('are null if no letter or digit is left', () => {
    expect([toPascal('🚀'), toCamel('--'), toKebab(''), toSnake('!')]).toEqual([null, null, null, null])
  })

  it('always satisfy the contract, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const [pascal, camel, kebab] = [toPascal(text), toCamel(text), toKebab(text)]
        expect(pascal === null || /^[A-Z][a-zA-Z0-9]{0,59}$/.test(pascal)).toBe(true)
        expect(camel === null || /^[a-z][a-zA-Z0-9]{0,59}$/.test(camel)).toBe(true)
        expect(kebab === null || (/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(kebab) && kebab.length <= 60)).toBe(
          true,
        )
      }),
    )
  })

  it('transliterate without leaving emoji behind', () => {
    expect(transliterate('naïve 🚀').trim()).toBe('naive')
  })
})

describe('singular and plural', () => {
  it.each([
    ['person', 'people'],
    ['category', 'categories'],
    ['analysis', 'analyses'],
    ['status', 'statuses'],
    ['child', 'children'],
    ['leaf', 'leaves'],
    ['bus', 'buses'],
    ['address', 'addresses'],
    ['class', 'classes'],
    ['quiz', 'quizzes'],
    ['cache', 'caches'],
    ['movie', 'movies'],
    ['todo', 'todos'],
    ['order item', 'order items'],
    ['SKU', 'SKUs'],
    ['lens', 'lenses'],
    ['virus', 'viruses'],
    ['business', 'businesses'],
  ])('%s ↔ %s', (one, many) => {
    expect(plural(one)).toBe(many)
    expect(singular(many)).toBe(one)
    expect(singular(one)).toBe(one)
    expect(plural(many)).toBe(many)
    expect([isPlural(one), isPlural(many)]).toEqual([false, true])
  })

  it.each(['series', 'news', 'equipment', 'data', 'staff', 'media'])('%s is its own plural', (word) => {
    expect([singular(word), plural(word), isPlural(word)]).toEqual([word, word, false])
  })

  it('gives a type its own plural name even where English has one word for both', () => {
    expect(pluralName('Series')).toBe('SeriesList')
    expect(pluralName('OrderItem')).toBe('OrderItems')
    expect(pluralName('Person')).toBe('People')
    expect(pluralName('A'.repeat(60))).toMatch(/^[A-Z][a-zA-Z0-9]{0,59}$/)
  })
})
