/** Advice for the operator, by the error code at the start of a Redis reply. */
const MESSAGES = {
  OOM: 'Redis has reached its maxmemory and rejects writes: raise maxmemory, or free memory.',
  READONLY: 'Redis is a read-only replica and rejects writes: point REDIS_URL at the primary.',
  MISCONF: 'Redis rejects writes because it cannot save to disk: check its log and free disk space.',
  NOREPLICAS: 'Redis rejects writes because too few replicas are connected (min-replicas-to-write).',
  LOADING: 'Redis is starting and still loading its data.',
  MASTERDOWN: 'Redis is a replica that lost its primary: point REDIS_URL at the primary.',
  CLUSTERDOWN: 'The Redis cluster is down: some slots are not served.',
  TRYAGAIN: 'The Redis cluster is moving slots.',
  BUSY: 'Redis is busy running a script.',
  NOAUTH: 'Redis requires a password: add it to REDIS_URL.',
  WRONGPASS: 'Redis rejects the user or password in REDIS_URL.',
  NOPERM:
    'The user in REDIS_URL lacks permissions in Redis: allow it every command on the keys and channels {gb}*.',
  EXECABORT: 'Redis discarded a transaction.',
  MAXCLIENTS: 'Redis has reached its connection limit: raise maxclients.',
} as const

export type RedisErrorCode = keyof typeof MESSAGES

/** Redis 6 wraps errors of commands in scripts; newer versions do not. */
const REPLY = new RegExp(`^(?:ERR Error running script.*-)?(${Object.keys(MESSAGES).join('|')})\\b`, 's')

/** The Redis error code of this error, its cause, or an error in a transaction; null for other errors. */
export function redisErrorCode(error: unknown, depth = 0): RedisErrorCode | null {
  if (!(error instanceof Error) || depth > 4) return null
  // The transaction was discarded because of these.
  const { previousErrors } = error as { previousErrors?: unknown }
  for (const earlier of Array.isArray(previousErrors) ? previousErrors : []) {
    const fault = redisErrorCode(earlier, depth + 1)
    if (fault !== null) return fault
  }
  if (/max number of clients reached/.test(error.message)) return 'MAXCLIENTS'
  const reply = REPLY.exec(error.message)?.[1]
  return reply === undefined ? redisErrorCode(error.cause, depth + 1) : (reply as RedisErrorCode)
}

/** The advice for an error; null when it is not a Redis reply. */
export function describeRedisError(error: unknown): string | null {
  const fault = redisErrorCode(error)
  return fault === null ? null : MESSAGES[fault]
}
