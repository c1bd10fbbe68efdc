import { isFinal, type Failure, type JobId, type JobOutcome } from '#contract'
import type { RedisLike } from '../connect.ts'
import { METRICS_KEY, incrementsOf, type Increment } from './metrics.ts'
import { STATES, parseEntries, type JobEvent, type LogEntry } from './job-event.ts'
import { CHANGES_CHANNEL, bullKey, keys } from '../names.ts'

/** A long run makes some sixty changes; retries and crashes a multiple of that. */
const MAX_CHANGES = 500
const KEEP_FINAL_SECONDS = 24 * 3600
/** A job that never ends is forgotten one day. */
const KEEP_OPEN_SECONDS = 14 * 24 * 3600

/*
 * One step: the change, its place in the lists, and the signal to whoever follows. Nothing comes after a final
 * change, and `create` adds nothing to an event log that has begun, so both may be repeated. `stalled` is for a job that
 * lost its worker, and does nothing if another has it already.
 * KEYS: event log, BullMQ's waiting list, index of all, indexes by state, metrics. The stream's fields: state, change.
 * Whatever follows the channel in ARGV are fields of the metrics and how much each grows with this change.
 */
const APPEND = `
local log, id, state, mode = KEYS[1], ARGV[1], ARGV[2], ARGV[4]
if mode == 'stalled' and not redis.call('LPOS', KEYS[2], id) then return { '', 0 } end
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
  for i = 4, #KEYS - 1 do
    if KEYS[i]:sub(-#state) == state then redis.call('ZADD', KEYS[i], 0, id) else redis.call('ZREM', KEYS[i], id) end
  end
end
if added == 1 then
  for i = 8, #ARGV, 2 do redis.call('HINCRBY', KEYS[#KEYS], ARGV[i], ARGV[i + 1]) end
  redis.call('PUBLISH', ARGV[7], id .. ' ' .. state)
end
return { entry, added }
`

type Appender = { gbAppend(...args: string[]): Promise<[string, number]> }
type Mode = 'create' | 'change' | 'stalled' | 'final'

/**
 * The history of every job, one stream each. Reading and writing throw what the connection throws.
 */
export function makeEventLog(client: RedisLike) {
  client.defineCommand('gbAppend', { numberOfKeys: 4 + STATES.length, lua: APPEND })
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
      ...STATES.map(keys.inState),
      METRICS_KEY,
      jobId,
      change.state,
      JSON.stringify(change),
      mode,
      String(MAX_CHANGES),
      String(isFinal(change.state) ? KEEP_FINAL_SECONDS : KEEP_OPEN_SECONDS),
      CHANGES_CHANNEL,
      ...increments.flatMap(([field, by]) => [field, String(by)]),
    )
    return { id, added: added === 1 }
  }

  /** The last change; null when there is none (any more). */
  async function tail(jobId: JobId): Promise<LogEntry | null> {
    return parseEntries(await client.xrevrange(keys.eventLog(jobId), '+', '-', 'COUNT', 1))[0] ?? null
  }

  return {
    /** Writes a change. `added` is false when the job has ended already, or when `mode` has nothing to do. */
    append,
    tail,

    /**
     * Writes the change that ends the job, as its outcome says; harmless when that was done before. `failure` is kept
     * with it where the outcome cannot be stored.
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

    /** Whether the event log still holds the change with this id. */
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
