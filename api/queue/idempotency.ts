import { createHash } from 'node:crypto'
import { z } from 'zod'
import { JobId } from '#contract'
import type { RedisLike } from './connect.ts'
import { IdempotencyConflictError } from './errors.ts'
import { keys } from './names.ts'

/** `bodyHash` stands for the request: equal requests have equal hashes. */
export type Idempotency = { key: string; caller: string; bodyHash: string }

const Claim = z.object({ jobId: JobId, bodyHash: z.string() })
const KEEP_SECONDS = 24 * 3600

/**
 * Claims a caller's key for a job, for 24 hours. Gives the job that the key stands for: this one, or the one of an
 * earlier equal request, which may have crashed right after its claim.
 *
 * @throws IdempotencyConflictError when the key stands for a different request.
 */
export async function claimKey(client: RedisLike, jobId: JobId, wanted: Idempotency): Promise<JobId> {
  const key = redisKeyOf(wanted)
  const claim: z.infer<typeof Claim> = { jobId, bodyHash: wanted.bodyHash }
  for (;;) {
    if ((await client.set(key, JSON.stringify(claim), 'EX', KEEP_SECONDS, 'NX')) !== null) return jobId
    const held = await client.get(key)
    // It ran out between the two looks.
    if (held === null) continue
    const earlier = Claim.parse(JSON.parse(held))
    if (earlier.bodyHash !== wanted.bodyHash) throw new IdempotencyConflictError()
    return earlier.jobId
  }
}

/** Takes a claim back, so that the key can be used as if for the first time. */
export async function releaseKey(client: RedisLike, wanted: Idempotency): Promise<void> {
  await client.del(redisKeyOf(wanted))
}

/** Hashed, so that neither caller nor key can be read or forged through the other. */
function redisKeyOf({ caller, key }: Idempotency): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([caller, key]))
    .digest('hex')
  return keys.idempotency(digest)
}
