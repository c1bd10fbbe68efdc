import { isFinal, type Failure, type JobId, type JobOutcome } from '#contract'
import type { RedisLike } from '../connect.ts'
import { METRICS_KEY, incrementsOf, type Increment } from './metrics.ts'
import { STATES, parseEntries, type JobEvent, type LogEntry } from './job-event.ts'
import { CHANGES_CHANNEL, bullKey, keys } from '../names.ts'

/** A long run has about sixty changes; retries and crashes multiply that. */
const MAX_CHANGES = 500
const KEEP_FINAL_SECONDS = 24 * 3600
/** Retention for jobs that never end. */
const KEEP_OPEN_SECONDS = 14 * 24 * 3600

/*
 * Appends the change, updates the indexes and publishes it, atomically. Nothing follows a final change, and `create` does
 * nothing in an existing event log, so both are idempotent. `stalled` applies only while the job is waiting again, `resume`
 * only while no worker has taken a job that was parked with a plan.
 * KEYS: event log, BullMQ's wait list, index of all jobs, indexes by state, parked jobs, metrics. Stream fields: state, change.
 * After the channel, ARGV contains whether the job is parked, then metrics fields and their increments.
 */
const APPEND = `
local log, id, state, mode = KEYS[1], ARGV[1], ARGV[2], ARGV[4]
local parked = KEYS[#KEYS - 1]
if mode == 'stalled' and not redis.call('LPOS', KEYS[2], id) then return { '', 0 } end
if mode == 'resume' and not redis.call('ZSCORE', parked, id) then return { '', 0 } end
local last = redis.call('XREVRANGE', log, '+', '-', 'COUNT', 1)[1]
local was = last and last[2][2] or ''
local closed = was == 'completed' or was == 'failed' or was == 'cancelled'
local entry = last and last[1] or ''
local added = 0
if not closed and not (last and mode == 'create') then
  entry = redis.call('XADD', log, 'MAXLEN', '~', ARGV[5], '*', 'state', state, 'change', ARGV[3])
  redis.call('EXPIRE', log, ARGV[6])
  added = 1
else
  state = was
end
if state ~= was or mode == 'create' or mode == 'final' then
  redis.call('ZADD', KEYS[3], 0, id)
  for i = 4, #KEYS - 2 do
    if KEYS[i]:sub(-#state) == state then redis.call('ZADD', KEYS[i], 0, id) else redis.call('ZREM', KEYS[i], id) end
  end
end
if added == 1 and ARGV[8] == '1' then
  redis.call('ZADD', parked, 0, id)
elseif state ~= 'waiting' then
  redis.call('ZREM', parked, id)
end
if added == 1 then
  for i = 9, #ARGV, 2 do redis.call('HINCRBY', KEYS[#KEYS], ARGV[i], ARGV[i + 1]) end
  redis.call('PUBLISH', ARGV[7], id .. ' ' .. state)
end
return { entry, added }
`

type Appender = { gbAppend(...args: string[]): Promise<[string, number]> }
type Mode = 'create' | 'change' | 'stalled' | 'resume' | 'final'

/**
 * The event log of each job, one stream per job. Throws connection errors.
 */
export function makeEventLog(client: RedisLike) {
  client.defineCommand('gbAppend', { numberOfKeys: 5 + STATES.length, lua: APPEND })
  const scripted = client as unknown as Appender

  async function append(
    jobId: JobId,
    change: JobEvent,
    mode: Mode,
    increments: readonly Increment[] = [],
  ): Promise<{ id: string; added: boolean }> {
    const [id, added] = await scripted.gbAppend(
      keys.eventLog(jobId),
      bullKey('generate', 'wait'),
      keys.all,
      ...STATES.map(keys.byState),
      keys.parked,
      METRICS_KEY,
      jobId,
      change.state,
      JSON.stringify(change),
      mode,
      String(MAX_CHANGES),
      String(isFinal(change.state) ? KEEP_FINAL_SECONDS : KEEP_OPEN_SECONDS),
      CHANGES_CHANNEL,
      change.planVersion === undefined ? '0' : '1',
      ...increments.flatMap(([field, by]) => [field, String(by)]),
    )
    return { id, added: added === 1 }
  }

  /** The last change; null when the log is empty or has expired. */
  async function tail(jobId: JobId): Promise<LogEntry | null> {
    return parseEntries(await client.xrevrange(keys.eventLog(jobId), '+', '-', 'COUNT', 1))[0] ?? null
  }

  return {
    /** Appends a change. `added` is false when the job has already ended, or when `mode` does not apply. */
    append,
    tail,

    /**
     * Appends the final change for an outcome; idempotent. `failure` is included when the outcome cannot be stored.
     */
    async close(jobId: JobId, outcome: JobOutcome, failure?: Failure): Promise<void> {
      const { state, finishedAt: at, startedAt, steps } = outcome
      const attempt = (await tail(jobId))?.change.progress.attempt ?? (startedAt === null ? 0 : 1)
      const progress =
        outcome.state === 'completed'
          ? { percent: 100, stage: null, steps, attempt }
          : { percent: outcome.percent, stage: outcome.stage, steps, attempt }
      const change = { state, progress, at, startedAt, ...(failure && { failure }) }
      await append(jobId, change, 'final', incrementsOf(jobId, outcome))
    },

    /** Whether the event log still contains this id. */
    async has(jobId: JobId, id: string): Promise<boolean> {
      return (await client.xrange(keys.eventLog(jobId), id, id)).length > 0
    },

    /** Every change after `id`, oldest first. */
    async after(jobId: JobId, id: string): Promise<LogEntry[]> {
      return parseEntries(await client.xrange(keys.eventLog(jobId), `(${id}`, '+'))
    },
  }
}
export type EventLog = ReturnType<typeof makeEventLog>
