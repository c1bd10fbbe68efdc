import { requesterOf, type JobRecord } from '#contract'
import { RequestError } from '../http/errors.ts'
import { findKey, type ApiKey, type Scope } from './keys.ts'

/** The authenticated sender of a request. */
export type Caller = {
  /** The name of the API key, which owns the jobs created with it; null when the API has no keys and access is unrestricted. */
  readonly name: string | null
  readonly scopes: readonly Scope[]
}

/** On an API without keys, or for routes that require none. */
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

/** Whether the caller may access a job: their own, for bots those of people in chats, for admins all. */
export function owns(caller: Caller, { owner, origin }: Pick<JobRecord, 'owner' | 'origin'>): boolean {
  if (hasScope(caller, 'admin')) return true
  return (
    (owner !== null && owner === caller.name) || (hasScope(caller, 'bot') && requesterOf(origin) !== null)
  )
}

type Headers = Readonly<Record<string, string | string[] | undefined>>

/** Authenticates the API key in the headers. Throws a `RequestError` with status 401. */
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
      'This request requires an API key: send it as Authorization: Bearer <key>. The bots and the command line read it from API_KEY.',
    )
  }
  const key = findKey(keys, sent)
  if (key === null) {
    throw new RequestError(
      401,
      'key_unknown',
      'The API key is invalid: it is mistyped or was revoked. Ask the operator of this service for a new one.',
    )
  }
  if (key.expiresAt !== null && key.expiresAt <= (options.now ?? new Date())) {
    const day = key.expiresAt.toISOString().slice(0, 10)
    throw new RequestError(401, 'key_expired', `The API key "${key.name}" expired on ${day}: use a new one.`)
  }
  return { name: key.name, scopes: key.scopes }
}

/** Throws a `RequestError` with status 403 unless the caller has the scope. */
export function requireScope(caller: Caller, scope: Scope): void {
  if (hasScope(caller, scope)) return
  throw new RequestError(
    403,
    'scope_missing',
    `The API key "${caller.name}" has the scope ${caller.scopes.join(', ')}; this request requires ${scope}.`,
  )
}

/** `Authorization` takes precedence over `X-API-Key`. With `basic`, for browsers, the password is the key and the user name is ignored. */
function keyFromHeaders(headers: Headers, basic: boolean): string | null {
  const { authorization, 'x-api-key': plain } = headers
  if (typeof authorization === 'string') {
    const [, scheme = '', value = ''] = /^(\w+) +(\S+)$/.exec(authorization.trim()) ?? []
    if (scheme.toLowerCase() === 'bearer') return value
    // Another site can make a browser send remembered credentials, but it cannot forge this header.
    const site = headers['sec-fetch-site']
    if (basic && scheme.toLowerCase() === 'basic' && site !== 'cross-site' && site !== 'same-site')
      return Buffer.from(value, 'base64')
        .toString()
        .replace(/^[^:]*:/, '')
    return null
  }
  return typeof plain === 'string' && plain !== '' ? plain : null
}
