import { z } from 'zod'
import { ModelUsage, requesterOf, type JobId, type JobOutcome, type JobRecord } from '#contract'
import type { JobStore } from '#store/job-store'
import type { RedisLike } from './connect.ts'
import { keys } from './names.ts'

/** How long what was counted of a day is kept. */
export const KEEP_SECONDS = 48 * 3600
/** Costs are counted in millionths of a dollar. */
export const MICRO = 1_000_000

/** Where the pipeline keeps what a job has used so far. */
const ACCOUNT = 'account'

/*
 * Adds what a job has used since it was counted last, so that it may be repeated, and may come too early.
 * KEYS: what was counted of the job, sums of the day. A cost is in millionths of a dollar; one that is not known is noted.
 */
const SPEND = `
for i, field in ipairs({ 'tokens', 'cost' }) do
  local used = tonumber(ARGV[i])
  local more = used - tonumber(redis.call('HGET', KEYS[1], field) or '0')
  if more > 0 then
    redis.call('HINCRBY', KEYS[2], field, more)
    redis.call('HSET', KEYS[1], field, used)
  end
end
if ARGV[4] == '1' then redis.call('HSET', KEYS[2], 'unknown', 1) end
redis.call('EXPIRE', KEYS[1], ARGV[3])
redis.call('EXPIRE', KEYS[2], ARGV[3])
return 1
`

type Scripts = { gbSpend(...args: string[]): Promise<number> }

/** Counts what jobs use of a model, in Redis for all processes together. Throws what the connection throws. */
export function makeUsageCounter(client: RedisLike) {
  client.defineCommand('gbSpend', { numberOfKeys: 2, lua: SPEND })
  const scripted = client as unknown as Scripts

  return {
    /** Counts what a job has used, on the day on which it ended. To be repeated at will. */
    async spend(record: JobRecord, used: ModelUsage, endedAt: Date): Promise<void> {
      const tokens = used.inputTokens + used.outputTokens
      const cost = Math.round((used.costUsd ?? 0) * MICRO)
      const isOver = Date.now() - endedAt.getTime() > KEEP_SECONDS * 1000
      if (isOver || (tokens === 0 && cost === 0)) return
      const sums = keys.quotaSums(askerOf(record).id, dayOf(endedAt))
      await scripted.gbSpend(
        keys.quotaJob(record.jobId),
        sums,
        String(tokens),
        String(cost),
        String(KEEP_SECONDS),
        used.costUsd === null ? '1' : '0',
      )
    },
  }
}
export type UsageCounter = ReturnType<typeof makeUsageCounter>

/** Who pays for a job: the person in a chat, or else the API key; all together where there are no keys. */
export function askerOf({ origin, owner }: JobRecord): { kind: 'key' | 'user'; id: string } {
  const requester = requesterOf(origin)
  if (requester !== null) return { kind: 'user', id: `user:${requester}` }
  return { kind: 'key', id: owner === null ? 'anyone' : `key:${owner}` }
}

/** What a job has used, also where it was cancelled half-way; null where it asked no model. */
export async function usedBy(
  store: Pick<JobStore, 'readCheckpoint'>,
  jobId: JobId,
  outcome: JobOutcome,
): Promise<ModelUsage | null> {
  if (outcome.state === 'completed') return outcome.report.ledger
  const kept = await usedSoFar(store, jobId)
  if (kept !== null) return kept
  return outcome.ledger ?? (outcome.state === 'failed' ? (outcome.report?.ledger ?? null) : null)
}

/** What a job has used of a model, as its worker noted it last; null where it asked none. */
export async function usedSoFar(
  store: Pick<JobStore, 'readCheckpoint'>,
  jobId: JobId,
): Promise<ModelUsage | null> {
  const kept = z.object({ spent: ModelUsage }).safeParse(await store.readCheckpoint(jobId, ACCOUNT))
  return kept.success ? kept.data.spent : null
}

/** Days begin at 00:00 UTC. */
export const dayOf = (date: Date) => date.toISOString().slice(0, 10)
