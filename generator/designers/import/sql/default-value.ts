import type { FieldType } from '#contract'
import type { Token } from './tokens.ts'

export type Literal = string | number | boolean | null

/** A computed default has no more. */
const MAX_TOKENS = 200
const MAX_DEPTH = 20
const TYPE_WORDS = /^(varying|precision|with|without|local|time|zone|unsigned|signed)$/i

/** The value of a default that needs no database: literals, casts, sums and concatenations. Undefined if it is computed. */
export function literalOf(tokens: readonly Token[]): Literal | undefined {
  if (tokens.length > MAX_TOKENS) return undefined
  let at = 0
  const isSign = (...signs: string[]) => tokens[at]?.kind === 'sign' && signs.includes(tokens[at]!.text)
  const isWord = (pattern: RegExp) => tokens[at]?.kind === 'word' && pattern.test(tokens[at]!.text)
  const chain = (
    signs: string[],
    operand: (depth: number) => Literal | undefined,
    join: (left: Literal, sign: string, right: Literal) => Literal | undefined,
  ) => {
    return (depth: number): Literal | undefined => {
      let value = operand(depth)
      while (value !== undefined && isSign(...signs)) {
        const sign = tokens[at++]!.text
        const right = operand(depth)
        value = right === undefined ? undefined : join(value, sign, right)
      }
      return value
    }
  }
  const skipBrackets = (open: string, close: string) => {
    let depth = 0
    do {
      if (isSign(open)) depth += 1
      if (isSign(close)) depth -= 1
      at += 1
    } while (depth > 0 && at < tokens.length)
  }
  const skipCast = () => {
    at += 2
    while (isSign('.')) at += 2
    while (isWord(TYPE_WORDS)) at += 1
    if (isSign('(')) skipBrackets('(', ')')
    while (isWord(TYPE_WORDS)) at += 1
    while (isSign('[')) skipBrackets('[', ']')
  }
  const primary = (depth: number): Literal | undefined => {
    const token = tokens[at]
    if (!token || depth > MAX_DEPTH) return undefined
    at += 1
    if (token.kind === 'number') return Number(token.text)
    if (token.kind === 'text' || token.kind === 'name') return token.text
    if (token.kind === 'word') {
      if (/^(true|false)$/i.test(token.text)) return /^true$/i.test(token.text)
      return /^null$/i.test(token.text) ? null : undefined
    }
    if (token.text !== '(') return undefined
    const value = concatenation(depth + 1)
    if (!isSign(')')) return undefined
    at += 1
    return value
  }
  const unary = (depth: number): Literal | undefined => {
    if (depth > MAX_DEPTH) return undefined
    if (isSign('-', '+')) {
      const sign = tokens[at++]!.text
      const value = unary(depth + 1)
      return typeof value === 'number' ? (sign === '-' ? -value : value) : undefined
    }
    if (isWord(/^not$/i)) {
      at += 1
      const value = unary(depth + 1)
      return typeof value === 'boolean' ? !value : undefined
    }
    const value = primary(depth)
    while (isSign('::')) skipCast()
    return value
  }
  const product = chain(['*', '/', '%'], unary, calculated)
  const sum = chain(['+', '-'], product, calculated)
  const concatenation: (depth: number) => Literal | undefined = chain(['||'], sum, (left, _sign, right) =>
    left === null || right === null ? null : `${String(left)}${String(right)}`,
  )
  const value = concatenation(0)
  return at === tokens.length ? value : undefined
}

function calculated(left: Literal, sign: string, right: Literal): Literal | undefined {
  if (typeof left === 'string' && typeof right === 'string' && sign === '+') return left + right
  if (typeof left !== 'number' || typeof right !== 'number') return undefined
  switch (sign) {
    case '+':
      return left + right
    case '-':
      return left - right
    case '*':
      return left * right
    case '%':
      return right === 0 ? undefined : left % right
    default:
      // Databases differ in what is left of a division of whole numbers.
      return right !== 0 && left % right === 0 ? left / right : undefined
  }
}

/** A value of a database as a field of this type states it. */
export function fromSql(value: string | number | boolean, type: FieldType): string | number | boolean {
  if (
    type.kind === 'boolean' &&
    [0, 1, '0', '1', 't', 'f', 'yes', 'no', 'on', 'off'].includes(value as never)
  )
    return [1, '1', 't', 'yes', 'on'].includes(value as never)
  if (type.kind === 'datetime' && typeof value === 'string') return instant(value)
  return value
}

/** `1970-01-01 00:00:00` is taken as UTC. */
function instant(value: string): string {
  const [, day, time, zone = ''] =
    /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?))? ?(Z|[+-]\d{2}(?::?\d{2})?)?$/.exec(
      value,
    ) ?? []
  if (day === undefined) return value
  const full = time === undefined ? '00:00:00' : time.length === 5 ? `${time}:00` : time
  const offset = zone.replace(
    /^([+-]\d{2}):?(\d{2})?$/,
    (_all, hours: string, minutes = '00') => `${hours}:${minutes}`,
  )
  return `${day}T${full}${offset || 'Z'}`
}
