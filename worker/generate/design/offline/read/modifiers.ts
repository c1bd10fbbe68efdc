import { matchAt } from '../text/seek.ts'
import { isMark, isWord, type Token } from '../text/tokens.ts'
import type { FieldSpec } from './facts.ts'

/** What stands around a field's name: `required`, `max 200 characters`, `defaults to draft`, `integer`. */
export type Modifier = { readonly take: number; readonly spec: FieldSpec }

type Rule = (tokens: readonly Token[], at: number, inSpec: boolean) => Modifier | null

const found = (take: number, spec: FieldSpec): Modifier => ({ take, spec })

/** Types that are never part of a name. */
const CLEAR_TYPES: Record<string, FieldSpec['kind']> = {
  string: 'string', str: 'string', varchar: 'string', char: 'string', textarea: 'text', longtext: 'text',
  int: 'integer', integer: 'integer', bigint: 'integer', smallint: 'integer',
  float: 'number', decimal: 'number', double: 'number', numeric: 'number',
  bool: 'boolean', boolean: 'boolean', datetime: 'datetime', timestamp: 'datetime', uuid: 'string',
  strings: 'string', integers: 'integer', numbers: 'number', booleans: 'boolean',
} // prettier-ignore
/** Types only after a colon or in brackets: elsewhere they are names or parts of names (`due date`). */
const SPEC_TYPES: Record<string, FieldSpec['kind']> = {
  text: 'text', markdown: 'text', html: 'text', multiline: 'text', paragraph: 'text',
  number: 'number', money: 'number', currency: 'number', num: 'number', real: 'number', percentage: 'number',
  date: 'date', day: 'date', time: 'string', email: 'email', 'e-mail': 'email', url: 'url', uri: 'url', link: 'url',
  flag: 'boolean', phone: 'string', dates: 'date', 'true/false': 'boolean', checkbox: 'boolean',
} // prettier-ignore

const CHARACTERS = ['characters', 'character', 'chars', 'char', 'letters', 'symbols', 'long', 'length']
const UNITS = ['stars', 'points', 'star', 'items', 'digits', 'years', 'percent']

const required: Rule = (tokens, at, inSpec) => {
  const [token, next, third] = [tokens[at], tokens[at + 1], tokens[at + 2]]
  if (isWord(token, 'not') && isWord(next, 'required', 'mandatory', 'needed'))
    return found(2, { required: false })
  if (isWord(token, 'not') && isWord(next, 'null', 'empty', 'blank', 'nullable'))
    return found(2, { required: true })
  if (isWord(token, 'not') && isWord(next, 'be') && isWord(third, 'empty', 'null', 'blank'))
    return found(3, { required: true })
  if (
    isWord(token, 'cannot', "can't", 'never') &&
    isWord(next, 'be') &&
    isWord(third, 'empty', 'null', 'blank')
  ) {
    return found(3, { required: true })
  }
  if (
    isWord(
      token,
      'required',
      'mandatory',
      'obligatory',
      'compulsory',
      'non-null',
      'not-null',
      'notnull',
      'req',
    )
  ) {
    return found(1, { required: true })
  }
  if (isWord(token, 'optional', 'optionally', 'nullable')) return found(1, { required: false })
  if (isWord(token, 'if') && isWord(next, 'any')) return found(2, { required: false })
  if (isMark(token, '!') && at > 0) return found(1, { required: true })
  if (isMark(token, '?') && at > 0) return found(1, { required: false })
  if (inSpec && isWord(token, 'null')) return found(1, { required: false })
  return null
}

const unique: Rule = (tokens, at) => {
  if (isWord(tokens[at], 'unique', 'distinct')) return found(1, { unique: true })
  if (isWord(tokens[at], 'no') && isWord(tokens[at + 1], 'duplicates')) return found(2, { unique: true })
  return null
}

