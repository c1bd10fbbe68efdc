import type { Field, RowCondition } from '#contract'
import { coerce } from '../../../blueprint/lint/coerce.ts'
import { fromSql } from './default-value.ts'
import type { Token } from './tokens.ts'

/** The condition of an index has no more. */
const MAX_TOKENS = 200
const MAX_CONDITIONS = 4
const TYPE_WORDS = /^(varying|precision|with|without|time|zone)$/i

type Known = { readonly name: string; readonly type?: Field['type'] }

/** The conditions of a partial index; null where they are more than those of single values. */
export function readConditions(
  tokens: readonly Token[],
  named: (column: string) => Known | undefined,
): RowCondition[] | null {
  if (tokens.length > MAX_TOKENS) return null
  const conditions: RowCondition[] = []
  for (const part of splitAtAnd(unwrapped(tokens))) {
    const condition = readCondition(unwrapped(part), named)
    if (condition === null) return null
    conditions.push(condition)
  }
  return conditions.length <= MAX_CONDITIONS ? conditions : null
}

const isSign = (token: Token | undefined, text: string): boolean =>
  token?.kind === 'sign' && token.text === text

/** Without brackets around all of it. */
function unwrapped(tokens: readonly Token[]): readonly Token[] {
  let inner = tokens
  while (isSign(inner[0], '(') && closing(inner, 0) === inner.length - 1) inner = inner.slice(1, -1)
  return inner
}

/** Where the bracket that opens here is closed. */
function closing(tokens: readonly Token[], from: number): number {
  let depth = 0
  for (let at = from; at < tokens.length; at++) {
    if (isSign(tokens[at], '(')) depth += 1
    if (isSign(tokens[at], ')')) depth -= 1
    if (depth === 0) return at
  }
  return -1
}

function splitAtAnd(tokens: readonly Token[]): Token[][] {
  const parts: Token[][] = [[]]
  let depth = 0
  for (const token of tokens) {
    if (isSign(token, '(')) depth += 1
    if (isSign(token, ')')) depth -= 1
    if (depth === 0 && token.kind === 'word' && /^and$/i.test(token.text)) parts.push([])
    else parts.at(-1)!.push(token)
  }
  return parts
}

/** `((status)::text = 'open'::text)` as `status = 'open'`. */
function plain(tokens: readonly Token[]): Token[] {
  const words: Token[] = []
  for (let at = 0; at < tokens.length; at++) {
    if (isSign(tokens[at], '::')) {
      at += 1
      while (TYPE_WORDS.test(tokens[at + 1]?.text ?? '')) at += 1
      if (isSign(tokens[at + 1], '(')) at = closing(tokens, at + 1)
    } else if (!isSign(tokens[at], '(') && !isSign(tokens[at], ')')) words.push(tokens[at]!)
  }
  return words
}

function readCondition(
  tokens: readonly Token[],
  named: (column: string) => Known | undefined,
): RowCondition | null {
  const words = plain(tokens)
  const isNot = words[0]?.kind === 'word' && /^not$/i.test(words[0].text)
  const [column, ...rest] = isNot ? words.slice(1) : words
  const known = column && ['word', 'name'].includes(column.kind) ? named(column.text) : undefined
  if (!known) return null
  const property = known.name
  const said = rest.map(({ kind, text }) => (kind === 'word' ? text.toLowerCase() : text)).join(' ')
  if (said === 'is null' && rest.length === 2) return { property, is: isNot ? 'notNull' : 'null' }
  if (said === 'is not null' && rest.length === 3) return { property, is: isNot ? 'null' : 'notNull' }
  const isFlag = known.type?.kind === 'boolean'
  if (said === '') return isFlag ? { property, is: 'equal', value: !isNot } : null
  const isTruth = /^is (true|false)$/.exec(said)?.[1]
  if (isTruth !== undefined && isFlag && !isNot) return { property, is: 'equal', value: isTruth === 'true' }
  const [operator, value, ...more] = rest
  const isEqual = operator?.text === '='
  if (isNot || !value || !known.type || (!isEqual && !['<>', '!='].includes(operator?.text ?? '')))
    return null
  const literal = literalOf(value, more)
  const fitted = literal === undefined ? undefined : coerce(fromSql(literal, known.type), known.type)
  return fitted?.ok ? { property, is: isEqual ? 'equal' : 'notEqual', value: fitted.value } : null
}

function literalOf(value: Token, more: readonly Token[]): string | number | boolean | undefined {
  if (isSign(value, '-') && more.length === 1 && more[0]?.kind === 'number') return -Number(more[0].text)
  if (more.length > 0) return undefined
  if (value.kind === 'number') return Number(value.text)
  if (value.kind === 'text') return value.text
  return value.kind === 'word' && /^(true|false)$/i.test(value.text) ? /^true$/i.test(value.text) : undefined
}
