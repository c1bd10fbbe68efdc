import { isPlural } from '../../../blueprint/words.ts'
import { typeFromName } from '../lexicon/field-types.ts'
import { VERBS } from '../lexicon/verbs.ts'
import { DETERMINERS } from '../lexicon/words.ts'
import type { Chunk } from '../text/chunks.ts'
import { isMark, isWord, type Token } from '../text/tokens.ts'
import { readOnlyModifiers } from './only-modifiers.ts'

export const ENUM_OPENERS = [
  'one of',
  'either',
  'any of',
  'enum of?',
  'can be either|one?',
  'values',
  'options',
  'such as',
  'choice of',
  'from',
]

type Values = { values: string[]; taken: number }

/** `low/medium/high`, `draft or published`, `todo, in progress, done` (the commas are chunk borders). */
export function readValues(
  tokens: readonly Token[],
  following: readonly Chunk[],
  certain: boolean,
): Values | null {
  const values: string[] = []
  const first = splitValues(tokens)
  if (first === null) return null
  values.push(...first.values)
  let taken = 0
  let closed = first.closed && first.values.length > 1 && !first.slashes
  for (const chunk of following) {
    if (
      closed ||
      (first.slashes && first.values.length > 1) ||
      (chunk.before !== ',' && chunk.before !== 'and')
    )
      break
    if (readOnlyModifiers(chunk.tokens) !== null) break
    const more = splitValues(chunk.tokens)
    const endsWithOr = more !== null && more.closed
    if (more === null || (!endsWithOr && !certain && looksLikeAnotherField(chunk))) break
    values.push(...more.values)
    taken++
    closed = endsWithOr || chunk.before === 'and'
  }
  const distinct = [...new Set(values)].filter((value) => value.length <= 80).slice(0, 50)
  if (distinct.length < 2) return null
  return { values: distinct, taken }
}

export const textOf = (chunk: Chunk) => chunk.tokens.map((token) => token.text).join(' ')

function looksLikeAnotherField(chunk: Chunk): boolean {
  const { known, type } = typeFromName(textOf(chunk))
  return (
    DETERMINERS.has(chunk.tokens[0]!.lower) || (known && type.kind !== 'boolean' && type.kind !== 'integer')
  )
}

/** The values in a chunk; null if it is more than a few words. */
function splitValues(
  tokens: readonly Token[],
): { values: string[]; closed: boolean; slashes: boolean } | null {
  const values: string[] = []
  let part: Token[] = []
  let [closed, slashes] = [false, false]
  const cut = () => {
    if (part.length > 0) values.push(part.map((token) => token.text).join(' '))
    part = []
  }
  for (const token of tokens) {
    if (isMark(token, '/', '|')) {
      cut()
      slashes = true
    } else if (isWord(token, 'or')) {
      cut()
      closed = true
    } else if (isMark(token, '"', "'", '[', ']', '.', '-') || isWord(token, 'either')) continue
    else if ((token.kind === 'word' || token.kind === 'number') && part.length < 4) part.push(token)
    else return null
  }
  cut()
  return values.length === 0 || values.some((value) => !/[\p{L}\p{N}]/u.test(value))
    ? null
    : { values, closed, slashes }
}

/**
 * Whether words between a name and `or` can be its values: `status draft or published`, but neither `managers approve or
 * reject`, whose name is a plural, nor `opens one or more doors`.
 */
export const hasValues = (name: readonly Token[], values: readonly Token[]): boolean =>
  !isPlural(name.at(-1)!.text) && !values.some(({ lower }) => VERBS.has(lower) || NOT_VALUES.has(lower))

const NOT_VALUES = new Set('a an the one more less fewer many several it them'.split(' '))

export function isListOfValues(tokens: readonly Token[], at: number): boolean {
  const [token, next] = [tokens[at], tokens[at + 1]]
  if (token === undefined || token.kind === 'mark' || token.kind === 'group') return false
  return isMark(next, '/', '|') || isWord(next, 'or')
}
