import { createHash, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { JobId } from '#contract'
import type { RedisLike } from '../connect.ts'
import { IdempotencyConflictError } from './errors.ts'
import { keys } from '../names.ts'

/** `bodyHash` identifies the request: equal requests have equal hashes. */
export type Idempotency = { key: string; caller: string; bodyHash: string }

/** Request ids: `pending` is being accepted, `by` was accepted. */
const Stored = z.object({
  jobId: JobId,
  bodyHash: z.string(),
  pending: z.string().optional(),
  by: z.string().optional(),
})
type Stored = z.infer<typeof Stored>

/** A claim on a key by one request. `pending` and `settled` are its values in Redis. */
export type KeyClaim = {
  /** `ours`: this request holds the key. `settled`: the job was stored and queued earlier. */
  readonly kind: 'ours' | 'settled'
  readonly jobId: JobId
  readonly redisKey: string
  readonly pending: string
  readonly settled: string
}

const KEEP_SECONDS = 24 * 3600
const POLL_MS = 20

/** Compare-and-set: no change when another request has taken over. */
const REPLACE = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
return 1
`
const DROP = `
local value = redis.call('GET', KEYS[1])
if value ~= ARGV[1] and value ~= ARGV[2] then return 0 end
return redis.call('DEL', KEYS[1])
`

type Scripts = {
  gbReplaceKey(key: string, expected: string, next: string, seconds: string): Promise<number>
  gbDropKey(key: string, pending: string, settled: string): Promise<number>
}

/*
 *   free ─► pending ─► settled       accepted: the key maps to its job for 24 hours
 *     ▲        │
 *     └────────┘                     rejected: the key is free again
 *
 * Only the request that claimed a key moves it on. Others with the same key wait; after `timeoutMs` the first of them takes
 * over, because the request may have died.
 */
export function makeIdempotency(deps: {
  readonly client: RedisLike
  /** How long a request waits for another with the same key, in milliseconds. Default 3,000. */
  readonly timeoutMs?: number | undefined
}) {
  const { client, timeoutMs = 3_000 } = deps
  client.defineCommand('gbReplaceKey', { numberOfKeys: 1, lua: REPLACE })
  client.defineCommand('gbDropKey', { numberOfKeys: 1, lua: DROP })
  const scripted = client as unknown as Scripts
  const replace = async (redisKey: string, expected: string, next: string) =>
    (await scripted.gbReplaceKey(redisKey, expected, next, String(KEEP_SECONDS))) === 1

  return {
    /**
     * Claims a key for a job, or returns the job it maps to. A claim that is `ours` may refer to the job of a request that died
     * or is slow: decide about that job in the store, and call `move` if it is withdrawn.
     *
     * @throws IdempotencyConflictError when the key was used for a different request.
     */
    async claim(jobId: JobId, wanted: Idempotency, signal?: AbortSignal): Promise<KeyClaim> {
      const redisKey = redisKeyOf(wanted)
      const ours = claimOf(redisKey, { jobId, bodyHash: wanted.bodyHash })
      let watched = { text: '', since: performance.now() }
      for (;;) {
        signal?.throwIfAborted()
        if ((await client.set(redisKey, ours.pending, 'EX', KEEP_SECONDS, 'NX')) !== null) return ours
        const held = await client.get(redisKey)
        // Expired or freed in between.
        if (held === null) continue
        const earlier = Stored.parse(JSON.parse(held))
        if (earlier.bodyHash !== wanted.bodyHash) throw new IdempotencyConflictError()
        if (earlier.pending === undefined)
          return { kind: 'settled', jobId: earlier.jobId, redisKey, pending: held, settled: held }
        if (watched.text !== held) watched = { text: held, since: performance.now() }
        if (performance.now() - watched.since >= timeoutMs) {
          const next = claimOf(redisKey, earlier)
          if (await replace(redisKey, held, next.pending)) return next
        }
        await sleep(POLL_MS)
      }
    },

    /** Moves a claim to another job, which is then `ours`; null when another request was faster. */
    async move(claim: KeyClaim, jobId: JobId): Promise<KeyClaim | null> {
      const { bodyHash } = Stored.parse(JSON.parse(claim.pending))
      const next = claimOf(claim.redisKey, { jobId, bodyHash })
      return (await replace(claim.redisKey, claim.pending, next.pending)) ? next : null
    },

    /** The job was accepted. False when another request has taken over. */
    settle: (claim: KeyClaim): Promise<boolean> => replace(claim.redisKey, claim.pending, claim.settled),

    /** The job was rejected: frees the key. False when another request has taken over. */
    drop: async (claim: KeyClaim): Promise<boolean> =>
      (await scripted.gbDropKey(claim.redisKey, claim.pending, claim.settled)) === 1,
  }
}
export type IdempotencyKeys = ReturnType<typeof makeIdempotency>

function claimOf(redisKey: string, { jobId, bodyHash }: Pick<Stored, 'jobId' | 'bodyHash'>): KeyClaim {
  const request = randomUUID()
  const stored: Stored = { jobId, bodyHash }
  return {
    kind: 'ours',
    jobId,
    redisKey,
    pending: JSON.stringify({ ...stored, pending: request } satisfies Stored),
    settled: JSON.stringify({ ...stored, by: request } satisfies Stored),
  }
}

/** Hashed, so that caller and key cannot be read or forged through each other. */
function redisKeyOf({ caller, key }: Idempotency): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([caller, key]))
    .digest('hex')
  return keys.idempotency(digest)
}
