import { singular } from '../../../blueprint/words.ts'
import { matchTopic, templateOf } from '../domains/index.ts'
import { ABSTRACT, NO_FIRST_WORD, NOUNS_IN_ING, TECHNOLOGY, UNITS } from '../lexicon/not-records.ts'
import { APP_NOUNS } from '../lexicon/words.ts'
import type { Phrase } from '../read/facts.ts'
import { nameOf } from '../read/phrase.ts'

const ADJECTIVE = /(?:able|ible|ful|less|ous|ical|ional)$/
const ADVERB = /[^aeiou]ly$/
const NOUNS_IN_LY = new Set(
  'family supply reply assembly anomaly monopoly ally bully jelly belly fly butterfly'.split(' '),
)

/**
 * Whether a phrase of prose can name rows: not a verb, an adjective, a gerund, a technology or a quality.
 * Names of typical entities always can.
 */
export function namesRecords(phrase: Phrase): boolean {
  if (phrase.tokens.some((token) => token.quoted)) return true
  const name = nameOf(phrase)
  if ((name !== null && templateOf(name) !== null) || matchTopic(phrase.text) !== null) return true
  const words = phrase.text.toLowerCase().split(/\s+/)
  const head = singular(words.at(-1)!)
  if (
    // `runs` alone are rows, `runs fast` are not.
    (NO_FIRST_WORD.has(words[0]!) && (words.length > 1 || !phrase.plural)) ||
    // `60 minutes, no internet`
    (words.length === 1 && UNITS.has(words[0]!)) ||
    // `tool to plan shifts`
    (words.length === 1 && APP_NOUNS.has(words[0]!)) ||
    TECHNOLOGY.has(head) ||
    TECHNOLOGY.has(words.at(-1)!) ||
    ABSTRACT.has(head)
  )
    return false
  if (head.endsWith('ing') && head.length > 5) return NOUNS_IN_ING.has(head) || head.includes('-')
  if (ADVERB.test(head) && !NOUNS_IN_LY.has(head)) return false
  return phrase.plural || !ADJECTIVE.test(head)
}
