import { isPlural } from '../../../blueprint/words.ts'
import { ACTS, DETERMINERS, HAS_VERBS, MODALS } from '../lexicon/words.ts'
import { looksLikeField } from '../lexicon/field-types.ts'
import { isWord, type Token } from '../text/tokens.ts'
import type { Phrase } from './facts.ts'
import { templateOf } from '../domains/index.ts'
import { isPerson, PEOPLE } from '../assemble/relation-words.ts'
import { namesRecords } from '../assemble/record-nouns.ts'
import { nameOf, readPhrase } from './phrase.ts'
import { add, type ChunkReader, type ClauseState } from './reading.ts'
import { actorOf } from './actor.ts'
import { readListItem } from './list-item.ts'

const PROGRAM = [
  'system',
  'app',
  'application',
  'api',
  'backend',
  'platform',
  'website',
  'software',
  'program',
  'tool',
]

/** `each product has a name, price and SKU`, and the following chunks of the list. */
export const readHas: ChunkReader = (list, at, state, reading) => {
  const { tokens, before } = list[at]!
  // `courses made of lessons`
  const whole = state.acted ?? state.subject
  if (before === 'parts' && whole !== null) {
    Object.assign(state, { subject: whole, acted: null, list: 'has' })
    return readListItem(tokens, list, at, state, reading, false)
  }
  if (before === 'with' && state.acted !== null) {
    const to = readPhrase(tokens)
    // `publish events with title and date`: fields of what is published.
    const name = to === null ? '' : (nameOf(to) ?? '')
    const isBare =
      to !== null &&
      !to.plural &&
      !PEOPLE.has(name) &&
      (to.quantity === 'none' || (templateOf(name) === null && !isPerson({ name })))
    if (
      to === null ||
      isBare ||
      looksLikeField(to.text) ||
      isWord(to.tokens.at(-1), 'comment', 'reason', 'note')
    ) {
      const subject = state.acted
      Object.assign(state, { subject, acted: null })
      const took = readListItem(tokens, list, at, state, reading, false)
      if (took > 0) state.list = 'has'
      return took
    }
    add(reading, { kind: 'relation', shape: 'belongsTo', from: state.acted, to, stated: false }, tokens)
    return 1
  }
  const described = before === 'with' ? recordsBefore(list, at, state) : null
  if (described !== null) {
    const outer = state.subject
    if (!state.nested) state.outer = outer
    state.isLoose = state.list === 'none'
    if (state.isLoose) {
      add(reading, { kind: 'entity', phrase: described, listed: true }, described.tokens)
      if (outer !== null)
        add(
          reading,
          {
            kind: 'relation',
            shape: 'belongsTo',
            from: described,
            to: outer,
            optional: true,
            stated: false,
            weak: true,
          },
          [],
        )
    }
    Object.assign(state, { subject: described, list: 'has', nested: true })
    return readListItem(tokens, list, at, state, reading, false)
  }
  const verb = tokens.findIndex(
    (token, i) =>
      HAS_VERBS.has(token.lower) &&
      token.kind === 'word' &&
      !token.quoted &&
      !(i > 0 && isWord(tokens[i - 1], 'to')) &&
      // `has been closed`, `have to arrive`: no possession.
      !isWord(
        tokens[i + 1],
        'to',
        'been',
        'become',
        'had',
        'gone',
        'come',
        'done',
        'not',
        'never',
        'already',
        'hardly',
        'risen',
        'grown',
      ),
  )
  if (verb >= 0) {
    const head = tokens.slice(0, verb)
    const actor = actorOf(head)
    // `We have doctors and patients` is about the program.
    // `The system stores tickets` is about the program as well.
    const isProgram =
      isWord(actor.at(-1), ...PROGRAM) && actor.slice(0, -1).every(({ lower }) => DETERMINERS.has(lower))
    const isUs = isProgram || (actor.length === 1 && isWord(actor[0], 'we', 'i', 'it', 'there', 'they'))
    if (isUs) state.list = 'app'
    // `I have a small bakery` is not an entity.
    if (isUs && !tokens.slice(verb + 1).some((token) => isPlural(token.lower) || token.kind === 'group')) {
      const one = list[at + 1]?.before === 'with' ? readPhrase(tokens.slice(verb + 1)) : null
      // `we have product with name and price`
      if (one !== null && templateOf(nameOf(one) ?? '') !== null) {
        add(reading, { kind: 'entity', phrase: one }, tokens)
        Object.assign(state, { subject: one, list: 'none' })
        return 1
      }
      reading.coverage.read(tokens)
      return 1
    }
    // `has many measurements, which have a unit`: the measurements have it.
    const isRelative = actor.length === 1 && isWord(actor[0], 'which', 'that', 'who')
    const antecedent = before === 'where' || isRelative ? recordsBefore(list, at, state) : null
    const subject = isUs
      ? null
      : actor.length === 0 || isRelative
        ? (antecedent ?? state.subject)
        : readPhrase(actor)
    if (subject === null && actor.length > 0 && !isUs) return 0
    if (subject === null && state.list !== 'topics' && state.list !== 'app') return 0
    let rest = tokens.slice(verb + 1)
    if (isWord(rest[0], 'of')) rest = rest.slice(1)
    const must = head.some((token) => isWord(token, 'must')) || isWord(tokens[verb], 'requires', 'require')
    state.required = must
    state.subject = subject
    reading.coverage.read(tokens.slice(0, verb + 1))
    if (rest.length === 0) {
      state.list = 'has'
      return 1
    }
    const took = readListItem(rest, list, at, state, reading, subject === null)
    if (took === 0) {
      if (actor.length > 0) reading.coverage.unread(tokens)
      return 0
    }
    state.list = subject === null ? 'app' : 'has'
    return took
  }
  const record = state.lastItem?.phrase
  if (before === 'with' && state.list === 'app' && at > 0 && record !== undefined && isRecord(record)) {
    Object.assign(state, { subject: record, list: 'has', nested: true })
    return readListItem(tokens, list, at, state, reading, false)
  }
  if (state.nested && state.list === 'has' && (list[at + 1]?.before === 'with' || state.isLoose)) {
    const next = readPhrase(tokens)
    if (next !== null && isRecord(next))
      Object.assign(
        state,
        state.outer ? { subject: state.outer, list: 'has' } : { subject: null, list: 'app' },
      )
  }
  if (before === 'with' && (state.list === 'topics' || state.list === 'app' || state.subject !== null)) {
    const app = state.list === 'topics' || state.list === 'app' || state.subject === null
    const took = readListItem(tokens, list, at, state, reading, app)
    if (took > 0) state.list = app ? 'app' : 'has'
    return took
  }
  if (at === 0 && isRequest(tokens)) return 0
  const typed =
    state.list === 'none' &&
    state.subject !== null &&
    before !== 'start' &&
    before !== 'where' &&
    at > 0 &&
    tokens.some((token) => token.text === ':')
  if (typed) return readListItem(tokens, list, at, state, reading, false)
  if (state.list === 'has' || state.list === 'app' || state.list === 'entities') {
    if (before === 'where' || before === 'but') return 0
    return readListItem(tokens, list, at, state, reading, state.list !== 'has')
  }
  return 0
}

/** The rows that `with` or `which have` goes on about: `each hotel has rooms with a number`. */
function recordsBefore(list: Parameters<ChunkReader>[0], at: number, state: ClauseState): Phrase | null {
  if (at === 0 || (state.list !== 'has' && state.list !== 'none') || state.subject === null) return null
  if (isWord(list[at]!.tokens[0], 'without', 'no')) return null
  const { tokens } = list[at - 1]!
  const verb = tokens.findIndex((token) => HAS_VERBS.has(token.lower))
  const phrase = readPhrase(tokens.slice(verb + 1))
  const isNew = phrase !== null && nameOf(phrase) !== nameOf(state.subject)
  return isNew && isRecord(phrase) && namesRecords(phrase) ? phrase : null
}

/** `users to rate recipes`: a bullet that says who does what. */
export const isRequest = (tokens: readonly Token[]): boolean =>
  tokens.some(
    (token, at) =>
      at > 0 &&
      (MODALS.has(token.lower) || (isWord(token, 'to') && isPlural(tokens[at - 1]!.text))) &&
      isWord(tokens[at + 1], ...ACTS),
  )

/** A plural that names rows and no field. */
const isRecord = ({ text, plural }: Phrase): boolean => plural && !looksLikeField(text)
