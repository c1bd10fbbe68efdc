import { APP_FRAME, APP_NOUNS, APP_VERBS, MODALS, PROGRAMS } from '../lexicon/words.ts'
import { isMark, isWord, type Token } from '../text/tokens.ts'
import { looksLikeField } from '../lexicon/field-types.ts'
import { matchTopic, templateOf } from '../domains/index.ts'
import { readItem } from './item.ts'
import { nameOf, readPhrase } from './phrase.ts'
import { isReplaced } from './tech.ts'
import { add, type ChunkReader, type Reading } from './reading.ts'
import type { Fact } from './facts.ts'

/**
 * What the backend is for: `Create a REST API for a todo app`, `API for managing books and authors`,
 * `a job board`. The frame around the topic is taken off; what is left has to be a name.
 */
export const readTopic: ChunkReader = (list, at, state, reading) => {
  const { tokens, before } = list[at]!
  if (state.list === 'topics' && (before === ',' || before === 'and')) {
    const rest = withoutFrame(tokens)
    const phrase = readPhrase(rest)
    // `bookmarks api, url required, title`: the list has gone over to fields.
    if (
      phrase === null ||
      (looksLikeField(phrase.text) && !(phrase.plural && templateOf(nameOf(phrase) ?? '') !== null))
    ) {
      state.list = 'app'
      return 0
    }
    if (phrase !== null && (!tokens.some((token) => isWord(token, ...APP_VERBS)) || at > 0)) {
      add(reading, { kind: 'topic', phrase, app: false }, tokens)
      state.lastItem = null
      return 1
    }
    return 0
  }
  if (
    (state.list === 'has' || state.list === 'app') &&
    !(tokens.length > 2 && isWord(tokens[0], ...APP_VERBS))
  )
    return 0
  if (!isFrame(tokens) && !(at === 0 && bareTopic(tokens))) return 0
  const { app, rest } = splitApp(tokens)
  let found = false
  for (const [part, isApp] of [
    [app, true],
    [rest, false],
  ] as const) {
    // `readings from sensors`: both are nouns of the topic.
    const cut = part.findIndex((token, i) => i > 0 && isWord(token, 'from', 'per', 'by', 'across'))
    const pieces = cut < 0 ? [part] : [part.slice(cut + 1), part.slice(0, cut)]
    const phrases = pieces
      .map((piece) => readPhrase(withoutFrame(piece)))
      .filter((phrase) => phrase !== null && (cut < 0 || phrase.plural))
    for (const phrase of phrases) {
      add(reading, { kind: 'topic', phrase: phrase!, app: isApp && hasAppNoun(part) }, phrase!.tokens)
      found = true
    }
    const group = part.at(-1)
    const described =
      group?.kind === 'group' ? readItem([...(phrases.at(-1)?.tokens ?? []), group], []) : null
    if (described !== null && described.item.details.length > 0) {
      described.item.details.forEach((item) =>
        add(reading, { kind: 'has', subject: phrases.at(-1)!, item, app: false }, item.tokens),
      )
      reading.coverage.unread(described.unread)
    }
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
  return 1
}

/** `create …`, `… api`, `… app for …`. */
function isFrame(tokens: readonly Token[]): boolean {
  const lead = tokens.findIndex(
    (token) =>
      !isWord(
        token,
        'please',
        'can',
        'could',
        'you',
        'i',
        'we',
        'want',
        'would',
        'like',
        'to',
        'need',
        'lets',
        "let's",
        'hi',
        'hello',
        'hey',
        'just',
        'us',
        'me',
        'help',
        "i'd",
      ),
  )
  if (
    isWord(tokens[lead], ...APP_VERBS) ||
    (lead > 0 && tokens.slice(0, lead).some((token) => isWord(token, 'want', 'need', 'like')))
  ) {
    return withoutFrame(tokens).length < tokens.length
  }
  if (tokens.length > 1 && PROGRAMS.has(tokens.at(-1)!.lower)) return true
  return tokens.some((token, at) => {
    if (!isWord(token, ...APP_NOUNS)) return false
    const next = tokens[at + 1]
    return (
      next === undefined ||
      isMark(next, '.', ':', '-') ||
      isWord(next, 'for', 'to', 'in', 'using', 'on', 'of', 'about', 'where')
    )
  })
}

/** A prompt of a few words, such as `books` or `url shortener`. */
function bareTopic(tokens: readonly Token[]): boolean {
  const rest = withoutFrame(tokens)
  const phrase = readPhrase(rest)
  const isStatement = tokens.some((token, at) => MODALS.has(token.lower) && (at > 0 || token.lower !== 'can'))
  return (
    !isStatement &&
    phrase !== null &&
    rest.length <= 3 &&
    (matchTopic(phrase.text) !== null || (phrase.plural && tokens.length <= 4))
  )
}

/** `a todo app | for my family`: the program's own name, and what it is for. */
function splitApp(tokens: readonly Token[]): { app: readonly Token[]; rest: readonly Token[] } {
  const cut = tokens.findIndex(
    (token, at) =>
      isWord(token, 'for', 'to', 'about', 'of', 'manages', 'managing', 'stores', 'tracks', 'handles') &&
      at > 0 &&
      tokens.slice(0, at).some((word) => isWord(word, ...APP_NOUNS)),
  )
  return cut < 0 ? { app: tokens, rest: [] } : { app: tokens.slice(0, cut), rest: tokens.slice(cut) }
}

function hasAppNoun(tokens: readonly Token[]): boolean {
  return tokens.some((token) => isWord(token, ...APP_NOUNS))
}

export function withoutFrame(tokens: readonly Token[]): Token[] {
  const plain = tokens.filter((token) => token.kind === 'word' || token.kind === 'number')
  const isTopic = (from: number, to: number) =>
    matchTopic(
      plain
        .slice(from, to)
        .map((token) => token.text)
        .join(' '),
    ) !== null
  const keep = new Set<number>()
  // A known topic keeps its words even where one of them is a frame word (`expense tracker`).
  for (let from = 0; from < Math.min(plain.length, 40); from++) {
    for (const size of [3, 2, 1]) {
      if (
        from + size > plain.length ||
        (size === 1 && APP_FRAME.has(plain[from]!.lower)) ||
        !isTopic(from, from + size)
      )
        continue
      if (
        plain
          .slice(from, from + size)
          .every((token) => APP_FRAME.has(token.lower) || APP_NOUNS.has(token.lower))
      )
        continue
      for (let at = from; at < from + size; at++) keep.add(at)
      break
    }
  }
  return plain.filter(
    (token, at) =>
      keep.has(at) ||
      token.quoted ||
      !(
        APP_FRAME.has(token.lower) ||
        APP_NOUNS.has(token.lower) ||
        isLeadVerb(plain, at) ||
        isReplaced(token) ||
        isTypo(token.lower)
      ),
  )
}

function isLeadVerb(plain: readonly Token[], at: number): boolean {
  return (
    APP_VERBS.has(plain[at]!.lower) &&
    plain.slice(0, at).every((token) => APP_FRAME.has(token.lower) || APP_VERBS.has(token.lower))
  )
}

/** Whether a fact holds a noun that may become an entity. */
export function namesSomething(fact: Fact): boolean {
  return !['note', 'auth', 'prefix', 'operations', 'project', 'constraint'].includes(fact.kind)
}

/** A sentence that no rule could take apart may still name a known topic: `something like a kanban board, as an API`. */
export function readKnownTopic(reading: Reading): void {
  const rows = reading.rows.filter((row) => row.some((token) => isWord(token, ...APP_NOUNS, ...APP_VERBS)))
  for (const row of rows) {
    const words = row.filter((token) => token.kind === 'word').slice(0, 200)
    for (const size of [3, 2, 1]) {
      for (let at = 0; at + size <= words.length; at++) {
        const tokens = words.slice(at, at + size)
        const phrase = readPhrase(tokens)
        if (phrase === null || matchTopic(phrase.text) === null) continue
        add(reading, { kind: 'topic', phrase, app: true }, tokens)
        return
      }
    }
  }
}

const OFTEN_MISTYPED = [
  'managing',
  'manage',
  'creating',
  'create',
  'tracking',
  'building',
  'application',
  'backend',
  'database',
]

/** One letter too few, too many, wrong or swapped: `manging`, `mangae`. */
function isTypo(word: string): boolean {
  return (
    word.length >= 5 &&
    OFTEN_MISTYPED.some(
      (right) => right !== word && Math.abs(right.length - word.length) <= 1 && isNear(word, right),
    )
  )
}

function isNear(a: string, b: string): boolean {
  let start = 0
  while (start < a.length && a[start] === b[start]) start++
  let end = 0
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end++
  const [left, right] = [a.slice(start, a.length - end), b.slice(start, b.length - end)]
  return (
    (left.length <= 1 && right.length <= 1) ||
    (left.length === 2 && left[0] === right[1] && left[1] === right[0])
  )
}
