import type { Operation } from '#contract'
import { isStaff } from '../lexicon/acts.ts'
import type { Chunk } from '../text/chunks.ts'
import { findMatch, findAnyMatch } from '../text/match.ts'
import { isWord, type Token } from '../text/tokens.ts'
import { ANYONE, OWN, SIGNED_IN } from './access.ts'
import type { Phrase } from './facts.ts'
import { furtherObjects } from './further-objects.ts'
import { readPhrase } from './phrase.ts'
import { add, type ChunkReader } from './reading.ts'

/**
 * Role rules: `only admins can delete books`, `books can only be edited by editors`,
 * `moderators can see all posts`. Ownership is read by `access.ts`.
 */

const VERBS: Readonly<Record<string, readonly Operation[]>> = {
  create: ['create'],
  add: ['create'],
  make: ['create'],
  post: ['create'],
  publish: ['create'],
  record: ['create'],
  register: ['create'],
  enter: ['create'],
  log: ['create'],
  issue: ['create'],
  submit: ['create'],
  upload: ['create'],
  edit: ['update'],
  update: ['update'],
  change: ['update'],
  modify: ['update'],
  delete: ['delete'],
  remove: ['delete'],
  manage: ['create', 'update', 'delete'],
  write: ['create', 'update'],
  read: ['list', 'read'],
  view: ['list', 'read'],
  see: ['list', 'read'],
  list: ['list', 'read'],
  access: ['list', 'create', 'read', 'update', 'delete'],
}
const PARTICIPLES: Readonly<Record<string, keyof typeof VERBS>> = {
  created: 'create',
  added: 'add',
  posted: 'post',
  published: 'publish',
  recorded: 'record',
  registered: 'register',
  entered: 'enter',
  logged: 'log',
  issued: 'issue',
  submitted: 'submit',
  uploaded: 'upload',
  edited: 'edit',
  updated: 'update',
  changed: 'change',
  modified: 'modify',
  deleted: 'delete',
  removed: 'remove',
  managed: 'manage',
  written: 'write',
  read: 'read',
  viewed: 'view',
  seen: 'see',
  listed: 'list',
  accessed: 'access',
}

const MODAL = 'can|may|should|must|could|shall|are|is allowed|able? to?'
const ALL = ['all', 'any', 'every', 'everything', 'anything', "everyone's", "anyone's", 'other']
const BACK = ['it', 'them', 'they', 'these', 'those']
const EVERYTHING = ['everything', 'anything', 'all', 'data', 'records', 'any', 'nothing']

/** `only the cook can change the menu` is also about what stands on it. */
const operationsOf = (verb: keyof typeof VERBS, isOnly: boolean): readonly Operation[] =>
  isOnly && (verb === 'change' || verb === 'modify') ? VERBS['manage']! : VERBS[verb]!

type Rule = {
  readonly only: boolean
  readonly actors: readonly Token[][]
  readonly verbs: readonly (keyof typeof VERBS)[]
  readonly object: readonly Token[]
  readonly chunks: number
}

export const readRoles: ChunkReader = (list, at, state, reading) => {
  const rule = active(list, at) ?? passive(list, at)
  if (rule === null) {
    // `only managers can approve expenses`: what cannot be built is reported, and still not open to everybody.
    if (keepsFromOthers(list[at]!.tokens))
      add(reading, { kind: 'auth', on: true, account: null, tokens: [] }, [])
    return 0
  }
  const roles = rule.actors.map((tokens) => readPhrase(tokens))
  if (roles.length === 0 || roles.some((phrase) => phrase === null)) return 0
  const first = rule.object.filter((token) => !isWord(token, ...ALL, 'of', 'the', 'only'))
  const back = first.length > 0 && first.every((token) => isWord(token, ...BACK))
  const spoken = state.subject ?? reading.spoken[0] ?? null
  // `them` without anything that was spoken of is everything: what is kept from most people closes.
  const whole = first.every((token) => isWord(token, ...EVERYTHING)) || (back && spoken === null)
  const object = whole ? null : back ? spoken : readPhrase(first)
  if (object === null && !whole) return 0
  const more = whole || back ? [] : furtherObjects(list, at + rule.chunks)
  const objects = object === null ? [] : [object, ...more]
  const subjects = back && object !== null && reading.spoken.includes(object) ? reading.spoken : objects
  const taken = list.slice(at, at + rule.chunks + more.length).flatMap(({ tokens }) => tokens)
  add(
    reading,
    {
      kind: 'role',
      roles: roles as Phrase[],
      only: rule.only,
      operations: [...new Set(rule.verbs.flatMap((verb) => operationsOf(verb, rule.only)))],
      subjects,
      tokens: taken,
    },
    taken,
  )
  state.list = 'none'
  state.subject = object ?? state.subject
  if (subjects.length > 0) reading.spoken = subjects
  return rule.chunks + more.length
}

