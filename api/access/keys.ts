import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/**
 * What a key may do. `generate` asks for backends and cancels its own jobs; `read` looks at its own jobs; `bot` does
 * both for people in chats, and names them; `admin` does everything, with everybody's jobs.
 */
export const SCOPES = ['generate', 'read', 'bot', 'admin'] as const
export type Scope = (typeof SCOPES)[number]

export type ApiKey = {
  /** Who owns what is made with it. Several keys of one name are one owner, so that a key can be replaced. */
  readonly name: string
  readonly scopes: readonly Scope[]
  /**
   * SHA-256 of the key. A slow hash is for passwords, which can be guessed; a key is 256 random bits, which cannot, and
   * is checked with every request.
   */
  readonly hash: Buffer
  /** From then on it opens nothing; null for a key without an end. */
  readonly expiresAt: Date | null
}

/** So that a key that leaked is found by those who look for such things. */
const PREFIX = 'bgk_'
export const KEY_NAME = /^[a-z0-9][a-z0-9._-]{0,39}$/

const hashOf = (key: string) => createHash('sha256').update(key).digest()

/** A new key, and what the setting holds of it. The key itself is kept nowhere. */
export function createKey(
  key: Omit<ApiKey, 'hash'>,
  random = randomBytes(32),
): { secret: string; key: ApiKey } {
  const secret = PREFIX + random.toString('base64url')
  return { secret, key: { ...key, hash: hashOf(secret) } }
}

/**
 * A key for a part of the service itself, for as long as the process lives. Where there are no keys, none is needed.
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

/** As it stands in API_KEYS: `name:scope+scope:sha256`, and the day on which it ends where it has one. */
export function formatKey({ name, scopes, hash, expiresAt }: ApiKey): string {
  const end = expiresAt === null ? [] : [expiresAt.toISOString().slice(0, 10)]
  return [name, scopes.join('+'), hash.toString('hex'), ...end].join(':')
}

/** Reads API_KEYS; entries have commas or spaces between them. The fault is a sentence that repeats no hash. */
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
    return 'is not of the form name:scope+scope:sha256; make one with npm run keys -- create NAME.'
  if (!KEY_NAME.test(name)) return 'has a name that is not made of a-z, 0-9, dots and dashes.'
  const scopes = scopeList.split('+')
  if (!scopes.every(isScope)) return `(${name}) has a scope other than ${SCOPES.join(', ')}.`
  if (!/^[0-9a-f]{64}$/.test(hash)) return `(${name}) has no SHA-256 in hex: is the key itself there?`
  const expiresAt = end === undefined ? null : parseDay(end)
  if (expiresAt === undefined) return `(${name}) ends on no day such as 2027-01-31.`
  return { name, scopes, hash: Buffer.from(hash, 'hex'), expiresAt }
}

export const isScope = (word: string): word is Scope => (SCOPES as readonly string[]).includes(word)

/** The first moment of a day at Greenwich; undefined where there is no such day. */
export function parseDay(text: string): Date | undefined {
  const date = new Date(`${text}T00:00:00Z`)
  const isDay = /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(date.getTime())
  return isDay && date.toISOString().startsWith(text) ? date : undefined
}

/**
 * The key that was sent, or null. All are compared, and each in constant time, so that nothing is learnt from how long
 * the answer takes.
 */
export function findKey(keys: readonly ApiKey[], sent: string): ApiKey | null {
  const hash = hashOf(sent)
  return keys.reduce<ApiKey | null>((found, key) => (timingSafeEqual(key.hash, hash) ? key : found), null)
}
