import { APPLIED_FOR } from '../lexicon/acts.ts'
import { findMatch, findAnyMatch } from '../text/match.ts'
import { isWord, type Token } from '../text/tokens.ts'
import type { Item, Phrase } from './facts.ts'
import { readItem } from './item.ts'
import { looksLikeField } from '../lexicon/field-types.ts'
import { templateOf } from '../domains/index.ts'
import { nameOf, readPhrase } from './phrase.ts'
import { placesIn, relatePlaces } from './places.ts'
import { add, type ChunkReader } from './reading.ts'
import { BELONGS, MANY_TO_MANY_VERBS, REPLY, isWeak } from './relation-verbs.ts'
import { actorOf } from './actor.ts'

/** `each order belongs to a customer`, `assigned to a user`, `students enroll in courses`. */
export const readRelation: ChunkReader = (list, at, state, reading) => {
  const { tokens } = list[at]!
  const reply = findAnyMatch(tokens, REPLY)
  if (reply !== null) {
    const subject = readPhrase(actorOf(tokens.slice(0, reply.at))) ?? (reply.at === 0 ? state.subject : null)
    if (subject !== null && !(reply.pattern === 'be? nested' && tokens.length > reply.at + reply.take)) {
      add(reading, { kind: 'selfReference', subject, role: 'parent' }, tokens)
      return 1
    }
  }
  const many = findAnyMatch(tokens, MANY_TO_MANY_VERBS)
  // `candidates apply to jobs` leaves applications behind.
  const applies = many?.pattern.startsWith('apply') === true && isWord(tokens.at(-1), ...APPLIED_FOR)
  if (many !== null && !applies) {
    const from = readPhrase(actorOf(tokens.slice(0, many.at))) ?? (many.at === 0 ? state.subject : null)
    const to = readPhrase(tokens.slice(many.at + many.take))
    const isShared = many.pattern.includes('tagged')
    if (
      from !== null &&
      to !== null &&
      !(isShared && to.quantity === 'one') &&
      (to.plural || to.quantity !== 'one')
    ) {
      add(reading, { kind: 'relation', shape: 'manyToMany', from, to, stated: false }, tokens)
      return 1
    }
  }
  for (const [pattern, role, optional] of BELONGS) {
    const place = findMatch(tokens, pattern)
    if (place === null || isWord(tokens[place.at + place.take], 'be')) continue
    const before = tokens.slice(0, place.at)
    const may =
      before.some((token) => isWord(token, 'can', 'may', 'optionally', 'might')) ||
      (before.length === 0 && false)
    const actor = actorOf(before)
    const isBack =
      actor.length === 0 || (actor.length === 1 && isWord(actor[0], 'they', 'it', 'these', 'each'))
    const from = readPhrase(actor) ?? (isBack ? state.subject : null)
    const group = tokens.at(-1)?.kind === 'group' ? tokens.at(-1)! : null
    const object = tokens.slice(place.at + place.take, group === null ? undefined : -1)
    const details = group === null || from === null ? [] : detailsOf(from, group)
    // `a grade is for a student in a class`
    const further = object.findIndex((token, i) => i > 1 && isWord(token, 'in', 'for', 'on'))
    const first = further < 0 ? object : object.slice(0, further)
    const to = group !== null && details.length < 2 ? null : readPhrase(first)
    if (further > 0 && (from === null || to?.quantity !== 'one')) continue
    if (to === null || (from === null && !isBack)) continue
    if (isWeak(pattern) && (from === null || to.quantity === 'none')) continue
    const fact = {
      kind: 'relation',
      shape: to.quantity === 'many' ? 'manyToMany' : 'belongsTo',
      from,
      to,
      stated: true,
    } as const
    add(reading, { ...fact, ...(role && { role }), ...((optional || may) && { optional: true }) }, tokens)
    if (further > 0) relatePlaces(from!, placesIn(object.slice(further)), false, list, at + 1, reading)
    for (const item of details) add(reading, { kind: 'has', subject: from, item, app: false }, item.tokens)
    state.subject = from ?? state.subject
    state.list = 'belongsTo'
    delete state.role
    state.optional = may
    return 1
  }
  if (state.list === 'belongsTo' && list[at]!.before !== 'where') {
    const to = readPhrase(isWord(tokens[0], 'to') ? tokens.slice(1) : tokens)
    if (
      to !== null &&
      to.quantity !== 'none' &&
      (to.plural || !looksLikeField(to.text) || templateOf(nameOf(to) ?? '') !== null)
    ) {
      add(
        reading,
        {
          kind: 'relation',
          shape: 'belongsTo',
          from: state.subject,
          to,
          stated: true,
          ...(state.optional && { optional: true }),
        },
        tokens,
      )
      return 1
    }
  }
  return 0
}

/** `lessons belong to a course (title, order)`: fields of the lessons. */
const detailsOf = (from: Phrase, group: Token): readonly Item[] =>
  readItem([...from.tokens, group], [])?.item.details ?? []
