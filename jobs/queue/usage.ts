import { z } from 'zod'
import { ModelUsage, holdersOf, requesterOf, type JobId, type JobOutcome, type JobRecord } from '#contract'
import type { JobStore } from '#store/job-store'
import type { RedisLike } from './connect.ts'
import { keys } from './names.ts'

/** Retention of daily counters. */
export const KEEP_SECONDS = 48 * 3600
/** Retention of monthly counters, and of what they have counted. */
const KEEP_MONTH_SECONDS = 40 * 24 * 3600
/** Costs are counted in millionths of a dollar. */
export const MICRO = 1_000_000

/** Checkpoint with the usage of a job so far. */
const ACCOUNT_CHECKPOINT = 'account'

/*
 * Adds the usage of a job since the last count to every sum: idempotent, and safe to call before the job has ended.
 * KEYS: counted usage of the job, then sums. ARGV: tokens, cost in millionths of a dollar, whether a cost is unknown, and
 * how long each key is kept.
 */
const SPEND = `
for i, field in ipairs({ 'tokens', 'cost' }) do
  local used = tonumber(ARGV[i])
  local more = used - tonumber(redis.call('HGET', KEYS[1], field) or '0')
  if more > 0 then
    for k = 2, #KEYS do redis.call('HINCRBY', KEYS[k], field, more) end
    redis.call('HSET', KEYS[1], field, used)
  end
end
for k = 1, #KEYS do
  if k > 1 and ARGV[3] == '1' then redis.call('HSET', KEYS[k], 'unknown', 1) end
  redis.call('EXPIRE', KEYS[k], ARGV[3 + k])
end
return 1
`

type Scripts = { gbSpend(count: number, ...args: string[]): Promise<number> }

/** Counts model usage in Redis, shared by all processes. Throws connection errors. */
export function makeUsageCounter(client: RedisLike) {
  client.defineCommand('gbSpend', { lua: SPEND })
  const scripted = client as unknown as Scripts

  return {
    /** Counts the usage of a job in the day and the month it ended. Idempotent. */
    async record(record: JobRecord, used: ModelUsage, endedAt: Date): Promise<void> {
      const tokens = used.inputTokens + used.outputTokens
      const cost = Math.round((used.costUsd ?? 0) * MICRO)
      if (tokens === 0 && cost === 0) return
      const seconds = (Date.now() - endedAt.getTime()) / 1000
      const day = { key: keys.quotaSums(quotaHolderOf(record).id, dayOf(endedAt)), keep: KEEP_SECONDS }
      const months = spendersOf(record).map((holder) => ({
        key: keys.quotaMonth(holder, monthOf(endedAt)),
        keep: KEEP_MONTH_SECONDS,
      }))
      const sums = [day, ...months].filter(({ keep }) => seconds <= keep)
      if (sums.length === 0) return
      const counted = { key: keys.quotaJob(record.jobId), keep: Math.max(...sums.map(({ keep }) => keep)) }
      const all = [counted, ...sums]
      await scripted.gbSpend(
        all.length,
        ...all.map(({ key }) => key),
        String(tokens),
        String(cost),
        used.costUsd === null ? '1' : '0',
        ...all.map(({ keep }) => String(keep)),
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

/** The channel and the workspace that a job is charged to, for their monthly limits. */
export function spendersOf({ origin }: Pick<JobRecord, 'origin'>): string[] {
  const { channel, workspace } = holdersOf(origin)
  return [channel, workspace].filter((holder) => holder !== null)
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

/** Months begin at 00:00 UTC. */
export const monthOf = (date: Date) => date.toISOString().slice(0, 7)

/** Days begin at 00:00 UTC. */
export const dayOf = (date: Date) => date.toISOString().slice(0, 10)
