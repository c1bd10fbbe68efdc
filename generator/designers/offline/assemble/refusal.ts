import { plural, spaced } from '../../../blueprint/words.ts'
import { DesignError } from '../design-error.ts'
import { templateOf } from '../domains/index.ts'
import { nameOf, readPhrase } from '../read/phrase.ts'
import { looksLikeField } from '../lexicon/field-types.ts'
import { fitsSingular } from '../lexicon/verbs.ts'
import { UNITS } from '../lexicon/not-records.ts'
import { FOREIGN } from '../lexicon/words.ts'
import type { Phrase } from '../read/facts.ts'
import type { Token } from '../text/tokens.ts'
import { isFeature } from './classify-noun.ts'
import type { Draft } from './draft.ts'
import { namesRecords } from './record-nouns.ts'
import { PEOPLE } from './relation-words.ts'
import { a, listed } from './sentences.ts'

/** Below this share of content words, most of the prompt is unread. */
const ENOUGH = 0.5

/** So few unread words are a list that a person can check, not a misunderstanding. */
const FEW_WORDS = 8

/** How far nouns for the example are searched. */
const MAX_ROWS = 100
const QUOTED_PARTS = 5
const BOOKS =
  'An API for a book shop. Each book has a title, a price and an author; customers can place orders.'
const MODEL = 'With a model key (OPENAI_API_KEY), a language model reads any text.'

/** The prompt names nothing that could be stored. */
export function nothingRead(draft: Draft): DesignError {
  return new DesignError(
    'nothing_readable',
    'No data could be read from the prompt.',
    `Name the things to store and their fields, for example: "${exampleFor(draft)}" ${MODEL}`,
  )
}

/** The error for a prompt of which most is unread; null if enough was read. */
export function mostlyUnread(draft: Draft, notUnderstood: readonly string[]): DesignError | null {
  const { coverage, rows } = draft.reading
  const { share, unread } = coverage.of(rows)
  if (share >= ENOUGH || unread <= FEW_WORDS) return null
  const names = [...draft.entities.values()].map(({ labelPlural }) => labelPlural.toLowerCase())
  const parts = notUnderstood.map((part) => `"${part.length > 90 ? `${part.slice(0, 89)}…` : part}"`)
  const more = parts.length > QUOTED_PARTS ? ` and ${parts.length - QUOTED_PARTS} more parts` : ''
  return new DesignError(
    'nothing_readable',
    `Most of the prompt could not be read: only ${Math.floor(share * 100)} % of the words that carry meaning. Read: ${listed(names)}. Not read: ${parts.slice(0, QUOTED_PARTS).join(', ')}${more}.`,
    `Say what to store in short sentences, for example: "${exampleFor(draft)}" ${MODEL}`,
  )
}

/** A prompt of the form that the rules read, with nouns of this prompt. */
function exampleFor(draft: Draft): string {
  const [first, second] = nounsOf(draft)
  if (first === undefined) return BOOKS
  const [one, many] = [spaced(first), plural(spaced(first))]
  const fields = (templateOf(first)?.fields ?? []).slice(0, 3).map(({ text }) => a(text))
  const has = fields.length === 0 ? 'a name' : listed(fields)
  const others = second === undefined ? [] : [plural(spaced(second))]
  const also = second === undefined ? '' : ` Each ${spaced(second)} has a name.`
  return `An API for ${listed([many, ...others])}. Each ${one} has ${has}.${also}`
}

/** Up to two plural nouns of the prompt: those that are usual tables first, then things before people. */
function nounsOf(draft: Draft): string[] {
  const found = new Set<string>(
    [...draft.entities.values()].flatMap(({ name, label }) => (label.includes(' ') ? [] : [name])),
  )
  for (const row of draft.reading.rows.slice(0, MAX_ROWS))
    for (const token of row.slice(0, MAX_ROWS)) {
      const phrase = isEnglish(row) ? readPhrase([token]) : null
      const name = phrase?.plural && isThing(phrase) ? nameOf(phrase) : null
      if (name !== null) found.add(name)
    }
  const rank = (name: string) => (templateOf(name) === null ? 2 : 0) + (PEOPLE.has(name) ? 1 : 0)
  return [...found].toSorted((a, b) => rank(a) - rank(b)).slice(0, 2)
}

const isEnglish = (row: readonly Token[]) => row.filter(({ lower }) => FOREIGN.has(lower)).length < 2

/** A word that names rows: no verb, field, feature or unit. */
const isThing = (phrase: Phrase): boolean =>
  namesRecords(phrase) &&
  !isFeature(phrase) &&
  !looksLikeField(phrase.text) &&
  !fitsSingular(phrase.text.toLowerCase()) &&
  (templateOf(nameOf(phrase) ?? '') !== null ||
    (phrase.text === phrase.text.toLowerCase() && !UNITS.has(phrase.text)))
