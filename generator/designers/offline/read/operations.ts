import { Operation } from '#contract'
import { APP_NOUNS } from '../lexicon/words.ts'
import { findMatch, findAnyMatch, matchAt } from '../text/match.ts'
import { isWord, type Token } from '../text/tokens.ts'
import type { Phrase } from './facts.ts'
import { readPhrase } from './phrase.ts'
import { add, type ChunkReader, type ClauseState, type Reading } from './reading.ts'

/** The operations of a resource: `with CRUD operations`, `read-only`, `no delete`, `only list and create`. */
export const OPERATION_VERBS: Record<string, readonly Operation[]> = {
  list: ['list'], lists: ['list'], browse: ['list', 'read'], listing: ['list'], index: ['list'],
  get: ['list', 'read'], gets: ['list', 'read'], read: ['list', 'read'], reads: ['list', 'read'], view: ['list', 'read'], views: ['list', 'read'], see: ['list', 'read'],
  fetch: ['list', 'read'], retrieve: ['list', 'read'], show: ['list', 'read'], reading: ['list', 'read'], viewing: ['list', 'read'], retrieving: ['list', 'read'],
  create: ['create'], creates: ['create'], add: ['create'], adds: ['create'], insert: ['create'], post: ['create'], creating: ['create'],
  adding: ['create'], creation: ['create'], new: ['create'],
  update: ['update'], updates: ['update'], edit: ['update'], edits: ['update'], change: ['update'], modify: ['update'], put: ['update'], patch: ['update'],
  updating: ['update'], editing: ['update'], modifying: ['update'],
  delete: ['delete'], deletes: ['delete'], remove: ['delete'], removes: ['delete'], deleting: ['delete'], removing: ['delete'], deletion: ['delete'], destroy: ['delete'], deleted: ['delete'], removed: ['delete'], created: ['create'], added: ['create'],
  manage: ['list', 'create', 'read', 'update', 'delete'], manages: ['list', 'create', 'read', 'update', 'delete'],
} // prettier-ignore

export function operationsOf(token: Token | undefined): readonly Operation[] {
  if (token?.kind !== 'word' || !Object.hasOwn(OPERATION_VERBS, token.lower)) return []
  return OPERATION_VERBS[token.lower]!
}

const AROUND = new Set(
  `a an the full all complete basic simple standard usual normal operation operations endpoint endpoints route routes support functionality
  it for with on them of and be is are only crud method methods requests actions action should can cannot can't must not no without never
  please no-one possible allowed to read-only readonly once ability able api just need needs want everything each every entity entities`.split(
    /\s+/,
  ),
)

/** `deleting of all three resources` names no rows. */
const GENERIC = new Set(
  'resource resources record records object objects row rows table tables model models two three four five six these those above'.split(
    ' ',
  ),
)

