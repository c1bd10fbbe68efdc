import { z } from 'zod'
import { ModelUsage, requesterOf, type JobId, type JobOutcome, type JobRecord } from '#contract'
import type { JobStore } from '#store/job-store'
import type { RedisLike } from './connect.ts'
import { keys } from './names.ts'

/** Retention of daily counters. */
export const KEEP_SECONDS = 48 * 3600
/** Costs are counted in millionths of a dollar. */
export const MICRO = 1_000_000

/** Checkpoint with the usage of a job so far. */
const ACCOUNT_CHECKPOINT = 'account'

/*
 * Adds the usage of a job since the last count: idempotent, and safe to call before the job has ended.
 * KEYS: counted usage of the job, sums of the day. Cost is in millionths of a dollar; an unknown cost sets a flag.
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

/** Counts model usage in Redis, shared by all processes. Throws connection errors. */
export function makeUsageCounter(client: RedisLike) {
  client.defineCommand('gbSpend', { numberOfKeys: 2, lua: SPEND })
  const scripted = client as unknown as Scripts

  return {
    /** Counts the usage of a job on the day it ended. Idempotent. */
    async record(record: JobRecord, used: ModelUsage, endedAt: Date): Promise<void> {
      const tokens = used.inputTokens + used.outputTokens
      const cost = Math.round((used.costUsd ?? 0) * MICRO)
      const isOver = Date.now() - endedAt.getTime() > KEEP_SECONDS * 1000
      if (isOver || (tokens === 0 && cost === 0)) return
      const sums = keys.quotaSums(quotaHolderOf(record).id, dayOf(endedAt))
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

/** The quota holder of a job: the person in a chat, else the API key; `anyone` without keys. */
export function quotaHolderOf({ origin, owner }: JobRecord): { kind: 'key' | 'user'; id: string } {
  const requester = requesterOf(origin)
  if (requester !== null) return { kind: 'user', id: `user:${requester}` }
  return { kind: 'key', id: owner === null ? 'anyone' : `key:${owner}` }
}

/** Model usage of an ended job, including cancelled ones; null when it called no model. */
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

/** Model usage of a job so far, as last stored by its worker; null when it called no model. */
export async function usedSoFar(
  store: Pick<JobStore, 'readCheckpoint'>,
  jobId: JobId,
): Promise<ModelUsage | null> {
  const kept = z
    .object({ spent: ModelUsage })
    .safeParse(await store.readCheckpoint(jobId, ACCOUNT_CHECKPOINT))
  return kept.success ? kept.data.spent : null
}

/** Days begin at 00:00 UTC. */
export const dayOf = (date: Date) => date.toISOString().slice(0, 10)
