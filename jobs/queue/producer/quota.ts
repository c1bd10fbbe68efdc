import type { JobRecord } from '#contract'
import type { RedisLike } from '../connect.ts'
import { costLimitProblem } from './cost-limit.ts'
import { ModelUnpricedError, QuotaError, type QuotaName } from './errors.ts'
import { liveWorkers } from '../events/live-workers.ts'
import { keys } from '../names.ts'
import type { QuotaLimits, Quotas } from './quotas.ts'
import { KEEP_SECONDS, MICRO, quotaHolderOf, dayOf } from '../usage.ts'

/** Time for an admitted job to appear in the waiting index, in milliseconds. */
const QUEUE_GRACE_MS = 60_000

/*
 * Open jobs are looked up in the waiting and active indexes instead of counted up and down, so that a crash cannot leave a
 * wrong count. Admission of the same job is idempotent. Returns the exceeded limit and its usage, or an empty name.
 * KEYS: admitted jobs, jobs of the day, sums of the day, indexes of waiting, active and all jobs.
 */
const ADMIT = `
local id, now = ARGV[1], tonumber(ARGV[2])
local open = 0
local admitted = redis.call('ZRANGE', KEYS[1], 0, -1, 'WITHSCORES')
for i = 1, #admitted, 2 do
  local other, since = admitted[i], tonumber(admitted[i + 1])
  if other ~= id then
    if redis.call('ZSCORE', KEYS[4], other) or redis.call('ZSCORE', KEYS[5], other) then
      open = open + 1
    elseif redis.call('ZSCORE', KEYS[6], other) or now - since > tonumber(ARGV[3]) then
      redis.call('ZREM', KEYS[1], other)
    else
      open = open + 1
    end
  end
end
local atOnce, perDay, tokensMax, costMax = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
if redis.call('SISMEMBER', KEYS[2], id) == 0 then
  if atOnce > 0 and open >= atOnce then return { 'jobs_at_once', open } end
  local today = redis.call('SCARD', KEYS[2])
  if perDay > 0 and today >= perDay then return { 'jobs_per_day', today } end
  local tokens = tonumber(redis.call('HGET', KEYS[3], 'tokens') or '0')
  if tokensMax > 0 and tokens >= tokensMax then return { 'tokens_per_day', tokens } end
  local cost = tonumber(redis.call('HGET', KEYS[3], 'cost') or '0')
  if costMax > 0 and redis.call('HGET', KEYS[3], 'unknown') then return { 'cost_unknown', 0 } end
  if costMax > 0 and cost >= costMax then return { 'cost_per_day', cost } end
end
redis.call('ZADD', KEYS[1], now, id)
redis.call('EXPIRE', KEYS[1], ARGV[8])
redis.call('SADD', KEYS[2], id)
redis.call('EXPIRE', KEYS[2], ARGV[8])
return { '', 0 }
`

type Scripts = {
  gbAdmit(...args: string[]): Promise<[QuotaName | '', number]>
}

/** Quotas, counted in Redis and shared by all processes. Throws connection errors. */
export function makeQuota(deps: { client: RedisLike; quotas: Quotas }) {
  const { client, quotas } = deps
  client.defineCommand('gbAdmit', { numberOfKeys: 6, lua: ADMIT })
  const scripted = client as unknown as Scripts

  return {
    /**
     * Admits a job. Idempotent.
     *
     * @throws QuotaError when a limit is reached.
     * @throws ModelUnpricedError when there is a cost limit and a worker without model prices.
     */
    async admit(record: JobRecord, now = new Date()): Promise<void> {
      const holder = quotaHolderOf(record)
      const limits = quotas[holder.kind]
      if (Object.values(limits).every((limit) => limit === 0)) return
      const fault = limits.costPerDay > 0 ? costLimitProblem(quotas, await liveWorkers(client)) : null
      if (fault !== null) throw new ModelUnpricedError(fault)
      const [name, used] = await scripted.gbAdmit(
        keys.quotaOpen(holder.id),
        keys.quotaJobs(holder.id, dayOf(now)),
        keys.quotaSums(holder.id, dayOf(now)),
        keys.byState('waiting'),
        keys.byState('active'),
        keys.all,
        record.jobId,
        String(now.getTime()),
        String(QUEUE_GRACE_MS),
        String(limits.jobsAtOnce),
        String(limits.jobsPerDay),
        String(limits.tokensPerDay),
        String(Math.round(limits.costPerDay * MICRO)),
        String(KEEP_SECONDS),
      )
      if (name === '') return
      throw new QuotaError({
        name,
        used: name === 'cost_per_day' ? used / MICRO : used,
        limit: limitOf(limits, name),
        keyName: holder.kind === 'user' ? null : record.owner,
        isPerson: holder.kind === 'user',
        resetsAt: name === 'jobs_at_once' ? null : nextDay(now),
        now,
      })
    },

    /** Releases an admitted job that was rejected for another reason. */
    async release(record: JobRecord, now = new Date()): Promise<void> {
      const holder = quotaHolderOf(record)
      await client.zrem(keys.quotaOpen(holder.id), record.jobId)
      await client.srem(keys.quotaJobs(holder.id, dayOf(now)), record.jobId)
    },
  }
}
export type Quota = ReturnType<typeof makeQuota>

function limitOf(limits: QuotaLimits, name: QuotaName): number {
  switch (name) {
    case 'jobs_at_once':
      return limits.jobsAtOnce
    case 'jobs_per_day':
      return limits.jobsPerDay
    case 'tokens_per_day':
      return limits.tokensPerDay
    case 'cost_per_day':
    case 'cost_unknown':
      return limits.costPerDay
  }
}

const nextDay = (now: Date) => new Date(Date.parse(`${dayOf(now)}T00:00:00Z`) + 24 * 3_600_000)
