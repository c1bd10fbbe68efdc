import { looksLikeField } from '../lexicon/field-types.ts'
import { templateOf } from '../domains/index.ts'
import { isPerson, PEOPLE } from '../assemble/relation-words.ts'
import { PERSONS } from '../assemble/privacy.ts'
import type { Chunk } from '../text/chunks.ts'
import { isWord, type Token } from '../text/tokens.ts'
import type { Phrase } from './facts.ts'
import { readItem } from './item.ts'
import { nameOf, readPhrase } from './phrase.ts'
import { add, type Reading } from './reading.ts'

/** What a record is for: `grades for each pupil and class`, `to students in a subject`. */

const PREPOSITIONS = ['to', 'in', 'into', 'on', 'for', 'of', 'per', 'at']

/** Acts that leave a record about what follows: it names whom and what the record is about. */
const RECORDING =
  /^(?:give|award|issue|hand|enter|record|log|register|note|file)s?$|^(?:given|awarded|issued|handed|entered|recorded|logged|registered|noted|filed)$/

export const isRecording = (verb: string): boolean => RECORDING.test(verb)

/** `to students | in a subject`: one part for each preposition. */
export function placesIn(tokens: readonly Token[]): Token[][] {
  const parts: Token[][] = []
  for (const token of tokens) {
    if (isWord(token, ...PREPOSITIONS, 'by', 'from', 'with')) parts.push([token])
    else parts.at(-1)?.push(token)
  }
  return parts
}

/**
 * Relates a record to what stands after a preposition and in the chunks that go on with `and`. What cannot be related is
 * left unread. Returns how many chunks from `next` on it took.
 */
export function relatePlaces(
  object: Phrase,
  places: readonly (readonly Token[])[],
  isRecord: boolean,
  list: readonly Chunk[],
  next: number,
  reading: Reading,
): number {
  let isRelated = false
  for (const place of places) isRelated = relatePlace(object, place, isRecord, reading)
  const last = places.at(-1)
  if (!isRelated || !isRecord || last === undefined) return 0
  // `for each pupil, class and subject`
  let taken = 0
  for (const chunk of list.slice(next)) {
    const [first, ...more] = placesIn([last[0]!, ...chunk.tokens])
    const isNoun = chunk.before === 'and' || chunk.before === ','
    if (!isNoun || first === undefined || readPhrase(first.slice(1)) === null) break
    if (!relatePlace(object, first, true, reading)) break
    for (const place of more) relatePlace(object, place, true, reading)
    taken++
  }
  return taken
}

/** A noun with an article or in the plural; in a list, also without. */
const isTarget = (to: Phrase | null, isListed: boolean): to is Phrase =>
  to !== null && (to.quantity !== 'none' || to.plural || isListed)

function relatePlace(object: Phrase, place: readonly Token[], isRecord: boolean, reading: Reading): boolean {
  const [preposition, ...noun] = place
  const to = isWord(preposition, ...PREPOSITIONS) ? readPhrase(noun) : null
  if (!isTarget(to, isRecord && to !== null && (isKnown(to) || looksLikeField(to.text)))) {
    reading.coverage.unread(place)
    return false
  }
  if (isRecord && !to.plural && looksLikeField(to.text) && !isKnown(to)) {
    const made = readItem(to.tokens, [])
    if (made !== null) add(reading, { kind: 'has', subject: object, item: made.item, app: false }, place)
    return made !== null
  }
  const relation = { kind: 'relation', shape: 'belongsTo', from: object, to, stated: false } as const
  if (isRecord && isKnown(to)) add(reading, relation, place)
  else add(reading, { ...relation, optional: true, weak: true }, place)
  return true
}

/** A person or a usual table: it is one here, too, whatever else the prompt says of it. */
function isKnown(phrase: Phrase): boolean {
  const name = nameOf(phrase) ?? ''
  return (
    PEOPLE.has(name) ||
    PERSONS.has(name) ||
    isPerson({ name }) ||
    (templateOf(name) !== null && !looksLikeField(phrase.text))
  )
}
