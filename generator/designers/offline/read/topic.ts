import { singular } from '../../../blueprint/words.ts'
import { APP_FRAME, APP_NOUNS, APP_VERBS } from '../lexicon/words.ts'
import { isMark, isWord, type Token } from '../text/tokens.ts'
import { looksLikeField } from '../lexicon/field-types.ts'
import { matchTopic, templateOf } from '../domains/index.ts'
import { readItem } from './item.ts'
import { nameOf, readPhrase } from './phrase.ts'
import type { Phrase } from './facts.ts'
import { add, type ChunkReader, type ClauseState, type Reading } from './reading.ts'
import { isFrame, bareTopic, splitApp, hasAppNoun, withoutFrame } from './topic-frame.ts'
import { isTypo } from './typo.ts'

/**
 * The topic of the backend: `Create a REST API for a todo app`, `API for managing books and authors`,
 * `a job board`. The frame around the topic is removed; the rest must be a name.
 */
export const readTopic: ChunkReader = (list, at, state, reading) => {
  const { tokens, before } = list[at]!
  if (state.list === 'topics' && (before === ',' || before === 'and')) {
    const rest = withoutFrame(tokens)
    // `emails me`
    const phrase = tokens.some((token, i) => i > 0 && isWord(token, 'me', 'us', 'you', 'it'))
      ? null
      : readPhrase(rest)
    // `bookmarks api, url required, title`: the list continues with fields.
    if (
      phrase === null ||
      (looksLikeField(phrase.text) && !(phrase.plural && templateOf(nameOf(phrase) ?? '') !== null))
    ) {
      state.list = 'app'
      return 0
    }
    if (phrase !== null && (!tokens.some((token) => isWord(token, ...APP_VERBS)) || at > 0)) {
      add(reading, { kind: 'topic', phrase, app: false }, tokens)
      describeInBrackets(phrase, tokens.at(-1), reading)
      state.lastItem = null
      if (phrase.plural && list[at + 1]?.before === 'with') describe(state, phrase)
      return 1
    }
    return 0
  }
  if (
    (state.list === 'has' || state.list === 'app') &&
    !(tokens.length > 2 && isWord(tokens[0], ...APP_VERBS))
  )
    return 0
  if (
    !isFrame(tokens) &&
    !(at === 0 && bareTopic(tokens) && (tokens.length < 3 || list[1]?.before !== 'where'))
  )
    return 0
  const said = afterDash(tokens)
  reading.coverage.read(tokens.slice(0, tokens.length - said.length))
  const { app, rest } = splitApp(said)
  let found = false
  for (const [part, isApp] of [
    [app, true],
    [rest, false],
  ] as const) {
    // `readings from sensors`: both are nouns of the topic.
    const cut = part.findIndex((token, i) => i > 0 && isWord(token, 'from', 'per', 'by', 'across'))
    const pieces = cut < 0 ? [part] : [part.slice(cut + 1), part.slice(0, cut)]
    const read = pieces.map((piece) => topicOf(piece, reading))
    // `feedback from kiosk devices`: what is stored comes first.
    const isAlone = cut > 0 && read[1] !== null && !read[1]!.plural
    const phrases = isAlone
      ? [read[1]!]
      : read.filter((phrase) => phrase !== null && (cut < 0 || phrase.plural))
    for (const phrase of phrases) {
      add(reading, { kind: 'topic', phrase: phrase!, app: isApp && hasAppNoun(part) }, phrase!.tokens)
      found = true
    }
    if (phrases.at(-1)) describeInBrackets(phrases.at(-1)!, part.at(-1), reading)
    if (phrases.length === 2)
      add(
        reading,
        { kind: 'relation', shape: 'belongsTo', from: phrases[1]!, to: phrases[0]!, stated: true },
        part,
      )
  }
  if (!found && withoutFrame(tokens).length > 0) return 0
  reading.coverage.read(
    tokens.filter(
      (token) =>
        APP_FRAME.has(token.lower) ||
        APP_NOUNS.has(token.lower) ||
        APP_VERBS.has(token.lower) ||
        isTypo(token.lower),
    ),
  )
  state.list = 'topics'
  state.subject = null
  const last = list[at + 1]?.before === 'with' ? readPhrase(withoutFrame(rest.length > 0 ? rest : app)) : null
  if (last?.plural && !hasAppNoun(rest.length > 0 ? rest : app)) describe(state, last)
  return 1
}

/** The words of a name stand next to each other: `an instagram for dogs` is about dogs. */
function nounIn(piece: readonly Token[], reading: Reading): Phrase | null {
  const kept = withoutFrame(piece)
  const groups: Token[][] = [[]]
  let last = -1
  for (const token of kept) {
    const at = piece.indexOf(token)
    const between = last < 0 ? [] : piece.slice(last + 1, at)
    if (between.some((word) => isWord(word, 'for', 'of', 'in', 'on', 'to'))) groups.push([])
    groups.at(-1)!.push(token)
    last = at
  }
  if (groups.length === 1) return readPhrase(kept)
  const phrases = groups
    .flatMap((group) => readPhrase(group) ?? [])
    .filter(({ text }) => !APP_NOUNS.has(singular(text.toLowerCase())))
  const known = phrases.find(({ text }) => matchTopic(text) !== null)
  if (phrases.length > 0) reading.coverage.read(kept)
  return known ?? phrases.find(({ plural }) => plural) ?? phrases[0] ?? null
}

/** `flashcards app - decks and cards`: the records follow the title. */
function afterDash(tokens: readonly Token[]): readonly Token[] {
  const rest = tokens.slice(tokens.findIndex((token, at) => at > 0 && isMark(token, '-')) + 1)
  return readPhrase(withoutFrame(rest))?.plural ? rest : tokens
}

/**
 * The noun of a topic. `For our football club` says who asks, which is no row, unless the business is known by its kind:
 * `for my uncle's restaurant`.
 */
function topicOf(piece: readonly Token[], reading: Reading): Phrase | null {
  const phrase = nounIn(piece, reading)
  // `something like goodreads`: what is not known says nothing.
  const before = phrase === null ? -1 : piece.indexOf(phrase.tokens[0]!) - 1
  if (phrase !== null && isWord(piece[before], 'like') && matchTopic(phrase.text) === null) return null
  const isOfWriter = piece.some(
    (token, at) => isWord(token, 'my', 'our', 'his', 'her') && isWord(piece[at - 1], 'for', 'of', 'in'),
  )
  if (phrase === null || !isOfWriter || phrase.plural || phrase.quantity !== 'none') return phrase
  for (let from = 0; from < phrase.tokens.length; from++) {
    const rest = readPhrase(phrase.tokens.slice(from))
    if (rest === null || matchTopic(rest.text) === null) continue
    reading.coverage.read(phrase.tokens)
    return rest
  }
  reading.coverage.read(piece)
  return null
}

/** `shifts (date, start time)`: fields of what is named. */
function describeInBrackets(subject: Phrase, group: Token | undefined, reading: Reading): void {
  if (group?.kind !== 'group') return
  const described = readItem([...subject.tokens, group], [])
  if (described === null || described.item.details.length === 0) return reading.coverage.unread([group])
  described.item.details.forEach((item) =>
    add(reading, { kind: 'has', subject, item, app: false }, item.tokens),
  )
  reading.coverage.unread(described.unread)
}

/** `vehicles with plate, make`: what follows is about the last noun. */
function describe(state: ClauseState, phrase: Phrase): void {
  state.list = 'none'
  state.subject = phrase
}
