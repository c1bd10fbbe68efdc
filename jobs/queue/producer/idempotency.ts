import { createHash, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { JobId } from '#contract'
import type { RedisLike } from '../connect.ts'
import { IdempotencyConflictError } from './errors.ts'
import { keys } from '../names.ts'

/** `bodyHash` stands for the request: equal requests have equal hashes. */
export type Idempotency = { key: string; caller: string; bodyHash: string }

/** `pending` and `by` name a request: the one that is still being accepted, or the one that was. */
const Stored = z.object({
  jobId: JobId,
  bodyHash: z.string(),
  pending: z.string().optional(),
  by: z.string().optional(),
})
type Stored = z.infer<typeof Stored>

/** A key as one request sees it. `pending` and `settled` are its values in Redis. */
export type KeyClaim = {
  /** `ours`: no other request has the key now. `settled`: the job was stored and queued earlier. */
  readonly kind: 'ours' | 'settled'
  readonly jobId: JobId
  readonly redisKey: string
  readonly pending: string
  readonly settled: string
}

const KEEP_SECONDS = 24 * 3600
const POLL_MS = 20

/** Both only where the value is still the expected one: whoever was overtaken changes nothing. */
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
 *   free ─► pending ─► settled       accepted: the key stands for its job, for 24 hours
 *     ▲        │
 *     └────────┘                     refused: the key is free again
 *
 * Only the request that made a key pending moves it on. Others with the same key wait for that; after `patienceMs` the
 * first of them takes its place, since it may have died.
 */
export function makeIdempotency(deps: {
  readonly client: RedisLike
  /** How long a request waits for another one under its key, in milliseconds. Default 3,000. */
  readonly patienceMs?: number | undefined
}) {
  const { client, patienceMs = 3_000 } = deps
  client.defineCommand('gbReplaceKey', { numberOfKeys: 1, lua: REPLACE })
  client.defineCommand('gbDropKey', { numberOfKeys: 1, lua: DROP })
  const scripted = client as unknown as Scripts
  const replace = async (redisKey: string, expected: string, next: string) =>
    (await scripted.gbReplaceKey(redisKey, expected, next, String(KEEP_SECONDS))) === 1

  return {
    /**
     * Claims a caller's key for a job, or gives the job that it stands for. A claim that is `ours` may name the job of a
     * request that died half-way, or is slow: decide about that job in the store, and move the claim on with `move` if it
     * is withdrawn.
     *
     * @throws IdempotencyConflictError when the key stands for a different request.
     */
    async claim(jobId: JobId, wanted: Idempotency, signal?: AbortSignal): Promise<KeyClaim> {
      const redisKey = redisKeyOf(wanted)
      const ours = claimOf(redisKey, { jobId, bodyHash: wanted.bodyHash })
      let watched = { text: '', since: performance.now() }
      for (;;) {
        signal?.throwIfAborted()
        if ((await client.set(redisKey, ours.pending, 'EX', KEEP_SECONDS, 'NX')) !== null) return ours
        const held = await client.get(redisKey)
        // It ran out, or was freed, between the two looks.
        if (held === null) continue
        const earlier = Stored.parse(JSON.parse(held))
        if (earlier.bodyHash !== wanted.bodyHash) throw new IdempotencyConflictError()
        if (earlier.pending === undefined)
          return { kind: 'settled', jobId: earlier.jobId, redisKey, pending: held, settled: held }
        if (watched.text !== held) watched = { text: held, since: performance.now() }
        if (performance.now() - watched.since >= patienceMs) {
          const next = claimOf(redisKey, earlier)
          if (await replace(redisKey, held, next.pending)) return next
        }
        await sleep(POLL_MS)
      }
    },

    /** Points a claim at another job, which is then `ours` to accept; null when another request was faster. */
    async move(claim: KeyClaim, jobId: JobId): Promise<KeyClaim | null> {
      const { bodyHash } = Stored.parse(JSON.parse(claim.pending))
      const next = claimOf(claim.redisKey, { jobId, bodyHash })
      return (await replace(claim.redisKey, claim.pending, next.pending)) ? next : null
    },

    /** The job was accepted. False when another request has taken our place. */
    settle: (claim: KeyClaim): Promise<boolean> => replace(claim.redisKey, claim.pending, claim.settled),

    /** The job was refused: the key is free again. False when another request has taken our place. */
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

/** Hashed, so that neither caller nor key can be read or forged through the other. */
function redisKeyOf({ caller, key }: Idempotency): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([caller, key]))
    .digest('hex')
  return keys.idempotency(digest)
}