const defaults: Rule = (tokens, at, inSpec) => {
  let next = at
  if (isWord(tokens[next], 'with') && isWord(tokens[next + 1], 'default')) next++
  if (isWord(tokens[next], 'by') && isWord(tokens[next + 1], 'default')) next++
  if (isWord(tokens[next], 'default', 'defaults', 'defaulting', 'defaulted', 'initially')) {
    next++
    if (isWord(tokens[next], 'value')) next++
    if (isWord(tokens[next], 'to', 'is', 'of', 'as', 'value', 'being') || isMark(tokens[next], ':', '='))
      next++
    const value = tokens[next]
    return value === undefined || value.kind === 'group' || value.kind === 'mark'
      ? null
      : found(next + 1 - at, { default: literal(value) })
  }
  if (isMark(tokens[at], '=') && tokens[at + 1] && tokens[at + 1]!.kind !== 'group') {
    return found(2, { default: literal(tokens[at + 1]!) })
  }
  // `false by default`
  if (
    at > 0 &&
    isWord(tokens[at + 1], 'by') &&
    isWord(tokens[at + 2], 'default') &&
    tokens[at]!.kind !== 'group'
  ) {
    return found(3, { default: literal(tokens[at]!) })
  }
  if (inSpec && at === 0 && isWord(tokens[1], 'default') && tokens.length === 2) {
    return found(2, { default: literal(tokens[0]!) })
  }
  return null
}

const upperBound: Rule = (tokens, at) => {
  const words = phraseAt(tokens, at, [
    ['maximum', 'length', 'of'], ['max', 'length', 'of'], ['no', 'longer', 'than'], ['not', 'longer', 'than'],
    ['no', 'more', 'than'], ['not', 'more', 'than'], ['limited', 'to'],
    ['not', 'exceed'], ['maximum', 'of'], ['max', 'of'],
    ['maximum', 'length'], ['max', 'length'], ['max', 'len'], ['up', 'to'], ['at', 'most'], ['less', 'than'], ['under'], ['below'],
    ['maximum'], ['maxlength'], ['max'], ['<='], ['<'],
  ]) // prettier-ignore
  if (words === null) {
    // `200 chars max`, `200 character limit`
    const size = tokens[at]?.kind === 'number' && isWord(tokens[at + 1], ...CHARACTERS)
    if (size && isWord(tokens[at + 2], 'max', 'maximum', 'limit'))
      return bound(tokens, at, 3, tokens[at]!, 'length')
    if (tokens[at]?.kind === 'number' && isWord(tokens[at + 1], 'max', 'maximum'))
      return bound(tokens, at, 2, tokens[at]!, 'max')
    return null
  }
  let next = at + words.length
  if (isMark(tokens[next], ':', '=')) next++
  const value = tokens[next]
  if (value?.kind !== 'number') return null
  const chars =
    isWord(tokens[next + 1], ...CHARACTERS) ||
    words.includes('length') ||
    words.includes('len') ||
    words.includes('longer') ||
    words.includes('maxlength')
  const unit = isWord(tokens[next + 1], ...CHARACTERS, ...UNITS) ? 1 : 0
  const long = unit === 1 && isWord(tokens[next + 2], 'long', 'max') ? 1 : 0
  const made = bound(tokens, at, next + 1 + unit + long - at, value, chars ? 'length' : 'max')
  if (
    made &&
    (words.includes('less') || words.includes('under') || words.includes('below') || words.includes('<'))
  ) {
    return found(made.take, { ...made.spec, maxExclusive: true })
  }
  return made
}

