import { isPlural, singular, toPascal } from '../../../blueprint/words.ts'
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
  const rest = tokens.slice(from)
  const words = rest.length > 1 && rest.at(-1)!.lower === 'each' ? rest.slice(0, -1) : rest
  if (words.length === 0 || words.length > MAX_WORDS) return null
  // `a make` is a noun, `make` a verb.
  const isNoun = words.length === 1 && quantity === 'one' && ALSO_NOUNS.has(words[0]!.lower)
  if (!isNoun && !words.every((token) => isNameWord(token))) return null
  if (isSentence(words)) return null
  const text = words.map((token) => token.text).join(' ')
  return { tokens, text, plural: isPlural(text), quantity }
}

/** Plurals that stand before a noun: `sales order lines`. */
const BEFORE_NOUNS = new Set(
  'sales goods sports news savings earnings operations logistics analytics communications systems arms customs clothes electronics series species'.split(
    ' ',
  ),
)

/** `agents answer tickets`: of two plurals, the first or one between is no part of a name. */
const isSentence = (words: readonly Token[]): boolean => {
  const [first, last] = [words[0]!, words.at(-1)!]
  return (
    words.length > 2 &&
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

const ALSO_NOUNS = new Set(['make', 'call', 'run', 'show', 'check', 'print', 'export', 'import'])
/** The ends of a period, alone between commas: `from, to, price`, `since`. */
const ENDS = new Set(['from', 'to', 'until', 'since'])
const INNER = ['of', 'in', 'per', 'on', 'at', 'to', 'for']
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
    if (at === 0) return FIRST.has(token.lower)
    return (
      at === words.length - 1 ? LAST : at === words.length - 2 && LAST.includes(token.lower) ? LAST : INNER
    ).includes(token.lower)
  })
  if (!fits || words.filter((token) => isNameWord(token)).length === 0) return null
  return {
    tokens,
    text: words.map((token) => token.text).join(' '),
    plural: false,
    quantity: start > 0 ? 'one' : 'none',
  }
}

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
    /^[\p{L}\p{N}\p{M}_'’-]+$/u.test(token.text) &&
    /\p{L}/u.test(token.text)
  )
}
