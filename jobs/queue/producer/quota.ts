import { kindOfHolder, type JobRecord, type PreferenceHolder } from '#contract'
import type { RedisLike } from '../connect.ts'
import { costLimitProblem, unpricedProblem } from './cost-limit.ts'
import { ModelUnpricedError, QuotaError, type QuotaName } from './errors.ts'
import { liveWorkers } from '../events/live-workers.ts'
import { keys } from '../names.ts'
import type { QuotaLimits, Quotas } from './quotas.ts'
import { KEEP_SECONDS, MICRO, quotaHolderOf, dayOf, monthOf } from '../usage.ts'

/** Time for an admitted job to appear in the waiting index, in milliseconds. */
const QUEUE_GRACE_MS = 60_000

/*
 * Open jobs are looked up in the waiting and active indexes instead of counted up and down, so that a crash cannot leave a
 * wrong count. Admission of the same job is idempotent. Returns the exceeded limit and its usage, or an empty name.
 * KEYS: admitted jobs, jobs of the day, sums of the day, indexes of waiting, active and all jobs, then sums of a month,
 * whose limits are the last arguments.
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
  for i = 7, #KEYS do
    if redis.call('HGET', KEYS[i], 'unknown') then return { 'month_cost_unknown', 0, i - 7 } end
    local spent = tonumber(redis.call('HGET', KEYS[i], 'cost') or '0')
    if spent >= tonumber(ARGV[i + 2]) then return { 'cost_per_month', spent, i - 7 } end
  end
end
redis.call('ZADD', KEYS[1], now, id)
redis.call('EXPIRE', KEYS[1], ARGV[8])
redis.call('SADD', KEYS[2], id)
redis.call('EXPIRE', KEYS[2], ARGV[8])
return { '', 0, 0 }
`

type Scripts = {
  gbAdmit(count: number, ...args: string[]): Promise<[QuotaName | '', number, number?]>
}

/** Quotas, counted in Redis and shared by all processes. Throws connection errors. */
export function makeQuota(deps: { client: RedisLike; quotas: Quotas }) {
  const { client, quotas } = deps
  client.defineCommand('gbAdmit', { lua: ADMIT })
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
      const months = record.preferences?.monthLimits ?? []
      if (Object.values(limits).every((limit) => limit === 0) && !hasCostLimit(record)) return
      const workers = limits.costPerDay > 0 || hasCostLimit(record) ? await liveWorkers(client) : []
      const fault =
        (limits.costPerDay > 0 ? costLimitProblem(quotas, workers) : null) ??
        (hasCostLimit(record) ? unpricedProblem('A cost limit of this channel or workspace', workers) : null)
      if (fault !== null) throw new ModelUnpricedError(fault)
      const [name, used, at = 0] = await scripted.gbAdmit(
        6 + months.length,
        keys.quotaOpen(holder.id),
        keys.quotaJobs(holder.id, dayOf(now)),
        keys.quotaSums(holder.id, dayOf(now)),
        keys.byState('waiting'),
        keys.byState('active'),
        keys.all,
        ...months.map((month) => keys.quotaMonth(month.holder, monthOf(now))),
        record.jobId,
        String(now.getTime()),
        String(QUEUE_GRACE_MS),
        String(limits.jobsAtOnce),
        String(limits.jobsPerDay),
        String(limits.tokensPerDay),
        String(Math.round(limits.costPerDay * MICRO)),
        String(KEEP_SECONDS),
        ...months.map(({ usd }) => String(Math.round(usd * MICRO))),
      )
      if (name === '') return
      const month = months[at]
      if (month !== undefined && (name === 'cost_per_month' || name === 'month_cost_unknown'))
        throw new QuotaError({
          name,
          used: used / MICRO,
          limit: month.usd,
          holder: kindOfHolder(month.holder) === 'channel' ? 'This channel has' : 'This workspace has',
          resetsAt: nextMonth(now),
          now,
        })
      throw new QuotaError({
        name,
        used: name === 'cost_per_day' ? used / MICRO : used,
        limit: limitOf(limits, name),
        holder:
          holder.kind === 'user'
            ? 'You have'
            : record.owner === null
              ? 'This API has'
              : `The API key "${record.owner}" has`,
        resetsAt: name === 'jobs_at_once' ? null : nextDay(now),
        now,
      })
    },

    /** What the jobs of a channel or workspace have cost in this month. */
    async spentInMonth(holder: PreferenceHolder, now = new Date()) {
      const month = monthOf(now)
      const [cost, unknown] = await client.hmget(keys.quotaMonth(holder, month), 'cost', 'unknown')
      return { month, usd: Number(cost ?? 0) / MICRO, isIncomplete: unknown !== null }
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
    case 'cost_per_month':
    case 'month_cost_unknown':
      return 0
  }
}

const nextDay = (now: Date) => new Date(Date.parse(`${dayOf(now)}T00:00:00Z`) + 24 * 3_600_000)

const nextMonth = (now: Date) => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1))

const hasCostLimit = ({ preferences }: JobRecord): boolean =>
  preferences !== undefined &&
  (preferences.monthLimits.length > 0 || preferences.applied.jobCostUsd !== undefined)
