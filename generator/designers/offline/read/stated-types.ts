import { isMark, isWord } from '../text/tokens.ts'
import type { FieldSpec } from './facts.ts'
import { type Rule, found, bound } from './modifier.ts'

/** Types that are never part of a name. */
const CLEAR_TYPES: Record<string, FieldSpec['kind']> = {
  string: 'string', str: 'string', varchar: 'string', char: 'string', textarea: 'text', longtext: 'text',
  int: 'integer', integer: 'integer', bigint: 'integer', smallint: 'integer',
  float: 'number', decimal: 'number', double: 'number', numeric: 'number',
  bool: 'boolean', boolean: 'boolean', datetime: 'datetime', timestamp: 'datetime', uuid: 'string',
  strings: 'string', integers: 'integer', numbers: 'number', booleans: 'boolean',
} // prettier-ignore

/** Types only after a colon or in parentheses: elsewhere they are names or parts of names (`due date`). */
const SPEC_TYPES: Record<string, FieldSpec['kind']> = {
  text: 'text', markdown: 'text', html: 'text', multiline: 'text', paragraph: 'text',
  number: 'number', money: 'number', currency: 'number', num: 'number', real: 'number', percentage: 'number',
  date: 'date', day: 'date', time: 'string', email: 'email', 'e-mail': 'email', url: 'url', uri: 'url', link: 'url',
  flag: 'boolean', phone: 'string', dates: 'date', 'true/false': 'boolean', checkbox: 'boolean',
} // prettier-ignore

const LISTS = ['list', 'lists', 'array', 'arrays', 'set']
const ELEMENTS: Record<string, FieldSpec['listOf']> = {
  string: 'string', strings: 'string', text: 'string', texts: 'string', word: 'string', words: 'string', url: 'string', urls: 'string',
  number: 'number', numbers: 'number', float: 'number', floats: 'number', decimals: 'number',
  integer: 'integer', integers: 'integer', int: 'integer', ints: 'integer', boolean: 'boolean', booleans: 'boolean',
} // prettier-ignore

/** `a list of strings`, `array of numbers`, `string[]`. */
export const lists: Rule = (tokens, at, inSpec) => {
  const article = isWord(tokens[at], 'a', 'an') ? 1 : 0
  const of = at + article + 1
  const element = tokens[of + 1]
  if (
    isWord(tokens[of - 1], ...LISTS) &&
    isWord(tokens[of], 'of') &&
    element &&
    Object.hasOwn(ELEMENTS, element.lower)
  )
    return found(of + 2 - at, { listOf: ELEMENTS[element.lower]! })
  const brackets = tokens[at + 1]
  const single = tokens[at]
  if (
    inSpec &&
    single?.kind === 'word' &&
    Object.hasOwn(ELEMENTS, single.lower) &&
    brackets?.kind === 'group' &&
    brackets.text === '[' &&
    brackets.inner.length === 0
  )
    return found(2, { listOf: ELEMENTS[single.lower]! })
  return null
}

export const types: Rule = (tokens, at, inSpec) => {
  const token = tokens[at]
  if (token?.kind !== 'word') return null
  const clear = Object.hasOwn(CLEAR_TYPES, token.lower) ? CLEAR_TYPES[token.lower] : undefined
  if (clear && (at > 0 || inSpec)) {
    // `varchar(255)`, `string(100)`
    const size = tokens[at + 1]
    const only = size?.kind === 'group' && size.inner.length === 1 ? size.inner[0]! : null
    if (clear === 'string' && only?.kind === 'number')
      return bound(tokens, at, 2, only, 'length', { kind: 'string' })
    const numbers =
      size?.kind === 'group' && size.inner.every((part) => part.kind === 'number' || isMark(part, ','))
    return found(numbers && clear === 'number' ? 2 : 1, { kind: clear })
  }
  if (!inSpec) return null
  if (isWord(token, 'whole') && isWord(tokens[at + 1], 'number')) return found(2, { kind: 'integer' })
  if (isWord(token, 'long') && isWord(tokens[at + 1], 'text', 'string')) return found(2, { kind: 'text' })
  if (isWord(token, 'short') && isWord(tokens[at + 1], 'text', 'string')) return found(2, { kind: 'string' })
  if (isWord(token, 'date') && isMark(tokens[at + 1], '/') && isWord(tokens[at + 2], 'time'))
    return found(3, { kind: 'datetime' })
  if (isWord(token, 'true', 'yes') && isMark(tokens[at + 1], '/') && isWord(tokens[at + 2], 'false', 'no'))
    return found(3, { kind: 'boolean' })
  if (isWord(token, 'true', 'yes') && isWord(tokens[at + 1], 'or') && isWord(tokens[at + 2], 'false', 'no'))
    return found(3, { kind: 'boolean' })
  const spec = Object.hasOwn(SPEC_TYPES, token.lower) ? SPEC_TYPES[token.lower] : undefined
  if (spec === undefined) return null
  const filler = isWord(tokens[at + 1], 'address', 'format', 'field', 'value') ? 1 : 0
  return found(1 + filler, { kind: spec })
}
