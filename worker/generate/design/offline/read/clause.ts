import { matchTopic } from '../domains/index.ts'
import { looksLikeField } from '../lexicon/field-types.ts'
import { APP_NOUNS, BE_VERBS, HAS_VERBS, MODALS } from '../lexicon/words.ts'
import type { Chunk } from '../text/chunks.ts'
import { matchAt, seek } from '../text/seek.ts'
import { isWord, type Token } from '../text/tokens.ts'
import type { Phrase } from './facts.ts'
import { readItem, readOnlyModifiers } from './item.ts'
import { nameOf, readPhrase } from './phrase.ts'
import { add, type ChunkReader, type ClauseState, type Reading } from './reading.ts'
import { actorOf } from './relations.ts'

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
  // `title and author are required`: the names stand in chunks of their own.
  let main = at
  while (
    main < list.length - 1 &&
    main - at < 12 &&
    verbOf(list[main]!.tokens) === null &&
    readPhrase(list[main]!.tokens) !== null
  )
    main++
  // Names share a verb only where `and` joins the last of them to it.
  if (main > at && list[main]!.before !== 'and') return 0
  const { tokens } = list[main]!
  const verb = verbOf(tokens)
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
  // `status: a/b default a` is an item of a list, and its own colon has said so.
  if (tokens.slice(0, verb.at).some((token) => token.kind === 'mark' && token.text !== '-')) return 0
  const head = verb.at === 0 ? state.lastItem!.phrase.tokens : tokens.slice(0, verb.at)
  const spec = tokens.slice(verb.at + verb.take)
  const colon: Token = { kind: 'mark', text: ':', lower: ':', start: -1, end: -1, quoted: false, inner: [] }
  const names = [...list.slice(at, main).map((chunk) => chunk.tokens), head]
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
    // `must not be negative`: the refusal is the modifier.
    if (matchAt(tokens, at, 'must|should|may|can|shall not be|exceed') > 0) return { at, take: 1 }
    const pattern = BE.find((words) => matchAt(tokens, at, words) > 0)
    if (pattern === undefined) continue
    // `cannot be empty` and `defaults to` are modifiers themselves, so their words stay.
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

