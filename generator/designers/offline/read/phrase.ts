import { isPlural, singular, toPascal } from '../../../blueprint/words.ts'
import { templateOf } from '../domains/index.ts'
import { looksLikeField } from '../lexicon/field-types.ts'
import { fitsPlural, isVerbBefore, VERBS } from '../lexicon/verbs.ts'
import { DETERMINERS, MANY, NOT_NAMES, SINGULAR_DETERMINERS } from '../lexicon/words.ts'
import type { Token } from '../text/tokens.ts'
import type { Phrase } from './facts.ts'

const MAX_WORDS = 4

/**
 * Reads tokens as one noun phrase. Null if they are empty, longer than a name, or contain
 * a word that is never part of a name, so a sentence is never a name.
 */
export function readPhrase(tokens: readonly Token[]): Phrase | null {
  let from = 0
  let quantity: Phrase['quantity'] = 'none'
  while (from < tokens.length && isDeterminer(tokens, from)) {
    const { lower } = tokens[from]!
    if (MANY.has(lower)) quantity = 'many'
    else if (SINGULAR_DETERMINERS.has(lower) && quantity === 'none') quantity = 'one'
    from++
  }
  const rest = afterOwner(tokens.slice(from))
  const words = rest.length > 1 && rest.at(-1)!.lower === 'each' ? rest.slice(0, -1) : rest
  if (words.length === 0 || words.length > MAX_WORDS) return null
  // `a make` is a noun, `make` a verb.
  const isNoun = words.length === 1 && quantity === 'one' && ALSO_NOUNS.has(words[0]!.lower)
  if (!isNoun && !words.every((token) => isNameWord(token))) return null
  if (isSentence(words) || (!isNoun && hasVerb(words))) return null
  const text = words.map((token) => token.text).join(' ')
  return { tokens, text, plural: isPlural(text), quantity }
}