/** `only managers can …`, of people and not of things: `only paid orders can be shipped`. */
function keepsFromOthers(tokens: readonly Token[]): boolean {
  const modal = findMatch(tokens, MODAL)
  const isLimit = isWord(tokens[0], 'only') || /^(?:admin|administrator|moderator)s?$/.test(tokens[0]!.lower)
  if (modal === null || !isLimit || modal.at < 1 || modal.at > 4) return false
  const [next] = tokens.slice(modal.at + modal.take)
  const isByPeople = tokens.slice(1, modal.at).every(({ kind }) => kind === 'word')
  return (
    isByPeople && next?.kind === 'word' && !isWord(next, 'be', 'have', 'contain') && !isForAnybody(tokens)
  )
}

/** `only admins and editors can edit or delete books`: actors and verbs may span several chunks. */
function active(list: readonly Chunk[], at: number): Rule | null {
  const actors: Token[][] = []
  let chunk = at
  let only = false
  for (; chunk < list.length; chunk++) {
    const row = list[chunk]!.tokens
    const modal = findMatch(row, MODAL)
    const head = modal === null ? row : row.slice(0, modal.at)
    only ||= head.some((token) => isWord(token, 'only', 'alone', 'solely', 'exclusively'))
    // The first chunk must introduce the rule; otherwise a noun is a noun.
    if (!only && !head.some(({ lower }) => isStaff(lower))) return null
    const names = head.filter(
      (token) =>
        !isWord(
          token,
          'only',
          'alone',
          'solely',
          'exclusively',
          'the',
          'an',
          'a',
          'so',
          'but',
          'users',
          'user',
        ),
    )
    if (isForAnybody(head) || names.length > 2) return null
    actors.push(...byWord(names, 'or'))
    if (modal === null) continue
    const rest = row.slice(modal.at + modal.take).filter((token) => !isWord(token, 'only', 'also'))
    if (isForAnybody(rest)) return null
    const said = verbsFrom(list, chunk, rest)
    if (said === null) return null
    const all = said.object.length === 0 || said.object.some((token) => isWord(token, ...ALL))
    if (!only && !all) return null
    return { only, actors, ...said, chunks: said.chunks - at }
  }
  return null
}

/** `books can only be edited or deleted by admins`. */
function passive(list: readonly Chunk[], at: number): Rule | null {
  const row = list[at]!.tokens
  const be = findMatch(row, 'can|may|should|must only? be only?') ?? findMatch(row, 'are|is only')
  const by = be === null ? null : findMatch(row, 'only? by only?', be.at + be.take)
  if (be === null || by === null || !row.some((token) => isWord(token, 'only'))) return null
  const participles = row
    .slice(be.at + be.take, by.at)
    .filter((token) => !isWord(token, 'or', 'only') && token.kind === 'word')
  const verbs = participles.map(({ lower }) => PARTICIPLES[lower])
  if (verbs.length === 0 || verbs.some((verb) => verb === undefined)) return null
  const names = row.slice(by.at + by.take).filter((token) => !isWord(token, 'only', 'the', 'an', 'a'))
  if (isForAnybody(row)) return null
  const actors = byWord(names, 'or')
  let chunk = at + 1
  for (; chunk < list.length && list[chunk]!.before === 'and'; chunk++) {
    const { tokens } = list[chunk]!
    if (tokens.length !== 1 || !isStaff(tokens[0]!.lower)) break
    actors.push([...tokens])
  }
  return {
    only: true,
    actors,
    verbs: verbs as (keyof typeof VERBS)[],
    object: row.slice(0, be.at),
    chunks: chunk - at,
  }
}

const isForAnybody = (tokens: readonly Token[]): boolean =>
  findAnyMatch(tokens, [...ANYONE, ...SIGNED_IN, ...OWN]) !== null

/** `edit or delete books`; `create`, `edit`, `delete books` in separate chunks. */
function verbsFrom(
  list: readonly Chunk[],
  at: number,
  row: readonly Token[],
): Pick<Rule, 'verbs' | 'object' | 'chunks'> | null {
  const verbs: (keyof typeof VERBS)[] = []
  let rest = row
  let chunk = at
  for (;;) {
    let next = 0
    while (next < rest.length && (rest[next]!.lower in VERBS || isWord(rest[next], 'or'))) {
      if (rest[next]!.lower in VERBS) verbs.push(rest[next]!.lower)
      next++
    }
    if (next === 0) return null
    const object = rest.slice(next)
    const following = list[chunk + 1]
    if (object.length > 0 || !following || !(following.tokens[0]!.lower in VERBS))
      return { verbs, object, chunks: chunk + 1 }
    chunk += 1
    rest = following.tokens
  }
}

function byWord(tokens: readonly Token[], word: string): Token[][] {
  const parts: Token[][] = [[]]
  for (const token of tokens) {
    if (isWord(token, word)) parts.push([])
    else parts.at(-1)!.push(token)
  }
  return parts.filter((part) => part.length > 0)
}
