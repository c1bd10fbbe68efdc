import { matchAt, seek, seekAny } from '../text/seek.ts'
import { isWord, type Token } from '../text/tokens.ts'
import { singular } from '../../words.ts'
import type { Phrase } from './facts.ts'
import { readPhrase } from './phrase.ts'
import { add, type ChunkReader, type Reading } from './reading.ts'

/** Verbs of a to-one relation, and the name that the verb gives it where the target alone says little. */
const BELONGS: readonly (readonly [pattern: string, role?: string, optional?: boolean])[] = [
  ['belong|belongs|belonging to?'],
  ['is|are|be|gets|get assigned to', 'assignee', true],
  ['assigned to', 'assignee', true],
  ['report|reports to', 'manager', true],
  ['is|are|be? owned by', 'owner'],
  ['is|are|be? written|authored|posted|published by', 'author'],
  ['is|are|be? created|made|added|submitted by', 'creator'],
  ['is|are|be? managed|led|supervised by', 'manager'],
  [
    'is|are|be? placed|bought|purchased|booked|ordered|rented|hosted|taught|organized|organised|sold|given|offered by',
  ],
  ['is|are|be? linked|related|associated|tied|connected|attached|mapped|added to|with'],
  ['is|are part of'],
  ['reference|references|referencing to?'],
  ['point|points to'],
  ['is|are for|about'],
  ['is|are|go|goes|live|lives|falls? in|into|inside|under'],
]

const MANY_TO_MANY_VERBS = [
  'enroll|enrol|enrolls|enrols in|into',
  'register|registers for',
  'sign|signs up for',
  'join|joins',
  'attend|attends',
  'participate|participates in',
  'subscribe|subscribes to',
  'be|is|are enrolled in',
  'can|may be|belong in|to many|multiple|several',
  'belong|belongs to many|multiple|several',
  'favorite|favourite|favorites|favourites|bookmark',
  'like|likes',
  'apply|applies to|for',
  'be|is|are tagged|labeled|labelled|associated|shared|linked|related with|to many|multiple|several?',
]

const REPLY = ['reply|replies to other|another', 'be? nested', 'be replied to', 'have|has replies']

/** Relations that take a whole sentence: two sides, or a rule about deleting. Returns true when it was one. */
export function readRelationSentence(tokens: readonly Token[], reading: Reading): boolean {
  return readBetween(tokens, reading) || readEachOther(tokens, reading) || readOnDelete(tokens, reading)
}

/** `many-to-many between posts and tags`, `posts and tags are many to many`, `Posts - Tags: many-to-many`. */
function readBetween(tokens: readonly Token[], reading: Reading): boolean {
  const words: [string, string][] = [
    ['many-to-many', 'many-to-many'],
    ['many to many', 'many-to-many'],
    ['m2m', 'many-to-many'],
    ['n-n', 'many-to-many'],
    ['one-to-many', 'one-to-many'],
    ['one to many', 'one-to-many'],
    ['many-to-one', 'many-to-one'],
    ['many to one', 'many-to-one'],
    ['one-to-one', 'one-to-one'],
    ['one to one', 'one-to-one'],
  ]
  for (const [pattern, kind] of words) {
    const place = seek(tokens, pattern)
    if (place === null) continue
    const frame =
      'a an the relation relationship relations is are have has in there from between with should be use and to each other'.split(
        ' ',
      )
    const sides: Token[][] = [[]]
    tokens.forEach((token, at) => {
      if (at >= place.at && at < place.at + place.take) sides.push([])
      else if (token.kind !== 'word' || frame.includes(token.lower)) sides.push([])
      else sides.at(-1)!.push(token)
    })
    const [left, right, third] = sides.filter((side) => side.length > 0).map((side) => readPhrase(side))
    if (!left || !right || third !== undefined) continue
    if (kind === 'many-to-many')
      add(reading, { kind: 'relation', shape: 'manyToMany', from: left, to: right, stated: true }, tokens)
    else if (kind === 'one-to-many')
      add(reading, { kind: 'relation', shape: 'hasMany', from: left, to: right, stated: true }, tokens)
    else if (kind === 'many-to-one')
      add(reading, { kind: 'relation', shape: 'belongsTo', from: left, to: right, stated: true }, tokens)
    else add(reading, { kind: 'relation', shape: 'hasOne', from: left, to: right, stated: true }, tokens)
    return true
  }
  return false
}

/** `posts can have many tags and tags (can have) many posts`. */
function readEachOther(tokens: readonly Token[], reading: Reading): boolean {
  const have = 'can|may? have|has many|multiple|several'
  const first = seek(tokens, have)
  if (first === null) return false
  const and = tokens.findIndex((token, at) => at > first.at && (isWord(token, 'and') || token.text === ','))
  if (and < 0) return false
  const second = tokens.slice(and + 1).filter((token) => !isWord(token, 'and', 'vice', 'versa'))
  const many = second.findIndex((token) => isWord(token, 'many', 'multiple', 'several'))
  const [a, b] = [readPhrase(tokens.slice(0, first.at)), readPhrase(tokens.slice(first.at + first.take, and))]
  if (a === null || b === null) return false
  const viceVersa = seek(tokens, 'vice versa', and) !== null
  if (!viceVersa) {
    if (many < 1) return false
    const verbless = second
      .slice(0, many)
      .filter(
        (token) =>
          !isWord(token, 'can', 'may', 'have', 'has', 'be', 'belong', 'to', 'in', 'a', 'an', 'each', 'also'),
      )
    const [c, d] = [readPhrase(verbless), readPhrase(second.slice(many + 1))]
    if (c === null || d === null || !same(b, c) || !same(a, d)) return false
  }
  add(reading, { kind: 'relation', shape: 'manyToMany', from: a, to: b, stated: true }, tokens)
  return true
}

