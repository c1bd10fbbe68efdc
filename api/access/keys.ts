import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/**
 * Scopes of a key. `generate` creates and cancels the key's own jobs; `read` reads them; `bot` does both on behalf of
 * people in chats; `admin` has full access to all jobs.
 */
export const SCOPES = ['generate', 'read', 'bot', 'admin'] as const
export type Scope = (typeof SCOPES)[number]

export type ApiKey = {
  /** The owner of jobs created with it. Keys with the same name share an owner, so that keys can be rotated. */
  readonly name: string
  readonly scopes: readonly Scope[]
  /**
   * SHA-256 of the key. A slow hash is unnecessary: the key has 256 random bits and cannot be guessed, and it is checked
   * on every request.
   */
  readonly hash: Buffer
  /** Null for a key that does not expire. */
  readonly expiresAt: Date | null
}

/** Lets secret scanners find leaked keys. */
const PREFIX = 'bgk_'
export const KEY_NAME = /^[a-z0-9][a-z0-9._-]{0,39}$/

const hashOf = (key: string) => createHash('sha256').update(key).digest()

/** Creates a key and its API_KEYS entry. The secret itself is not stored. */
export function createKey(
  key: Omit<ApiKey, 'hash'>,
  random = randomBytes(32),
): { secret: string; key: ApiKey } {
  const secret = PREFIX + random.toString('base64url')
  return { secret, key: { ...key, hash: hashOf(secret) } }
}

/**
 * A temporary key for a component of this process; undefined when the API has no keys.
 */
export function withInternalKey(
  keys: readonly ApiKey[],
  name: string,
  scopes: readonly Scope[],
): { keys: readonly ApiKey[]; secret: string | undefined } {
  if (keys.length === 0) return { keys, secret: undefined }
  const { secret, key } = createKey({ name, scopes, expiresAt: null })
  return { keys: [...keys, key], secret }
}

/** Formats an API_KEYS entry: `name:scope+scope:sha256`, plus the expiry date if there is one. */
export function formatKey({ name, scopes, hash, expiresAt }: ApiKey): string {
  const end = expiresAt === null ? [] : [expiresAt.toISOString().slice(0, 10)]
  return [name, scopes.join('+'), hash.toString('hex'), ...end].join(':')
}

/** Parses API_KEYS, separated by commas or spaces. The error message never repeats a hash. */
export function parseKeys(text: string): { keys: ApiKey[] } | { fault: string } {
  const keys: ApiKey[] = []
  const entries = text.split(/[\s,]+/).filter((entry) => entry !== '')
  for (const [index, entry] of entries.entries()) {
    const read = parseKey(entry)
    if (typeof read === 'string') return { fault: `entry ${index + 1} ${read}` }
    keys.push(read)
  }
  return { keys }
}

function parseKey(entry: string): ApiKey | string {
  const [name = '', scopeList = '', hash = '', end, ...rest] = entry.split(':')
  if (rest.length > 0 || hash === '')
    return 'must have the form name:scope+scope:sha256; create one with npm run keys -- create NAME.'
  if (!KEY_NAME.test(name)) return 'has an invalid name: use a-z, 0-9, dots and dashes.'
  const scopes = scopeList.split('+')
  if (!scopes.every(isScope)) return `(${name}) has a scope other than ${SCOPES.join(', ')}.`
  if (!/^[0-9a-f]{64}$/.test(hash)) return `(${name}) has no hex SHA-256 hash: did you enter the key itself?`
  const expiresAt = end === undefined ? null : parseDay(end)
  if (expiresAt === undefined) return `(${name}) has an invalid expiry date: use a date such as 2027-01-31.`
  return { name, scopes, hash: Buffer.from(hash, 'hex'), expiresAt }
}

export const isScope = (word: string): word is Scope => (SCOPES as readonly string[]).includes(word)

/** Parses a date as 00:00 UTC; undefined when it does not exist. */
export function parseDay(text: string): Date | undefined {
  const date = new Date(`${text}T00:00:00Z`)
  const isDay = /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(date.getTime())
  return isDay && date.toISOString().startsWith(text) ? date : undefined
}

/**
 * The matching key, or null. Compares every key in constant time, so that timing leaks nothing.
 */
export function findKey(keys: readonly ApiKey[], sent: string): ApiKey | null {
  const hash = hashOf(sent)
  return keys.reduce<ApiKey | null>((found, key) => (timingSafeEqual(key.hash, hash) ? key : found), null)
}