export const readOperations: ChunkReader = (list, at, state, reading) => {
  const { tokens } = list[at]!
  const words = new Set(tokens.map((token) => token.lower))
  const crud = words.has('crud') || words.has('cruds')
  const readOnly = findAnyMatch(tokens, [
    'read-only',
    'readonly',
    'read only',
    "cannot|can't be changed|modified|edited|updated",
  ])
  const isOwn = (token: Token) =>
    (AROUND.has(token.lower) && token.text !== 'IT') ||
    operationsOf(token).length > 0 ||
    token.kind === 'mark'
  const rest = tokens.filter((token) => !isOwn(token))

  if (readOnly !== null) {
    const words = tokens.slice(readOnly.at, readOnly.at + readOnly.take)
    // `Read-only API for countries` continues with its topic.
    if (tokens.some((token) => APP_NOUNS.has(token.lower))) {
      add(reading, { kind: 'operations', subject: null, only: ['list', 'read'] }, words)
      return 0
    }
    const phrase = readPhrase(rest)
    const known = phrase !== null || rest.length === 0
    add(
      reading,
      { kind: 'operations', subject: phrase ?? state.subject, only: ['list', 'read'] },
      known ? tokens : words,
    )
    return 1
  }
  if (crud && rest.length <= 3) {
    const phrase = rest.length === 0 ? null : readPhrase(rest)
    if (rest.length > 0 && phrase === null) return 0
    const appLead = at === 0 && findMatch(tokens, 'api|apis|app|application|backend|service') !== null
    if (appLead) return 0
    add(reading, { kind: 'operations', subject: phrase, all: true }, tokens)
    if (phrase !== null) add(reading, { kind: 'entity', phrase }, phrase.tokens)
    state.list = phrase === null ? state.list : 'topics'
    return 1
  }
  if (readNobody(tokens, state, reading)) return 1
  // `admins can delete orders` is about access, `orders cannot be deleted` about the operation.
  const modal = tokens.findIndex((token) => isWord(token, 'can', 'may', 'cannot', "can't", 'should', 'must'))
  const active = modal > 0 && !isWord(tokens[modal + 1], 'be') && !isWord(tokens[modal + 2], 'be')
  if (
    active &&
    tokens
      .slice(0, modal)
      .some((token) => !isOwn(token) && !isWord(token, 'users', 'you', 'we', 'clients', 'i'))
  )
    return 0
  const refusal = findAnyMatch(tokens, [
    'no',
    'without',
    "cannot|can't|never be",
    'not be',
    'should|must|can not be',
    "not|don't",
  ])
  const named = tokens.flatMap((token) => [...operationsOf(token)])
  const verbs = named.length > 0
  if (refusal !== null && verbs && rest.length <= 3) {
    const more = furtherVerbs(list, at)
    const without = Operation.options.filter((operation) =>
      [...tokens, ...more.tokens].some((token) => isExactly(token, operation)),
    )
    const phrase = rest.length === 0 ? state.subject : readPhrase(rest)
    if (without.length === 0 || (rest.length > 0 && phrase === null)) return 0
    add(reading, { kind: 'operations', subject: phrase, without }, [...tokens, ...more.tokens])
    return 1 + more.chunks
  }
  if (verbs && words.has('only') && isOwn(tokens[0]!)) {
    const more = furtherVerbs(list, at)
    const all = [...tokens, ...more.tokens]
    const left = all.filter((token) => !isOwn(token))
    const phrase: Phrase | null = left.length === 0 ? state.subject : readPhrase(left)
    if (left.length > 0 && phrase === null) return 0
    add(reading, { kind: 'operations', subject: phrase, only: onlyOf(all) }, all)
    return 1 + more.chunks
  }
  // A list of verbs after `with`: `with create, read, update and delete (operations)`.
  const bare = verbs && rest.length === 0 && tokens.length <= 3 && operationsOf(tokens[0]).length > 0
  if (bare && (state.list === 'none' || list[at]!.before === 'with' || state.list === 'app')) {
    const more = furtherVerbs(list, at)
    if (more.chunks === 0 && list[at]!.before !== 'with') return 0
    add(reading, { kind: 'operations', subject: null, all: true }, [...tokens, ...more.tokens])
    const left = more.tokens.filter((token) => !isOwn(token) && !GENERIC.has(token.lower))
    const phrase = left.length === 0 ? null : readPhrase(left)
    if (phrase !== null) add(reading, { kind: 'topic', phrase, app: false }, left)
    return 1 + more.chunks
  }
  return 0
}

/** `nobody can delete a bid`: there is no such operation. */
function readNobody(tokens: readonly Token[], state: ClauseState, reading: Reading): boolean {
  const who = matchAt(tokens, 0, 'nobody|no-one|noone|none') || matchAt(tokens, 0, 'no one')
  const modal = who > 0 ? matchAt(tokens, who, 'can|may|must|should|shall ever?') : 0
  if (modal === 0) return false
  const verbs = tokens
    .slice(who + modal)
    .findIndex((token) => !isWord(token, 'or') && operationsOf(token).length === 0)
  const end = verbs < 0 ? tokens.length : who + modal + verbs
  const said = tokens.slice(who + modal, end)
  const without = Operation.options.filter((operation) => said.some((token) => isExactly(token, operation)))
  const subject = end === tokens.length ? state.subject : readPhrase(tokens.slice(end))
  if (without.length === 0 || subject === null) return false
  add(reading, { kind: 'operations', subject, without }, tokens)
  return true
}

/** Chunks of only verbs that continue the list: `…, update and delete`. */
export function furtherVerbs(
  list: Parameters<ChunkReader>[0],
  at: number,
): { tokens: Token[]; chunks: number } {
  const found = { tokens: [] as Token[], chunks: 0 }
  for (const chunk of list.slice(at + 1)) {
    const head = chunk.tokens[0]
    if (
      chunk.before === 'with' ||
      chunk.before === 'where' ||
      operationsOf(isWord(head, 'no', 'only') ? chunk.tokens[1] : head).length === 0
    )
      break
    found.tokens.push(...chunk.tokens)
    found.chunks++
  }
  return found
}

function onlyOf(tokens: readonly Token[]): Operation[] {
  const named = new Set(tokens.flatMap((token) => [...operationsOf(token)]))
  const exact =
    tokens.some((token) => isWord(token, 'list', 'listing')) &&
    tokens.every((token) => !isWord(token, 'get', 'read', 'view'))
  return Operation.options.filter((operation) => named.has(operation) && !(exact && operation === 'read'))
}

function isExactly(token: Token, operation: Operation): boolean {
  const known = operationsOf(token)
  return known.includes(operation) && known.length === 1
}
