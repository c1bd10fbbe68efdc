import { APP_NOUNS, BE_VERBS } from '../lexicon/words.ts'
import { matchAt } from '../text/match.ts'
import { isWord, type Token } from '../text/tokens.ts'
import type { Phrase } from './facts.ts'
import { readItem } from './item.ts'
import { readOnlyModifiers } from './only-modifiers.ts'
import { readPhrase } from './phrase.ts'
import { add, type ChunkReader } from './reading.ts'

/** `title is required`, `status can be draft or published`, `the name of a product must be unique`. */
export const readConstraint: ChunkReader = (list, at, state, reading) => {
  const onlyModifiers = readOnlyModifiers(list[at]!.tokens, false)
  if (
    onlyModifiers !== null &&
    state.lastItem !== null &&
    (list[at]!.tokens.length > 1 || list[at]!.before !== 'start')
  ) {
    const item = {
      ...state.lastItem,
      spec: onlyModifiers,
      details: [],
      maybe: false,
      tokens: list[at]!.tokens,
    }
    add(reading, { kind: 'constraint', subject: state.subject, item }, list[at]!.tokens)
    return 1
  }
  // `title and author are required`: the names are separate chunks.
  let main = at
  while (
    main < list.length - 1 &&
    main - at < 12 &&
    verbOf(list[main]!.tokens) === null &&
    readPhrase(list[main]!.tokens) !== null
  )
    main++
  // Names share a verb only if `and` precedes the last one.
  if (main > at && list[main]!.before !== 'and') return 0
  const { tokens } = list[main]!
  const verb = blankOf(tokens) ?? verbOf(tokens)
  if (
    verb === null ||
    (main > at && list[main]!.before === 'where') ||
    (verb.at === 0 && state.lastItem === null)
  )
    return 0
  const inList = state.list === 'has' || state.list === 'app'
  // `…, is favourite`: in a list of fields this is one more of them.
  if (
    verb.at === 0 &&
    inList &&
    list[main]!.before !== 'where' &&
    readOnlyModifiers(tokens.slice(verb.take)) === null
  )
    return 0
  // `status: a/b default a` is a list item with its own colon.
  if (tokens.slice(0, verb.at).some((token) => token.kind === 'mark' && token.text !== '-')) return 0
  const head = verb.at === 0 ? state.lastItem!.phrase.tokens : tokens.slice(0, verb.at)
  const spec = tokens.slice(verb.at + verb.take)
  const colon: Token = { kind: 'mark', text: ':', lower: ':', start: -1, end: -1, quoted: false, inner: [] }
  const names = [...list.slice(at, main).map((chunk) => chunk.tokens), head]
  // `The system must be available 24/7`, `Docker is a plus`: about no field.
  if (names.some((name) => name.some((token) => APP_NOUNS.has(token.lower)))) return 0
  if (
    isWord(spec[0], 'a', 'an') &&
    !isWord(tokens[verb.at + verb.take - 1], 'be', 'have') &&
    readOnlyModifiers(spec) === null
  )
    return 0
  let taken = 0
  for (const name of names) {
    const { field, subject } = splitOwner(name)
    const reading1 = readItem([...field, colon, ...spec], list.slice(main + 1))
    if (
      reading1 === null ||
      Object.keys(reading1.item.spec).every((key) => key === 'refers' || key === 'note')
    )
      return 0
    taken = reading1.taken
    add(reading, { kind: 'constraint', subject: subject ?? state.subject, item: reading1.item }, name)
    reading.coverage.read(tokens)
    reading.coverage.unread(reading1.unread)
    state.lastItem = reading1.item
  }
  list.slice(main + 1, main + 1 + taken).forEach((chunk) => reading.coverage.read(chunk.tokens))
  // `… which defaults to todo` only interrupts the list.
  if (verb.at > 0) state.list = 'none'
  return main - at + 1 + taken
}

/** `may be empty` at the end is a modifier, so its words stay; `can be empty or full` lists values. */
function blankOf(tokens: readonly Token[]): { at: number; take: number } | null {
  const at = tokens.length - 3
  return at >= 0 && matchAt(tokens, at, 'may|can be empty|blank') > 0 ? { at, take: 0 } : null
}

const BE = [
  'must|should|can|may|will|cannot|shall not? be',
  'has|have|needs|need to be',
  'is|are|be',
  'must|should|can|may|cannot not? have',
  'should|must|will default',
  'defaults|default',
  'ranges|range',
  "can't|cannot be",
]

function verbOf(tokens: readonly Token[]): { at: number; take: number } | null {
  for (let at = 0; at < tokens.length; at++) {
    if (
      !BE_VERBS.has(tokens[at]!.lower) &&
      !isWord(tokens[at], 'has', 'have', 'needs', 'need', 'ranges', 'range', "can't", 'shall')
    )
      continue
    // `must not be negative`: the negation is the modifier.
    if (matchAt(tokens, at, 'must|should|may|can|shall not be|exceed') > 0) return { at, take: 1 }
    const pattern = BE.find((words) => matchAt(tokens, at, words) > 0)
    if (pattern === undefined) continue
    // `cannot be empty` and `defaults to` are modifiers, so their words stay.
    if (isWord(tokens[at], 'defaults', 'default', 'cannot', "can't")) return { at, take: 0 }
    const take = matchAt(tokens, at, pattern)
    return {
      at,
      take: isWord(tokens[at + take - 1], 'default') ? take - 1 : isWord(tokens[at + 1], 'not') ? 1 : take,
    }
  }
  return null
}

/** `title of a book`, `a book's title` → the field and its entity. */
export function splitOwner(tokens: readonly Token[]): { field: readonly Token[]; subject: Phrase | null } {
  const of = tokens.findIndex((token, at) => at > 0 && isWord(token, 'of', 'for'))
  if (of > 0 && !isWord(tokens[of - 1], 'date', 'number', 'place', 'type', 'country')) {
    return { field: tokens.slice(0, of), subject: readPhrase(tokens.slice(of + 1)) }
  }
  const owner = tokens.findIndex((token) => token.kind === 'word' && /['’]s?$/.test(token.text))
  if (owner >= 0 && owner < tokens.length - 1) {
    const last = tokens[owner]!
    const bare = { ...last, text: last.text.replace(/['’]s?$/, ''), lower: last.lower.replace(/['’]s?$/, '') }
    return { field: tokens.slice(owner + 1), subject: readPhrase([...tokens.slice(0, owner), bare]) }
  }
  return { field: tokens, subject: null }
}
