import { requesterOf, type JobRecord } from '#contract'
import { RequestError } from '../errors.ts'
import { findKey, type ApiKey, type Scope } from './keys.ts'

/** Who sent a request. */
export type Caller = {
  /** The name of the key, which owns what is made with it; null where the API has no keys, and everybody may do everything. */
  readonly name: string | null
  readonly scopes: readonly Scope[]
}

/** On an API without keys, or a route that asks for none. */
export const ANONYMOUS: Caller = { name: null, scopes: ['admin'] }
export const UNAUTHENTICATED: Caller = { name: null, scopes: [] }

const IMPLIED_SCOPES: Readonly<Record<Scope, readonly Scope[]>> = {
  generate: [],
  read: [],
  bot: ['generate', 'read'],
  admin: ['generate', 'read', 'bot'],
}

export const hasScope = ({ scopes }: Caller, scope: Scope): boolean =>
  scopes.some((held) => held === scope || IMPLIED_SCOPES[held].includes(scope))

/** Whose jobs these are: one's own; those of people in chats for a bot; all for an admin. */
export function owns(caller: Caller, { owner, origin }: Pick<JobRecord, 'owner' | 'origin'>): boolean {
  if (hasScope(caller, 'admin')) return true
  return (
    (owner !== null && owner === caller.name) || (hasScope(caller, 'bot') && requesterOf(origin) !== null)
  )
}

type Headers = Readonly<Record<string, string | string[] | undefined>>

/** The caller behind the key in these headers. Throws a `RequestError` with status 401. */
export function authenticate(
  keys: readonly ApiKey[],
  headers: Headers,
  options: { readonly basic: boolean; readonly now?: Date },
): Caller {
  const sent = keyFromHeaders(headers, options.basic)
  if (sent === null) {
    throw new RequestError(
      401,
      'key_missing',
      'This needs an API key: send it as Authorization: Bearer <key>. The bots and the command line take it from API_KEY.',
    )
  }
  const key = findKey(keys, sent)
  if (key === null) {
    throw new RequestError(
      401,
      'key_unknown',
      'The API key is not known here: it is misspelt, or was taken back. Whoever runs this service makes new ones.',
    )
  }
  if (key.expiresAt !== null && key.expiresAt <= (options.now ?? new Date())) {
    const day = key.expiresAt.toISOString().slice(0, 10)
    throw new RequestError(401, 'key_expired', `The API key "${key.name}" ended on ${day}: use a new one.`)
  }
  return { name: key.name, scopes: key.scopes }
}

/** Throws a `RequestError` with status 403 unless the caller has the scope. */
export function requireScope(caller: Caller, scope: Scope): void {
  if (hasScope(caller, scope)) return
  throw new RequestError(
    403,
    'scope_missing',
    `The API key "${caller.name}" has the scope ${caller.scopes.join(', ')}; this needs ${scope}.`,
  )
}

/** `Authorization` wins over `X-API-Key`. With `basic`, for browsers, a password is a key under any name. */
function keyFromHeaders(headers: Headers, basic: boolean): string | null {
  const { authorization, 'x-api-key': plain } = headers
  if (typeof authorization === 'string') {
    const [, scheme = '', value = ''] = /^(\w+) +(\S+)$/.exec(authorization.trim()) ?? []
    if (scheme.toLowerCase() === 'bearer') return value
    // A page of somebody else's can make a browser send what it remembers; it cannot hide that it did.
    const site = headers['sec-fetch-site']
    if (basic && scheme.toLowerCase() === 'basic' && site !== 'cross-site' && site !== 'same-site')
      return Buffer.from(value, 'base64')
        .toString()
        .replace(/^[^:]*:/, '')
    return null
  }
  return typeof plain === 'string' && plain !== '' ? plain : null
}
