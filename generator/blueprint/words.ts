import anyAscii from 'any-ascii'
import pluralize from 'pluralize'

/**
 * Turns words into identifiers. Every result satisfies the contract's
 * patterns, or is null if no letter or digit is left (an emoji, punctuation).
 */

const MAX_NAME = 60

/** Spells out a leading digit, since no identifier may start with one: `2fa code` → `twoFaCode`. */
const DIGITS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine']

// Exceptions to the general rules in the vocabulary of APIs.
const SAME_IN_PLURAL = ['data', 'metadata', 'staff', 'sms', 'gps', 'dns', 'feedback', 'software', 'furniture']
for (const word of [...SAME_IN_PLURAL, 'media', 'merchandise', 'goods', 'clothes', 'analytics', 'progress']) {
  pluralize.addUncountableRule(word)
}
for (const [one, many] of [
  ['lens', 'lenses'],
  ['canvas', 'canvases'],
  ['atlas', 'atlases'],
  ['bias', 'biases'],
  ['basis', 'bases'],
  ['axis', 'axes'],
  ['cache', 'caches'],
  ['virus', 'viruses'],
  ['yes', 'yeses'],
  ['plus', 'pluses'],
  ['bonus', 'bonuses'],
] as const) {
  pluralize.addIrregularRule(one, many)
}

/** Transliterates any script to Latin letters; drops emoji and symbols. `größe` → `grosse`, `задача` → `zadacha`. */
export function transliterate(text: string): string {
  if (/^[ -~]*$/.test(text)) return text
  return anyAscii(text.normalize('NFC').replace(/\p{Extended_Pictographic}|\p{Emoji_Modifier}/gu, ' '))
}

/** The words of a phrase or an identifier, lower-case ASCII: `ISBN number`, `isbnNumber` → `isbn`, `number`. */
export function wordsOf(text: string): string[] {
  const ascii = transliterate(text.slice(0, 400)).replace(/['’`]/g, '')
  const words = ascii.match(/[A-Z]{2,}s(?![a-z])|[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g) ?? []
  return words.map((word) => word.toLowerCase())
}

/** `due date` → `DueDate`; null if no letter or digit is left. */
export function toPascal(text: string): string | null {
  const words = startWithALetter(wordsOf(text))
  if (words.length === 0) return null
  return words.map(capital).join('').slice(0, MAX_NAME)
}

/** `Due date` → `dueDate`; null when no letter or digit is left. */
export function toCamel(text: string): string | null {
  const pascal = toPascal(text)
  return pascal === null ? null : pascal.charAt(0).toLowerCase() + pascal.slice(1)
}

/** `OrderItems` → `order-items`; null when no letter or digit is left. */
export function toKebab(text: string): string | null {
  const words = startWithALetter(wordsOf(text))
  return words.length === 0 ? null : words.join('-').slice(0, MAX_NAME).replace(/-+$/, '')
}

/** `dueDate` → `due_date`, the form that databases see. */
export function toSnake(text: string): string | null {
  return toKebab(text)?.replaceAll('-', '_') ?? null
}

/** The last word in singular, the others untouched: `order items` → `order item`. */
export function singular(phrase: string): string {
  return onLastWord(phrase, singularWord)
}

/** The last word in plural, the others untouched: `order item` → `order items`. */
export function plural(phrase: string): string {
  return onLastWord(phrase, pluralWord)
}

/** Whether the last word is a plural that has another singular (`news` and `equipment` are not). */
export function isPlural(phrase: string): boolean {
  return (
    /\bpersons$/i.test(phrase) ||
    (singular(phrase) !== phrase && plural(singular(phrase)).toLowerCase() === phrase.toLowerCase())
  )
}

/**
 * The PascalCase plural of a PascalCase name, always different from the name:
 * `Person` → `People`, and `SeriesList` where English has one word for both.
 */
export function pluralName(name: string): string {
  const many = toPascal(plural(spaced(name))) ?? name
  const last = many.toLowerCase() === name.toLowerCase() ? `${name}List` : many
  return last.length <= MAX_NAME ? last : `${last.slice(0, MAX_NAME - 4)}List`
}

/** `OrderItem` → `order item`. */
export function spaced(name: string): string {
  return wordsOf(name).join(' ')
}

function onLastWord(phrase: string, change: (word: string) => string): string {
  const cut = Math.max(phrase.lastIndexOf(' '), phrase.lastIndexOf('-'), phrase.lastIndexOf('_')) + 1
  const camel = phrase.slice(cut).search(/(?<=[a-z])[A-Z][a-z]+$/)
  const from = camel > 0 ? cut + camel : cut
  return phrase.slice(0, from) + change(phrase.slice(from))
}

function singularWord(word: string): string {
  if (isAcronym(word)) return word.replace(/s$/, '')
  return onlyLatin(word) ? pluralize.singular(word) : word
}

function pluralWord(word: string): string {
  if (isAcronym(word)) return word.endsWith('s') ? word : `${word}s`
  return onlyLatin(word) ? pluralize.plural(word) : word
}

function isAcronym(word: string): boolean {
  return /^[A-Z]{2,}s?$/.test(word) && !SAME_IN_PLURAL.includes(word.toLowerCase())
}

function onlyLatin(word: string): boolean {
  return word.length <= MAX_NAME && /^[a-z]+$/i.test(word)
}

function startWithALetter(words: string[]): string[] {
  const [first, ...rest] = words
  if (first === undefined || !/^\d/.test(first)) return words
  return [...Array.from(first.slice(0, 8), (digit) => DIGITS[Number(digit)] ?? 'n'), ...rest]
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}
