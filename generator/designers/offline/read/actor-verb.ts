import { isPlural, plural } from '../../../blueprint/words.ts'
import { isGenericActor } from '../assemble/classify-noun.ts'
import { PERSONS } from '../assemble/privacy.ts'
import { typeFromName } from '../lexicon/field-types.ts'
import { VERBS } from '../lexicon/verbs.ts'
import { APPLIED_FOR, isStaff, recordOfVerb, WITH_PREPOSITION } from '../lexicon/acts.ts'
import { ACTS, MODALS } from '../lexicon/words.ts'
import { isPerson as isPersonName, RESERVED } from '../assemble/relation-words.ts'
import { matchAt, findMatch } from '../text/match.ts'
import { isWord, type Token } from '../text/tokens.ts'
import type { Phrase } from './facts.ts'
import { nameOf, readPhrase } from './phrase.ts'
import { isRecording, placesIn, relatePlaces } from './places.ts'
import { readItem } from './item.ts'
import { add, type ChunkReader, type Reading } from './reading.ts'
import { verbOfClause } from './statement.ts'
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
  const known = tokens.findIndex(
    (token, i) =>
      isWord(token, ...ACTS) &&
      (i > 0 || state.subject !== null) &&
      // `each car has a make`: a noun.
      !isWord(tokens[i - 1], 'a', 'an', 'the', 'of'),
  )
  const other = verbOfClause(tokens)
  const isOther = other > 0 && (known < 0 || other < known) && !MODALS.has(tokens[other]!.lower)
  const verbAt = isOther ? other : known
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
  // `managers approve or reject requests`
  if (isWord(objectTokens[0], 'or') && VERBS.has(objectTokens[1]?.lower ?? ''))
    objectTokens = objectTokens.slice(2)
  const group = objectTokens.at(-1)?.kind === 'group' ? objectTokens.at(-1)! : null
  if (group !== null) objectTokens = objectTokens.slice(0, -1)
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
  if (
    object === null ||
    (object.quantity === 'none' && !object.plural && !isMass(object) && bare.length > 0 && !modal)
  )
    return 0
  const said = list.slice(at, end + 1).flatMap((chunk) => chunk.tokens)
  const covered = isOther ? [...actor.tokens, ...object.tokens] : said
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
        ...(isOther && { weak: true as const }),
        ...(range !== null && { range }),
        tokens: covered,
      },
      isBuilt ? covered : [],
    )
  describe(object, group, reading)
  const made = whatIsMade(verb, object)
  const period = isBuilt
    ? readPeriod(place, made === object && !isPerson(actor) ? actor : made, reading)
    : false
  // `add tasks to a project`: a relation if both turn out to be entities.
  const related =
    place.length > 0 && range === null && !period && (isBuilt || taken !== null)
      ? relatePlaces(
          made,
          placesIn(place),
          made !== object || isRecording(verb.lower),
          list,
          end + 1,
          reading,
        )
      : 0
  if (place.length > 0 && range === null && !isBuilt && taken === null) reading.coverage.unread(place)
  state.subject = actor
  state.acted = isShared ? null : made
  state.list = 'none'
  return end - at + 1 + more + (taken ?? 0) + related
}

/** `equipment`, which has no plural. */
const isMass = ({ text }: Phrase): boolean => plural(text) === text && !isPlural(text)

const isPerson = (phrase: Phrase): boolean =>
  isGenericActor(phrase) || isPersonName({ name: nameOf(phrase) ?? '' }) || PERSONS.has(nameOf(phrase) ?? '')

/** `members log runs (distance, date)` */
function describe(object: Phrase, group: Token | null, reading: Reading): void {
  if (group === null) return
  const made = readItem([...object.tokens, group], [])
  reading.coverage.unread([group])
  for (const item of made?.item.details ?? [])
    add(reading, { kind: 'has', subject: object, item, app: false }, item.tokens)
}

/** `from a start date to an end date`: two fields of what is made. */
function readPeriod(place: readonly Token[], subject: Phrase, reading: Reading): boolean {
  const to = place.findIndex((token) => isWord(token, 'to', 'until', 'till'))
  if (!isWord(place[0], 'from') || to < 2) return false
  const ends = [place.slice(1, to), place.slice(to + 1)].map((tokens) => readItem(tokens, []))
  if (ends.some((end) => end === null || !typeFromName(end.item.phrase.text).type.kind.startsWith('date')))
    return false
  for (const end of ends) add(reading, { kind: 'has', subject, item: end!.item, app: false }, [])
  reading.coverage.read(place)
  return true
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
