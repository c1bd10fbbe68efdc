/** What a Redis says that is there and cannot do what is needed, by the first word of its reply, for the operator. */
const FAULTS = {
  OOM: 'Redis has reached its maxmemory and takes no more writes: raise maxmemory, or free memory.',
  READONLY: 'Redis is a read-only replica and takes no writes: point REDIS_URL at the primary.',
  MISCONF:
    'Redis takes no writes because it cannot save to its disk: check its log and the space on that disk.',
  NOREPLICAS: 'Redis takes no writes because too few replicas are connected (min-replicas-to-write).',
  LOADING: 'Redis is starting and still loads its data.',
  MASTERDOWN: 'Redis is a replica that has lost its primary: point REDIS_URL at the primary.',
  CLUSTERDOWN: 'The Redis cluster is down: some of its slots are not served.',
  TRYAGAIN: 'The Redis cluster is moving slots.',
  BUSY: 'Redis is busy with a script.',
  NOAUTH: 'Redis asks for a password: put it into REDIS_URL.',
  WRONGPASS: 'Redis does not accept the user or password in REDIS_URL.',
  NOPERM:
    'The user in REDIS_URL lacks permissions in Redis: allow it every command on the keys and channels {gb}*.',
  EXECABORT: 'Redis discarded a transaction.',
  MAXCLIENTS: 'Redis has as many connections as it takes: raise its maxclients.',
} as const

export type RedisFault = keyof typeof FAULTS

/** Redis 6 wraps what a command in a script is refused with; newer ones pass it on. */
const REPLY = new RegExp(`^(?:ERR Error running script.*-)?(${Object.keys(FAULTS).join('|')})\\b`, 's')

/** Why Redis could not serve, where this error, what caused it, or what a transaction met says so; else null. */
export function redisFaultOf(error: unknown, depth = 0): RedisFault | null {
  if (!(error instanceof Error) || depth > 4) return null
  // The transaction was discarded because of these.
  const { previousErrors } = error as { previousErrors?: unknown }
  for (const earlier of Array.isArray(previousErrors) ? previousErrors : []) {
    const fault = redisFaultOf(earlier, depth + 1)
    if (fault !== null) return fault
  }
  if (/max number of clients reached/.test(error.message)) return 'MAXCLIENTS'
  const reply = REPLY.exec(error.message)?.[1]
  return reply === undefined ? redisFaultOf(error.cause, depth + 1) : (reply as RedisFault)
}

/** The same in a sentence; null where the error does not come from a Redis that answers. */
export function describeRedisFault(error: unknown): string | null {
  const fault = redisFaultOf(error)
  return fault === null ? null : FAULTS[fault]
}