/** `when a user is deleted, their posts are deleted too`, `deleting a post deletes its comments`. */
function readOnDelete(tokens: readonly Token[], reading: Reading): boolean {
  const [first] = tokens
  let [target, children, rule]: [Phrase | null, Phrase | null, 'cascade' | 'restrict'] = [
    null,
    null,
    'cascade',
  ]
  if (isWord(first, 'when', 'if', 'once', 'whenever')) {
    const gone = seek(tokens, 'is|are|gets|get deleted|removed')
    if (gone === null) return false
    target = readPhrase(tokens.slice(1, gone.at))
    const rest = tokens
      .slice(gone.at + gone.take)
      .filter((token) => token.kind === 'word' && !isWord(token, 'then', 'all', 'so', 'also'))
    const verb = seek(rest, 'is|are|get|gets|should|must be? deleted|removed') ?? seek(rest, 'should|must go')
    const active = seek(rest, 'delete|deletes|remove')
    children = verb
      ? readPhrase(rest.slice(0, verb.at))
      : active?.at === 0
        ? readPhrase(rest.slice(active.take))
        : null
  } else if (isWord(first, 'deleting', 'removing')) {
    const verb = seek(tokens, 'deletes|removes|should|must|will|also delete|remove?', 1)
    if (verb === null) return false
    target = readPhrase(tokens.slice(1, verb.at))
    children = readPhrase(
      tokens.slice(verb.at + verb.take).filter((token) => !isWord(token, 'also', 'all', 'too')),
    )
  } else {
    const verb = seek(tokens, "cannot|can't be deleted if|while|when it|they? has|have|still? has|have?")
    if (verb === null) return false
    target = readPhrase(tokens.slice(0, verb.at))
    children = readPhrase(tokens.slice(verb.at + verb.take))
    rule = 'restrict'
  }
  if (target === null || children === null) return false
  add(reading, { kind: 'onDelete', target, children, rule }, tokens)
  return true
}

/** `each order belongs to a customer`, `assigned to a user`, `students enroll in courses`. */
export const readRelation: ChunkReader = (list, at, state, reading) => {
  const { tokens } = list[at]!
  const reply = seekAny(tokens, REPLY)
  if (reply !== null) {
    const subject = readPhrase(actorOf(tokens.slice(0, reply.at))) ?? (reply.at === 0 ? state.subject : null)
    if (subject !== null && !(reply.pattern === 'be? nested' && tokens.length > reply.at + reply.take)) {
      add(reading, { kind: 'selfReference', subject, role: 'parent' }, tokens)
      return 1
    }
  }
  const many = seekAny(tokens, MANY_TO_MANY_VERBS)
  if (many !== null) {
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
    const place = seek(tokens, pattern)
    if (place === null || isWord(tokens[place.at + place.take], 'be')) continue
    const before = tokens.slice(0, place.at)
    const may =
      before.some((token) => isWord(token, 'can', 'may', 'optionally', 'might')) ||
      (before.length === 0 && false)
    const from = readPhrase(actorOf(before)) ?? (actorOf(before).length === 0 ? state.subject : null)
    const object = tokens.slice(place.at + place.take)
    const to = readPhrase(object)
    if (to === null || (from === null && actorOf(before).length > 0)) continue
    if (isWeak(pattern) && (from === null || to.quantity === 'none')) continue
    const fact = {
      kind: 'relation',
      shape: to.quantity === 'many' ? 'manyToMany' : 'belongsTo',
      from,
      to,
      stated: true,
    } as const
    add(reading, { ...fact, ...(role && { role }), ...((optional || may) && { optional: true }) }, tokens)
    state.subject = from ?? state.subject
    state.list = 'belongsTo'
    delete state.role
    state.optional = may
    return 1
  }
  if (state.list === 'belongsTo' && list[at]!.before !== 'where') {
    const to = readPhrase(tokens)
    if (to !== null && to.quantity !== 'none') {
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

/** Verbs that say many things beside a relation. */
const isWeak = (pattern: string) =>
  pattern.startsWith('is|are|go') || pattern === 'is|are for|about' || pattern.startsWith('point')

/** A subject without its modal: `students can` → `students`. */
export function actorOf(tokens: readonly Token[]): Token[] {
  const end = tokens.findIndex(
    (token, at) =>
      isWord(token, 'can', 'may', 'should', 'must', 'will', 'could', 'might', 'also', 'to') && at > 0,
  )
  const start =
    matchAt(tokens, 0, 'and?') +
    (isWord(tokens[0], 'can', 'may', 'should', 'must', 'will', 'optionally') ? 1 : 0)
  return tokens.slice(start, end < 0 ? undefined : end)
}

function same(a: Phrase, b: Phrase): boolean {
  return singular(a.text.toLowerCase()) === singular(b.text.toLowerCase())
}
