import { furtherObjects } from './further-objects.ts'
import { matchAt, findMatch, findAnyMatch } from '../text/match.ts'
import { isWord, type Token } from '../text/tokens.ts'
import type { Fact, Phrase } from './facts.ts'
import { readPhrase } from './phrase.ts'
import { add, type ChunkReader } from './reading.ts'

/** Access rules: `anyone can read`, `only authors can edit`, `users can only see their own tasks`. */
const READ_VERBS = [
  'read',
  'view',
  'see',
  'browse',
  'list',
  'get',
  'fetch',
  'access',
  'look',
  'search',
  'sees',
  'views',
  'reads',
  'gets',
  'accesses',
]
const WRITE_VERBS = [
  'write',
  'edit',
  'update',
  'delete',
  'create',
  'change',
  'modify',
  'add',
  'post',
  'manage',
  'remove',
  'publish',
  'submit',
  'make',
  'edits',
  'creates',
  'updates',
  'deletes',
  'adds',
  'manages',
]
const ADDING = /^(?:write|create|creates|add|adds|post|publish|submit|make)$/
export const ANYONE = [
  'anyone',
  'everyone',
  'everybody',
  'anybody',
  'guests|visitors|public',
  'unauthenticated users',
  'publicly',
  'the public',
]
export const SIGNED_IN = [
  'logged in',
  'logged-in',
  'authenticated',
  'signed in',
  'signed-in',
  'registered',
  'login|authentication required|needed?',
]
export const OWN = [
  'their|his|her|its|your own',
  'own',
  'only the? owner|owners|author|authors|creator|creators',
  'owner|owners only',
  'the owner can',
  'private to|for',
  'only their|his|her|your',
  'per user',
  'who created|wrote|posted|owns it|them?',
]

const FILLER = new Set(
  `a an the only can may should could must be able to all any and or it them they their his her own its of by is are users user people
  them themselves else others other each every no nobody one not but for who that created wrote posted owns in logged logged-in authenticated
  registered signed signed-in up publicly public private anyone everyone everybody anybody guests visitors per author authors owner owners creator creators
  access data items things ones stuff content someone without login will only require requires required authentication
  log sign need needs`.split(/\s+/),
)

export const readAccess: ChunkReader = (list, at, state, reading) => {
  const { tokens } = list[at]!
  const verbs = tokens.filter((token) => isWord(token, ...READ_VERBS, ...WRITE_VERBS))
  const following = verbsAfter(list, at)
  const [own, anyone, signedIn] = [
    findAnyMatch(tokens, OWN),
    findAnyMatch(tokens, ANYONE),
    findAnyMatch(tokens, SIGNED_IN),
  ]
  if (own === null && anyone === null && signedIn === null) return 0
  // `guests make reservations`: what they do, and not who may.
  const isDone =
    anyone?.pattern === 'guests|visitors|public' &&
    own === null &&
    signedIn === null &&
    verbs.length > 0 &&
    verbs.every(({ lower }) => ADDING.test(lower))
  if (isDone) return 0
  // What nobody may do is no access for everybody.
  if (
    anyone !== null &&
    tokens.some(({ lower }) => /^(?:not|never|no|nobody|cannot|can't|\w+n't)$/.test(lower))
  )
    return 0
  const has = findMatch(tokens, 'has|have|with|owns')
  const possessive =
    own !== null && has !== null && matchAt(tokens, has.at + has.take, 'their|his|her? own') > 0
  if (
    verbs.length === 0 &&
    !possessive &&
    findAnyMatch(tokens, ['only', 'readable', 'private', 'per user']) === null
  )
    return 0

  const all = [...verbs, ...following.verbs]
  const allWords = all.map((token) => token.lower)
  const reads =
    allWords.some((word) => READ_VERBS.includes(word)) ||
    allWords.includes('manage') ||
    findMatch(tokens, 'readable') !== null
  const writes = allWords.some((word) => WRITE_VERBS.includes(word))
  const changes = allWords.some((word) => WRITE_VERBS.includes(word) && !ADDING.test(word))
  // `logged in users can comment`: the verb is also the noun.
  const comments =
    !reads &&
    !writes &&
    tokens.some((token) => isWord(token, 'comment', 'vote', 'reply', 'review', 'rate', 'like'))
  const none = !reads && !writes && !comments
  const who =
    own !== null && !(anyone && own.pattern === 'own')
      ? 'owner'
      : anyone !== null && signedIn === null
        ? 'public'
        : 'authenticated'
  const taken = [...tokens, ...following.tokens]
  const subject = objectOf(taken, state.subject)
  const words = taken.filter(
    (token) =>
      FILLER.has(token.lower) ||
      isWord(token, ...READ_VERBS, ...WRITE_VERBS, 'has', 'have', 'readable') ||
      token.kind === 'mark',
  )
  const fact: Fact = {
    kind: 'access',
    who,
    read: reads || none,
    // Who may add a row does not change those of others by that.
    write: who === 'owner' ? writes || comments || none : changes || none,
    subject,
    tokens: taken,
  }
  add(reading, fact, words)
  if (subject !== null) reading.coverage.read(subject.tokens)
  state.list = 'none'
  state.subject = subject ?? state.subject
  const next = at + 1 + following.chunks
  const more = subject === null ? [] : furtherObjects(list, next)
  for (const phrase of more) {
    add(reading, { ...fact, subject: phrase, tokens: phrase.tokens }, phrase.tokens)
  }
  if (subject !== null) reading.spoken = [subject, ...more]
  return 1 + following.chunks + more.length
}

/** `…can view, edit and delete their own tasks`: the verbs span several chunks. */
function verbsAfter(
  list: Parameters<ChunkReader>[0],
  at: number,
): { verbs: Token[]; tokens: Token[]; chunks: number } {
  const found = { verbs: [] as Token[], tokens: [] as Token[], chunks: 0 }
  const endsWithVerb = isWord(list[at]!.tokens.at(-1), ...READ_VERBS, ...WRITE_VERBS)
  for (const chunk of endsWithVerb ? list.slice(at + 1) : []) {
    if (!isWord(chunk.tokens[0], ...READ_VERBS, ...WRITE_VERBS)) break
    found.verbs.push(chunk.tokens[0]!)
    found.tokens.push(...chunk.tokens)
    found.chunks++
    if (chunk.tokens.length > 1) break
  }
  return found
}

/** The objects of the rule: after the last verb or `own`, or before a passive. */
function objectOf(tokens: readonly Token[], before: Phrase | null): Phrase | null {
  // `posts can be read by everyone`
  const be = findMatch(tokens, 'can|may|should|must be') ?? findMatch(tokens, 'are|is')
  if (be !== null && be.at > 0 && findMatch(tokens, 'by', be.at + be.take) !== null) {
    const head = tokens.slice(0, be.at).filter((token) => !FILLER.has(token.lower) && token.kind === 'word')
    if (head.every((token) => isWord(token, 'everything', 'anything', 'all', 'data', 'content'))) return null
    const named = readPhrase(head)
    if (named !== null) return named
  }
  const verbs = [...READ_VERBS, ...WRITE_VERBS, 'own', 'has', 'have']
  const last = tokens.findLastIndex((token) => isWord(token, ...verbs))
  const after = tokens.slice(last + 1).filter((token) => !FILLER.has(token.lower) && token.kind === 'word')
  const phrase = readPhrase(after)
  if (phrase !== null) return phrase
  return before
}
