import { APPLIED_FOR, isStaff, recordOfVerb, WITH_PREPOSITION } from '../lexicon/acts.ts'
import { ACTS, MODALS } from '../lexicon/words.ts'
import { RESERVED } from '../assemble/relation-words.ts'
import { matchAt, findMatch } from '../text/match.ts'
import { isWord, type Token } from '../text/tokens.ts'
import type { Phrase } from './facts.ts'
import { nameOf, readPhrase } from './phrase.ts'
import { isRecording, placesIn, relatePlaces } from './places.ts'
import { add, type ChunkReader } from './reading.ts'
import { readStaffAct } from './staff-act.ts'

const OWNING = new Set(
  'create creates add adds write writes post posts publish publishes place places submit submits make makes own owns upload uploads send sends leave leaves share shares save saves record records log logs teach teaches host hosts sell sells file files report reports raise raises give gives award awards issue issues enter enters'.split(
    ' ',
  ),
)

/** `customers can place orders`, `lets teachers create courses`: an actor, a verb and an object. */
export const readActorVerb: ChunkReader = (list, at, state, reading) => {
  const lead = matchAt(list[at]!.tokens, 0, 'lets|allows|allow|enables|allowing|letting|so')
  const tokens = list[at]!.tokens.slice(lead)
  const verbAt = tokens.findIndex(
    (token, i) =>
      isWord(token, ...ACTS) &&
      (i > 0 || state.subject !== null) &&
      // `each car has a make`: a noun.
      !isWord(tokens[i - 1], 'a', 'an', 'the', 'of'),
  )
  if (verbAt < 0) return 0
  const head = tokens.slice(0, verbAt)
  // `sellers cannot bid on their own items`: a rule, and nothing that leaves a record.
  if (head.some((token) => isWord(token, 'cannot', 'not', 'never', "can't", "mustn't"))) return 0
  const modal = head.some((token) => MODALS.has(token.lower) || isWord(token, 'to', 'able'))
  const bare = head.filter((token) => !MODALS.has(token.lower) && !isWord(token, 'to', 'be', 'able', 'also'))
  const actor = bare.length === 0 ? state.subject : readPhrase(bare)
  if (
    actor === null ||
    (!modal && lead === 0 && !actor.plural && actor.quantity === 'none' && bare.length > 0)
  )
    return 0
  let end = at
  let objectTokens = tokens.slice(verbAt + 1)
  const verbs = [tokens[verbAt]!]
  while (objectTokens.length === 0 && end + 1 < list.length && isWord(list[end + 1]!.tokens[0], ...ACTS)) {
    end++
    verbs.push(list[end]!.tokens[0]!)
    objectTokens = list[end]!.tokens.slice(1)
  }
  const verb = verbs.find((token) => OWNING.has(token.lower)) ?? verbs[0]!
  const preposition = WITH_PREPOSITION.get(verb.lower)
  if (preposition !== undefined && !isWord(objectTokens[0], ...preposition)) return 0
  if (isWord(verb, 'apply', 'applies') && !isWord(objectTokens.at(-1), ...APPLIED_FOR)) return 0
  if (preposition !== undefined) objectTokens = objectTokens.slice(1)
  const stop = findMatch(objectTokens, 'for|of|on|to|from|in|by|at|about|into')
  const object = readPhrase(stop === null ? objectTokens : objectTokens.slice(0, stop.at))
  if (object === null || (object.quantity === 'none' && !object.plural && bare.length > 0 && !modal)) return 0
  const covered = list.slice(at, end + 1).flatMap((chunk) => chunk.tokens)
  const place = stop === null ? [] : objectTokens.slice(stop.at)
  const restricts = tokens.some((token) => isWord(token, 'only'))
  const isByStaff = isStaff(actor.text)
  const taken =
    isByStaff && !restricts ? readStaffAct({ actor, verbs, object, covered, list, end }, reading) : null
  // `share a note with another user`: rows of others are neither a field nor a relation.
  const isShared =
    isWord(verb, 'share', 'shares', 'send', 'sends') && (stop !== null || list[end + 1]?.before === 'with')
  const more = isShared && list[end + 1]?.before === 'with' ? 1 : 0
  // A Blueprint cannot express this restriction: the nouns count, the rule is reported.
  const isBuilt = !restricts && !isShared && !isByStaff
  const range = isWord(verb, 'rate', 'rates') ? rangeOf(place) : null
  if (taken === null)
    add(
      reading,
      {
        kind: 'act',
        actor,
        verb: verb.lower,
        ...(preposition !== undefined && { preposition: tokens[verbAt + 1]!.lower }),
        object,
        own: OWNING.has(verb.lower) && isBuilt,
        ...(range !== null && { range }),
        tokens: covered,
      },
      isBuilt ? covered : [],
    )
  // `add tasks to a project`: a relation if both turn out to be entities.
  const related =
    place.length > 0 && range === null && (isBuilt || taken !== null)
      ? relatePlaces(object, placesIn(place), isRecording(verb.lower), list, end + 1, reading)
      : 0
  if (place.length > 0 && range === null && !isBuilt && taken === null) reading.coverage.unread(place)
  state.subject = actor
  state.acted = isShared ? null : whatIsMade(verb, object)
  state.list = 'none'
  return end - at + 1 + more + (taken ?? 0) + related
}

/** What `with` goes on about: the application where candidates apply to jobs, else the object. */
function whatIsMade(verb: Token, object: Phrase): Phrase {
  const record = recordOfVerb(verb.lower)
  if (record === undefined || RESERVED.has(nameOf(object) ?? '')) return object
  return { tokens: [verb], text: record.toLowerCase(), plural: false, quantity: 'one' }
}

/** `from 1 to 5`. */
function rangeOf(place: readonly Token[]): [number, number] | null {
  const numbers = place.filter(({ kind }) => kind === 'number').map(({ text }) => Number(text))
  const [min, max] = numbers
  const isRange =
    numbers.length === 2 && place.every((token) => token.kind === 'number' || RANGE.has(token.lower))
  return isRange && Number.isInteger(min) && Number.isInteger(max) && min! < max! ? [min!, max!] : null
}

const RANGE = new Set(['from', 'to', 'on', 'a', 'scale', 'of', 'stars', '-', '–', 'with', 'between', 'and'])
