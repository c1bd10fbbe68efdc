import { isPlural } from '../../../blueprint/words.ts'
import type { Chunk } from '../text/chunks.ts'
import type { Token } from '../text/tokens.ts'
import { isWord } from '../text/tokens.ts'
import { findMatch, findAnyMatch } from '../text/match.ts'
import { add, type ChunkReader, type Reading } from './reading.ts'
import { readPhrase } from './phrase.ts'
import { actorOf } from './actor.ts'

/** Authentication: whether there is any, and who signs in. */
const AUTH_WORDS = [
  'jwt', 'jwts', 'auth', 'authentication', 'authenticated', 'authenticate', 'authorization', 'authorisation', 'login', 'logins', 'log-in', 'signin',
  'sign-in', 'signup', 'sign-up', 'registration', 'secured', 'secure', 'protected', 'bearer', 'logged', 'logged-in',
  'log|logs|logging in|into', 'sign|signs|signing in|up', 'user accounts', 'register', 'password protected',
  'api key|keys', 'api-key', 'api-keys', 'x-api-key', 'apikey', 'apikeys',
] // prettier-ignore

const REFUSALS = [
  'no',
  'without',
  'not',
  "don't",
  'doesnt',
  "doesn't",
  'dont',
  'skip',
  'never',
  'public',
  "isn't",
  'neither',
  'free',
]

/** Words that add nothing to a statement about authentication. */
const AROUND = new Set(
  `a an the with and using use via based by jwt jwts token tokens bearer auth authentication authenticated authenticate authorization login
  logins log logs logging in sign signs signing up signin signup sign-up sign-in log-in registration register registered secure secured protected user users account
  accounts email e-mail password passwords system support add include should must be is are can api endpoints endpoint routes route all have has
  need needs requires require required everything it they to of for or simple basic please only rest via credentials json web
  logout log-out flow feature into my our own create their each that after let lets allow people them customers there no
  without not dont don't doesn't doesnt any needed necessary skip public free hashed hash key keys api-key api-keys x-api-key apikey
  apikeys header`.split(/\s+/),
)

export const readAuth: ChunkReader = (list, at, state, reading) => {
  const { tokens } = list[at]!
  if (tokens.some((token) => token.kind === 'group' && token.inner.length > 3)) return 0
  const place = findAnyMatch(tokens, AUTH_WORDS)
  const openApi = findMatch(tokens, 'public|open api|endpoints|access')
  if (place === null && openApi === null) return 0
  if (place === null) {
    const noOther = tokens.every(
      (token) => AROUND.has(token.lower) || isWord(token, 'open', 'access', 'make', 'create'),
    )
    if (!noOther) return 0
    add(reading, { kind: 'auth', on: false, account: null, tokens }, tokens)
    return 1
  }
  // `a login field`, `register for events`: not about authentication.
  const after = tokens[place.at + place.take]
  if (isWord(after, 'date', 'time', 'number', 'field', 'count', 'a', 'an', 'new')) return 0
  if (place.pattern === 'register' && isWord(after, 'both', 'them', 'it', 'this', 'these')) return 0
  // `register members` is done to rows.
  const isDone = place.pattern === 'register' && after?.kind === 'word' && isPlural(after.text)
  if (isDone && !AROUND.has(after.lower)) return 0
  const last = tokens.at(-1)!
  const isObject = last !== after && last.kind === 'word' && isPlural(last.text) && !AROUND.has(last.lower)
  // `staff can register found items`
  if (place.pattern === 'register' && isObject && findMatch(tokens, 'for|as|and|via|with') === null) return 0
  if (place.pattern === 'registration' && place.at > 0 && !AROUND.has(tokens[place.at - 1]!.lower)) return 0
  if (isWord(after, 'for') && /^(register|sign|log)/.test(place.pattern)) return 0
  const refused = tokens.some((token) => isWord(token, ...REFUSALS)) && findMatch(tokens, 'not only') === null
  if (refused) {
    add(
      reading,
      { kind: 'auth', on: false, account: null, tokens },
      tokens.filter((token) => AROUND.has(token.lower)),
    )
    return 1
  }
  const can = findMatch(tokens, 'can|must|should|may|to|need|needs to?')
  const actor = can !== null && can.at < place.at ? readPhrase(actorOf(tokens.slice(0, can.at))) : null
  const account = actor ?? accountBefore(tokens.slice(0, place.at))
  add(
    reading,
    { kind: 'auth', on: true, account, tokens },
    tokens.filter((token) => AROUND.has(token.lower)),
  )
  if (account !== null) reading.coverage.read(account.tokens)
  if (actor !== null) state.subject = actor
  state.list = state.list === 'app' ? 'app' : 'none'
  return 1 + credentialsAfter(list, at, reading)
}

/** What people sign in with. */
const CREDENTIALS = new Set('an a the their email e-mail emails mail address password passwords'.split(' '))

/** How many of the following chunks say with what one signs in: `with email and password`. */
function credentialsAfter(list: readonly Chunk[], at: number, reading: Reading): number {
  if (list[at + 1]?.before !== 'with') return 0
  const following = list.slice(at + 1)
  const other = following.findIndex(
    ({ tokens, before }, place) =>
      (place > 0 && before !== 'and' && before !== ',') ||
      !tokens.every(({ lower }) => CREDENTIALS.has(lower)),
  )
  const said = other < 0 ? following : following.slice(0, other)
  reading.coverage.read(said.flatMap(({ tokens }) => tokens))
  return said.length
}

/** `customer login` → customer. */
function accountBefore(tokens: readonly Token[]): ReturnType<typeof readPhrase> {
  const last = tokens.at(-1)
  if (last === undefined || (AROUND.has(last.lower) && !isWord(last, 'user', 'users'))) return null
  const phrase = readPhrase([last])
  return phrase !== null &&
    /^(user|customer|member|admin|account|client|author|employee|student|teacher|seller|player|patient|doctor)s?$/.test(
      last.lower,
    )
    ? phrase
    : null
}

/** Unsupported authentication: a Blueprint cannot express `OAuth` or `Google login`. */
export function unreadableAuth(tokens: readonly Token[], reading: Reading): void {
  for (const token of tokens) {
    if (
      isWord(
        token,
        'oauth',
        'oauth2',
        'google',
        'facebook',
        'github',
        'sso',
        'saml',
        '2fa',
        'mfa',
        'reset',
        'forgot',
        'verification',
        'social',
        'refresh',
      )
    ) {
      reading.coverage.unread([token])
    }
  }
}
