import type { FieldType } from '#contract'
import type { Token } from './tokens.ts'

export type Rule =
  | { readonly column: string; readonly kind: 'values'; readonly values: string[] }
  | { readonly column: string; readonly kind: 'range'; readonly min?: number; readonly max?: number }
  | { readonly column: string; readonly kind: 'length'; readonly max: number }

/** The CHECK rules that fields support: a list of values, bounds, a maximum length. Null for any other. */
export function readCheck(check: readonly Token[]): Rule[] | null {
  const words = simplified(check)
  const parts = splitAtAnd(words)
  const rules = parts.map(readPart)
  return rules.every((rule) => rule !== null) ? rules : null
}

type Word = { readonly text: string; readonly kind: Token['kind'] }

/** Removes casts and redundant parentheses: `((status)::text = ANY (ARRAY['a'::text]))`. */
function simplified(check: readonly Token[]): Word[] {
  const words: Word[] = []
  for (let at = 0; at < check.length; at++) {
    const token = check[at]!
    if (token.kind === 'sign' && token.text === '::') {
      at += 1
      while (['varying', 'precision', '[', ']'].includes(check[at + 1]?.text.toLowerCase() ?? '')) at += 1
      if (check[at + 1]?.text === '(' && check[at + 2]?.kind === 'number') at += 3
      continue
    }
    const isBracket = token.kind === 'sign' && ['(', ')', '[', ']'].includes(token.text)
    if (!isBracket) words.push({ kind: token.kind, text: token.kind === 'word' ? token.text : token.text })
  }
  return words
}

const is = (word: Word | undefined, text: string): boolean =>
  word !== undefined && ['word', 'sign'].includes(word.kind) && word.text.toLowerCase() === text

function splitAtAnd(words: readonly Word[]): Word[][] {
  const parts: Word[][] = [[]]
  for (const [index, word] of words.entries()) {
    const isRange = words.slice(Math.max(0, index - 3), index).some((one) => is(one, 'between'))
    if (is(word, 'and') && !isRange) parts.push([])
    else parts.at(-1)!.push(word)
  }
  return parts
}

function readPart(part: Word[]): Rule | null {
  const length = ['length', 'char_length', 'character_length', 'len'].some((name) => is(part[0], name))
  const words = length ? part.slice(1) : part
  const [column, operator, ...rest] = words
  if (!column || !operator || !['word', 'name'].includes(column.kind)) return null
  const name = column.text
  if (is(operator, 'in') || (is(operator, '=') && is(rest[0], 'any'))) {
    const values = rest.filter(({ kind }) => kind === 'text').map(({ text }) => text)
    const isPlain = rest.every(
      (word) => word.kind === 'text' || ['any', 'array', ','].some((text) => is(word, text)),
    )
    return isPlain && values.length > 0 ? { column: name, kind: 'values', values } : null
  }
  if (is(operator, 'between')) {
    const [min, and, max] = [numberAt(rest, 0), rest.find((word) => is(word, 'and')), numberAt(rest, 1)]
    return and && min !== undefined && max !== undefined ? { column: name, kind: 'range', min, max } : null
  }
  const value = numberAt(rest, 0)
  if (value === undefined || numberAt(rest, 1) !== undefined) return null
  if (length) return is(operator, '<=') ? { column: name, kind: 'length', max: value } : null
  if (is(operator, '>=')) return { column: name, kind: 'range', min: value }
  if (is(operator, '<=')) return { column: name, kind: 'range', max: value }
  // An exclusive bound of an integer is the next one; other types include the bound.
  if (is(operator, '>'))
    return { column: name, kind: 'range', min: Number.isInteger(value) ? value + 1 : value }
  return is(operator, '<')
    ? { column: name, kind: 'range', max: Number.isInteger(value) ? value - 1 : value }
    : null
}

function numberAt(words: readonly Word[], index: number): number | undefined {
  const numbers = words.flatMap((word, at) =>
    word.kind === 'number' ? [Number(word.text) * (is(words[at - 1], '-') ? -1 : 1)] : [],
  )
  return numbers[index]
}

/** Adds the rule to the type if the type supports it and some value satisfies it. */
export function withRule(type: FieldType, rule: Rule): FieldType | null {
  switch (rule.kind) {
    case 'values':
      return type.kind === 'string' || type.kind === 'text'
        ? { kind: 'enum', values: [...new Set(rule.values)].slice(0, 50) }
        : null
    case 'range':
      return type.kind === 'integer' || type.kind === 'number' ? withRange(type, rule) : null
    case 'length':
      return type.kind === 'string' ? withLength(type, Math.floor(rule.max)) : null
  }
}

type OfKind<Kind> = Extract<FieldType, { kind: Kind }>

/** A bound that every or no JSON number satisfies is dropped. */
function withRange(type: OfKind<'integer' | 'number'>, { min, max }: Extract<Rule, { kind: 'range' }>) {
  const isWhole = type.kind === 'integer'
  const most = isWhole ? Number.MAX_SAFE_INTEGER : Number.MAX_VALUE
  const low = min !== undefined && isWhole ? Math.ceil(min) : min
  const high = max !== undefined && isWhole ? Math.floor(max) : max
  if ((low ?? 0) > most || (high ?? 0) < -most) return null
  return {
    ...type,
    ...(low !== undefined && low >= -most && { min: low }),
    ...(high !== undefined && high <= most && { max: high }),
  }
}

/** The maximum text limit of a field, in UTF-16 code units; a longer limit is dropped. */
const MAX_LENGTH = 100_000

function withLength(type: OfKind<'string'>, max: number): FieldType | null {
  if (max < 1) return null
  const maxLength = Math.min(type.maxLength ?? max, max)
  return maxLength > MAX_LENGTH ? type : { ...type, maxLength }
}
