import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { camelCase, capitalise, kebabCase, makeNamespace, snakeCase, wordsOf } from './names.ts'

describe('the words of a name', () => {
  it.each([
    ['todo', ['todo']],
    ['dueDate', ['due', 'date']],
    ['OrderItem', ['order', 'item']],
    ['ABTest', ['ab', 'test']],
    ['URLs', ['urls']],
    ['ISBN13', ['isbn13']],
  ])('%s', (name, words) => {
    expect(wordsOf(name)).toEqual(words)
  })

  it('lose no character, so that different names stay different', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9]{0,20}$/), (name) => {
        expect(wordsOf(name).join('')).toBe(name.toLowerCase())
      }),
    )
  })

  it('are joined in the usual ways', () => {
    expect([kebabCase('OrderItem'), snakeCase('OrderItem'), camelCase('OrderItem')]).toEqual([
      'order-item',
      'order_item',
      'orderItem',
    ])
    expect(capitalise('éclair')).toBe('Éclair')
  })
})

describe('a namespace', () => {
  it('gives every wish a name of its own', () => {
    const names = makeNamespace(['taken'])
    expect([names.take('taken'), names.take('free'), names.take('free'), names.take('free', '_')]).toEqual([
      'taken2',
      'free',
      'free2',
      'free_2',
    ])
  })

  it('can ignore case', () => {
    const names = makeNamespace([], (name) => name.toLowerCase())
    expect([names.take('Id'), names.take('ID')]).toEqual(['Id', 'ID2'])
  })
})