const lowerBound: Rule = (tokens, at) => {
  if (isWord(tokens[at], 'positive')) {
    const extra = isWord(tokens[at + 1], 'only') ? 1 : 0
    return found(1 + extra, { min: 0, minExclusive: true, boundTokens: [tokens[at]!] })
  }
  if (isWord(tokens[at], 'non-negative', 'nonnegative'))
    return found(1, { min: 0, boundTokens: [tokens[at]!] })
  if (isWord(tokens[at], 'not', 'never') && isWord(tokens[at + 1], 'negative')) return found(2, { min: 0 })
  if (matchAt(tokens, at, 'not be negative') > 0) return found(3, { min: 0 })
  if (
    isWord(tokens[at], 'cannot', "can't") &&
    isWord(tokens[at + 1], 'be') &&
    isWord(tokens[at + 2], 'negative')
  ) {
    return found(3, { min: 0 })
  }
  if (isWord(tokens[at], 'be') && isWord(tokens[at + 1], 'negative')) return null
  const words = phraseAt(tokens, at, [
    ['no', 'less', 'than'], ['not', 'less', 'than'], ['greater', 'than', 'or', 'equal', 'to'], ['minimum', 'of'],
    ['min', 'of'], ['at', 'least'], ['greater', 'than'], ['more', 'than'], ['bigger', 'than'], ['above'], ['over'],
    ['minimum'], ['min'], ['>='], ['>'],
  ]) // prettier-ignore
  if (words === null) return null
  let next = at + words.length
  if (isMark(tokens[next], ':', '=')) next++
  const value = tokens[next]
  // A minimum length is no rule that a Blueprint can hold, so it stays unread and is reported.
  if (value?.kind !== 'number' || isWord(tokens[next + 1], ...CHARACTERS)) return null
  const exclusive =
    !words.includes('equal') && ['greater', 'more', 'bigger', 'above', 'over', '>'].includes(words[0]!)
  const made = bound(tokens, at, next + 1 - at, value, 'min')
  return made && exclusive && words[0] !== 'no'
    ? found(made.take, { ...made.spec, minExclusive: true })
    : made
}

const range: Rule = (tokens, at) => {
  let next = at
  if (isWord(tokens[next], 'between', 'from')) next++
  const [low, dash, high] = [tokens[next], tokens[next + 1], tokens[next + 2]]
  if (low?.kind !== 'number' || high?.kind !== 'number') return null
  if (!isMark(dash, '-', '–', '—', '..', '...', '/') && !isWord(dash, 'to', 'and', 'through')) return null
  const [min, max] = [numeric(low), numeric(high)]
  if (min === null || max === null || min > max) return null
  let take = next + 3 - at
  if (isWord(tokens[at + take], ...CHARACTERS)) return null
  if (isWord(tokens[at + take], ...UNITS)) take++
  return found(take, { min, max, boundTokens: tokens.slice(at, at + take) })
}

const types: Rule = (tokens, at, inSpec) => {
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

const RULES: readonly Rule[] = [required, unique, defaults, range, upperBound, lowerBound, types]

/** The modifier that begins at `at`. `inSpec`: after a colon, in brackets or after `is`. */
export function matchModifier(tokens: readonly Token[], at: number, inSpec: boolean): Modifier | null {
  for (const rule of RULES) {
    const match = rule(tokens, at, inSpec)
    if (match !== null) return match
  }
  return null
}

export function literal(token: Token): string | number | boolean {
  if (!token.quoted && /^(true|yes)$/.test(token.lower)) return true
  if (!token.quoted && /^(false|no)$/.test(token.lower)) return false
  return token.kind === 'number' ? (numeric(token) ?? token.text) : token.text
}

function numeric(token: Token): number | null {
  const value = Number(token.text.replaceAll(',', '').replace('−', '-'))
  return Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER ? value : null
}

function bound(
  tokens: readonly Token[],
  at: number,
  take: number,
  value: Token,
  which: 'min' | 'max' | 'length',
  also: FieldSpec = {},
): Modifier | null {
  const size = numeric(value)
  if (size === null) return null
  const boundTokens = tokens.slice(at, at + take)
  if (which !== 'length') return found(take, { ...also, [which]: size, boundTokens })
  const fits = Number.isInteger(size) && size >= 1 && size <= 100_000
  return fits ? found(take, { ...also, maxLength: size, boundTokens }) : null
}

function phraseAt(tokens: readonly Token[], at: number, phrases: readonly string[][]): string[] | null {
  return phrases.find((words) => words.every((word, i) => tokens[at + i]?.lower === word)) ?? null
}
