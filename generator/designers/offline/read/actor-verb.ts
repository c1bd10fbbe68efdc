import { ACTS, MODALS } from '../lexicon/words.ts'
import { matchAt, findMatch } from '../text/match.ts'
import { isWord } from '../text/tokens.ts'
import { readPhrase } from './phrase.ts'
import { add, type ChunkReader } from './reading.ts'

const OWNING = new Set(
  'create creates add adds write writes post posts publish publishes place places submit submits make makes own owns upload uploads send sends leave leaves share shares save saves record records log logs teach teaches host hosts sell sells'.split(
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
  const stop = findMatch(objectTokens, 'for|on|to|from|in|by|at|about|into')
  const object = readPhrase(stop === null ? objectTokens : objectTokens.slice(0, stop.at))
  if (object === null || (object.quantity === 'none' && !object.plural && bare.length > 0 && !modal)) return 0
  const verb = verbs.find((token) => OWNING.has(token.lower)) ?? verbs[0]!
  const covered = list.slice(at, end + 1).flatMap((chunk) => chunk.tokens)
  // A Blueprint cannot express this restriction: the nouns count, the rule is reported.
  const privileged =
    tokens.some((token) => isWord(token, 'only')) ||
    /^(admin|administrator|moderator|superuser|editor|manager)s?$/i.test(actor.text)
  // `share a note with another user`: rows of others are neither a field nor a relation.
  const isShared =
    isWord(verb, 'share', 'shares', 'send', 'sends') && (stop !== null || list[end + 1]?.before === 'with')
  const more = isShared && list[end + 1]?.before === 'with' ? 1 : 0
  const isBuilt = !privileged && !isShared
  add(
    reading,
    {
      kind: 'act',
      actor,
      verb: verb.lower,
      object,
      own: OWNING.has(verb.lower) && isBuilt,
      tokens: covered,
    },
    isBuilt ? covered : [],
  )
  if (stop !== null) {
    const place = objectTokens.slice(stop.at)
    // `add tasks to a project`: a relation if both turn out to be entities.
    const to = isBuilt && isWord(place[0], 'to', 'in', 'into', 'on') ? readPhrase(place.slice(1)) : null
    if (to === null || (to.quantity === 'none' && !to.plural)) reading.coverage.unread(place)
    else
      add(
        reading,
        { kind: 'relation', shape: 'belongsTo', from: object, to, optional: true, stated: false, weak: true },
        place,
      )
  }
  state.subject = actor
  state.acted = isShared ? null : object
  state.list = 'none'
  return end - at + 1 + more
}