/** `my daughter's school` is a school. */
const afterOwner = (tokens: readonly Token[]): readonly Token[] =>
  tokens.slice(
    tokens.findLastIndex(
      ({ text, quoted }, at) => at < tokens.length - 1 && !quoted && /['’]s?$/.test(text),
    ) + 1,
  )

/** Whether words hold a verb, and so are part of a sentence: `record match results`, `members challenge`. */
export function hasVerb(words: readonly Token[]): boolean {
  if (words.some(({ lower, quoted }) => !quoted && VERBS.has(lower))) return true
  const [first, ...rest] = words
  if (rest.length === 0 || words.some(({ quoted }) => quoted)) return false
  const text = words.map(({ text }) => text).join(' ')
  if (templateOf(toPascal(singular(text)) ?? '') !== null) return false
  return (
    // `check in date`, `order of play`
    (!INNER.includes(rest[0]!.lower) &&
      rest[0]!.lower !== 'out' &&
      isVerbBefore(first!.lower, rest.length > 1 ? '' : singular(rest[0]!.lower))) ||
    rest.some(
      ({ lower }, at) =>
        fitsPlural(lower) &&
        !LISTS.has(lower) &&
        isPlural(words[at]!.text) &&
        !BEFORE_NOUNS.has(words[at]!.lower),
    )
  )
}

/** `users list`, `orders report`. */
const LISTS = new Set(['list', 'log', 'report', 'record', 'plan'])

/** Plurals that stand before a noun: `sales order lines`. */
const BEFORE_NOUNS = new Set(
  'sales goods sports games news savings earnings operations logistics analytics communications systems arms customs clothes electronics series species'.split(
    ' ',
  ),
)

/** `agents answer tickets`: of two plurals, the first or one between is no part of a name. */
const isSentence = (words: readonly Token[]): boolean => {
  const [first, last] = [words[0]!, words.at(-1)!]
  // `cheeses made from milk`
  if (words.length === 2 && isPlural(first.text) && /^(?:made|taken|bought|given)$/.test(last.lower))
    return true
  return (
    words.length > 1 &&
    !first.quoted &&
    !BEFORE_NOUNS.has(first.lower) &&
    isPlural(last.text) &&
    // `agents answer tickets`, `wife breeds dogs`
    (isPlural(first.text) ||
      words
        .slice(1, -1)
        .some(({ text, quoted, lower }) => !quoted && isPlural(text) && !BEFORE_NOUNS.has(lower)))
  )
}

const ALSO_NOUNS = new Set(['make', 'call', 'run', 'show', 'check', 'print', 'export', 'import', 'read'])
/** The ends of a period, alone between commas: `from, to, price`, `since`. */
const ENDS = new Set(['from', 'to', 'until', 'since'])
const INNER = ['of', 'in', 'per', 'on', 'at', 'for']
const LAST = ['on', 'at', 'in', 'by', 'since']
const FIRST = new Set(['is', 'has', 'in', 'can', 'was', 'allow', 'allows'])

/** A field name, which may contain prepositions: `published on`, `in stock`, `number of pages`, `is active`. */
export function readFieldPhrase(tokens: readonly Token[]): Phrase | null {
  const plain = readPhrase(tokens)
  if (plain !== null || tokens.length > 7) return plain
  const [only] = tokens
  if (tokens.length === 1 && only!.kind === 'word' && (ALSO_NOUNS.has(only!.lower) || ENDS.has(only!.lower)))
    return { tokens, text: only!.text, plural: false, quantity: 'none' }
  const start = tokens.findIndex((_, at) => !isDeterminer(tokens, at))
  const words = tokens.slice(Math.max(start, 0))
  if (words.length < 2 || words.length > 5) return null
  const fits = words.every((token, at) => {
    if (isNameWord(token)) return true
    const isCheck = words[0]!.lower === 'check' && ['in', 'out'].includes(words[1]!.lower)
    if (isCheck && at < 2) return true
    if (at === 0)
      return FIRST.has(token.lower) || (ENDS.has(token.lower) && words.length === 2 && isLower(words[1]!))
    return (
      at === words.length - 1 ? LAST : at === words.length - 2 && LAST.includes(token.lower) ? LAST : INNER
    ).includes(token.lower)
  })
  const preposition = words.findIndex(({ lower }, at) => at > 0 && INNER.includes(lower))
  // `wetsuits in sizes`, `one record per submission`
  if (preposition > 0 && isNoField(words[preposition - 1]!, words[preposition]!)) return null
  if (
    !fits ||
    !words.some((token) => isNameWord(token)) ||
    hasVerb(words.slice(FIRST.has(words[0]!.lower) ? 1 : 0))
  )
    return null
  return {
    tokens,
    text: words.map((token) => token.text).join(' '),
    plural: false,
    quantity: start > 0 ? 'one' : 'none',
  }
}

const isNoField = (head: Token, { lower }: Token): boolean =>
  (lower === 'per' && /^(?:record|row|entry|one)$/.test(head.lower)) ||
  (/^(?:of|in|at|on|for)$/.test(lower) && isPlural(head.text) && !looksLikeField(head.text))

const isLower = ({ text, lower }: Token): boolean => text === lower

/** The entity name of a phrase. */
export const nameOf = (phrase: Phrase): string | null => toPascal(singular(phrase.text))

function isDeterminer(tokens: readonly Token[], at: number): boolean {
  const { lower, kind, quoted } = tokens[at]!
  if (quoted || at === tokens.length - 1) return false
  if (kind === 'number') return tokens[at + 1]?.kind === 'word'
  return DETERMINERS.has(lower) || (lower === 'of' && at > 0) || (MANY.has(lower) && lower !== 'list')
}

function isNameWord(token: Token): boolean {
  if (token.kind !== 'word') return false
  // The department, and no pronoun.
  if (token.text === 'IT') return true
  if (token.quoted) return /\p{L}/u.test(token.text) && token.text.length <= 60
  // A single letter may be a name (`x`), but 40 letters in a row are noise.
  return (
    !NOT_NAMES.has(token.lower) &&
    token.text.length <= 40 &&
    /^[\p{L}\p{N}\p{M}_-]+$/u.test(token.text) &&
    /\p{L}/u.test(token.text)
  )
}