/** `each product has a name, price and SKU`, and the chunks of the list after it. */
export const readHas: ChunkReader = (list, at, state, reading) => {
  const { tokens, before } = list[at]!
  if (before === 'with' && state.acted !== null) {
    const to = readPhrase(tokens)
    if (to === null) return 0
    add(reading, { kind: 'relation', shape: 'belongsTo', from: state.acted, to, stated: false }, tokens)
    return 1
  }
  const verb = tokens.findIndex(
    (token, i) =>
      HAS_VERBS.has(token.lower) &&
      token.kind === 'word' &&
      !token.quoted &&
      !(i > 0 && isWord(tokens[i - 1], 'to')),
  )
  if (verb >= 0) {
    const head = tokens.slice(0, verb)
    const actor = actorOf(head)
    // `We have doctors and patients` is about the program.
    const isUs = actor.length === 1 && isWord(actor[0], 'we', 'i', 'it', 'there', 'they')
    if (isUs) state.list = 'app'
    const subject = isUs ? null : actor.length === 0 ? state.subject : readPhrase(actor)
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
  if (before === 'with' && (state.list === 'topics' || state.list === 'app' || state.subject !== null)) {
    const app = state.list === 'topics' || state.list === 'app' || state.subject === null
    const took = readListItem(tokens, list, at, state, reading, app)
    if (took > 0) state.list = app ? 'app' : 'has'
    return took
  }
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

/** A noun that stands alone with its fields: `Order items with product and quantity`, `Task (title, done)`. */
export const readDeclaration: ChunkReader = (list, at, state, reading) => {
  const { tokens } = list[at]!
  if (
    state.list !== 'none' ||
    (at > 0 && state.subject === null) ||
    tokens.some((token) => APP_NOUNS.has(token.lower))
  )
    return 0
  const group = tokens.findIndex((token) => token.kind === 'group')
  if (group < 0) {
    const phrase =
      at === 0 && list[1]?.before === 'with' && !isWord(list[1].tokens[0], 'without')
        ? readPhrase(tokens)
        : null
    if (phrase === null || (!phrase.plural && phrase.quantity === 'none' && !/^\p{Lu}/u.test(phrase.text)))
      return 0
    // `Blog with posts`: a blog is no record of its own.
    const domain = matchTopic(phrase.text)
    if (domain !== null && !domain.templates.has(nameOf(phrase) ?? '')) return 0
    add(reading, { kind: 'entity', phrase }, tokens)
    state.subject = phrase
    return 1
  }
  const phrase = group === tokens.length - 1 ? readPhrase(tokens.slice(0, group)) : null
  const made = phrase && readItem(tokens, [])
  if (!phrase || !made || made.item.details.length === 0 || made.item.spec.note !== undefined) return 0
  if (at > 0 && looksLikeField(phrase.text)) return 0
  add(reading, { kind: 'entity', phrase }, tokens)
  made.item.details.forEach((item) => add(reading, { kind: 'has', subject: phrase, item, app: false }, []))
  reading.coverage.unread(made.unread)
  state.subject = phrase
  return 1
}

/** One item of a `has` list, with the chunks that its values ran into. */
export function readListItem(
  tokens: readonly Token[],
  list: readonly Chunk[],
  at: number,
  state: ClauseState,
  reading: Reading,
  app: boolean,
): number {
  // `first and last name`
  const next = list[at + 1]
  if (
    tokens.length <= 2 &&
    isWord(tokens.at(-1), 'first') &&
    isWord(next?.tokens[0], 'last') &&
    isWord(next?.tokens[1], 'name', 'names')
  ) {
    const first = readItem([tokens.at(-1)!, next!.tokens[1]!], [])
    if (first) add(reading, { kind: 'has', subject: state.subject, item: first.item, app }, tokens)
    return first ? 1 : 0
  }
  const made = readItem(tokens, list.slice(at + 1))
  if (made === null) return 0
  // `status draft or published` in an entity list is no entity; the facts decide later.
  const taken = list.slice(at + 1, at + 1 + made.taken).flatMap((chunk) => chunk.tokens)
  const item = { ...made.item, tokens: [...tokens, ...taken] }
  if (state.list === 'entities') {
    add(reading, { kind: 'entity', phrase: item.phrase }, item.tokens)
    item.details.forEach((detail) =>
      add(reading, { kind: 'has', subject: item.phrase, item: detail, app: false }, []),
    )
  } else {
    add(
      reading,
      {
        kind: 'has',
        subject: app ? null : state.subject,
        item,
        app,
        ...(state.required && { required: true }),
      },
      item.tokens,
    )
  }
  reading.coverage.unread(made.unread)
  state.lastItem = item
  return 1 + made.taken
}

/** `customers can place orders`, `lets teachers create courses`: an actor, a verb, a thing. */
const ACTS =
  'create creates add adds write writes post posts publish publishes place places submit submits make makes own owns upload uploads send sends leave leaves share shares manage manages edit edits update updates delete deletes view views read reads list lists see browse borrow borrows book books order orders rent rents review reviews rate rates record records log logs save saves track tracks store stores organize take takes teach teaches host hosts sell sells buy buys'.split(
    ' ',
  )
const OWNING = new Set(
  'create creates add adds write writes post posts publish publishes place places submit submits make makes own owns upload uploads send sends leave leaves share shares save saves record records log logs teach teaches host hosts sell sells'.split(
    ' ',
  ),
)

export const readAct: ChunkReader = (list, at, state, reading) => {
  const lead = matchAt(list[at]!.tokens, 0, 'lets|allows|allow|enables|allowing|letting|so')
  const tokens = list[at]!.tokens.slice(lead)
  const verbAt = tokens.findIndex((token, i) => isWord(token, ...ACTS) && (i > 0 || state.subject !== null))
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
  const stop = seek(objectTokens, 'for|on|to|from|in|by|at|about|into')
  const object = readPhrase(stop === null ? objectTokens : objectTokens.slice(0, stop.at))
  if (object === null || (object.quantity === 'none' && !object.plural && bare.length > 0 && !modal)) return 0
  const verb = verbs.find((token) => OWNING.has(token.lower)) ?? verbs[0]!
  const covered = list.slice(at, end + 1).flatMap((chunk) => chunk.tokens)
  // What only some may do is a rule that a Blueprint cannot hold: the nouns count, the rule is reported.
  const privileged =
    tokens.some((token) => isWord(token, 'only')) ||
    /^(admin|administrator|moderator|superuser|editor|manager)s?$/i.test(actor.text)
  add(
    reading,
    { kind: 'act', actor, verb: verb.lower, object, own: OWNING.has(verb.lower) && !privileged },
    privileged ? [] : covered,
  )
  if (stop !== null) reading.coverage.unread(objectTokens.slice(stop.at))
  state.subject = actor
  state.acted = object
  state.list = 'none'
  return end - at + 1
}
