import { isFinal, type JobId, type JobOutcome, type JobRecord, type JobView } from '#contract'
import type { JobStore } from '#store/job-store'
import type { LogEntry } from './job-event.ts'
import { readNeeds } from './read-needs.ts'
import type { EventLog } from './event-log.ts'
import type { ListenToJob } from './pubsub.ts'
import { toView, type QueuePosition } from './view.ts'

export type JobUpdate = { id: string; view: JobView }

type Deps = {
  store: Pick<JobStore, 'readRecord' | 'readOutcome' | 'readCheckpoint'>
  eventLog: EventLog
  listen: ListenToJob
  queuePosition: (jobId: JobId) => Promise<QueuePosition>
  /** Polling interval for lost messages and for the queue position, in milliseconds. */
  pollMs: number
}

/** Consecutive failed polls before the stream fails. */
const MAX_FAILED_POLLS = 15

/**
 * Yields the job's view for every change after `after`, until its final state or `signal`. Starts with the current view
 * when `after` is absent or not in the event log. While the job waits, also yields, with the same id, when its queue
 * position changes. Yields nothing for an unknown job.
 * Tolerates a queue outage of half a minute, then throws the connection error.
 */
export async function* followJob(
  deps: Deps,
  jobId: JobId,
  options: { after?: string; signal: AbortSignal },
): AsyncGenerator<JobUpdate, void, void> {
  const { signal, after } = options
  const wakeSignal = makeWakeSignal(signal)
  // Subscribe before reading, so that no change is missed in between.
  using scope = new DisposableStack()
  scope.use(deps.listen(jobId, wakeSignal.wake))
  const record = await deps.store.readRecord(jobId)
  if (record === null) return

  const known = after !== undefined && isEntryId(after) && (await deps.eventLog.has(jobId, after))
  const poll = makePoll(deps, record, known ? after : null)
  let failed = 0
  while (!signal.aborted) {
    try {
      const { updates, ended } = await poll()
      for (const update of updates) {
        yield update
        if (signal.aborted) return
      }
      if (ended) return
      failed = 0
    } catch (error) {
      if (++failed > MAX_FAILED_POLLS) throw error
    }
    await wakeSignal.next(deps.pollMs)
  }
}

/** Each poll returns the updates since the previous one, and whether the job has ended. */
function makePoll(deps: Deps, record: JobRecord, after: string | null) {
  const { eventLog, store } = deps
  const { jobId } = record
  let last: LogEntry | null = null
  let shown: JobUpdate | null = null
  let awaitsChange = false

  const show = async (entry: LogEntry | null, outcome: JobOutcome | null): Promise<JobUpdate> => {
    last = entry
    const change = entry?.change ?? null
    const needs = outcome === null ? await readNeeds(store, jobId, change) : null
    const waits = outcome === null && needs === null && change?.state !== 'active'
    const queuePosition = waits ? await deps.queuePosition(jobId) : null
    shown = { id: entry?.id ?? '0-0', view: toView({ record, outcome, change, queuePosition, needs }) }
    return shown
  }

  return async (): Promise<{ updates: JobUpdate[]; ended: boolean }> => {
    if (shown === null && after === null) {
      const now = await show(await eventLog.tail(jobId), await store.readOutcome(jobId))
      return { updates: [now], ended: isFinal(now.view.state) }
    }

    const entries = await eventLog.after(jobId, last?.id ?? after ?? '0-0')
    const latest = entries.at(-1)
    if (latest !== undefined) {
      const ended = isFinal(latest.change.state)
      const earlier = entries.slice(0, -1).map(({ id, change }) => ({
        id,
        view: toView({ record, outcome: null, change, queuePosition: null }),
      }))
      const now = await show(latest, ended ? await store.readOutcome(jobId) : null)
      return { updates: [...earlier, now], ended }
    }

    last ??= await eventLog.tail(jobId)
    // The reader has already received the final change.
    if (last !== null && isFinal(last.change.state)) return { updates: [], ended: true }
    const outcome = await store.readOutcome(jobId)
    if (outcome !== null) {
      // The final change follows shortly, or never if a crash lost it: then the next poll yields the outcome.
      if (awaitsChange) return { updates: [await show(last, outcome)], ended: true }
      awaitsChange = true
      return { updates: [], ended: false }
    }
    const before: JobUpdate | null = shown
    const now = await show(last, null)
    return { updates: before !== null && hasMoved(before.view, now.view) ? [now] : [], ended: false }
  }
}

const hasMoved = (before: JobView, now: JobView) =>
  now.state === 'waiting' && before.queue?.position !== now.queue?.position

const isEntryId = (text: string) => /^\d{1,15}-\d{1,10}$/.test(text)

/** A wake call that nobody waits for is remembered and ends the next wait at once. */
function makeWakeSignal(signal: AbortSignal) {
  let pending = false
  let resume = () => {}
  return {
    wake() {
      pending = true
      resume()
    },
    /** Resolves on the next wake call, after `ms`, or when the signal fires. */
    async next(ms: number): Promise<void> {
      if (!pending && !signal.aborted) {
        const { promise, resolve } = Promise.withResolvers<void>()
        const timer = setTimeout(resolve, ms)
        const onAbort = () => resolve()
        resume = resolve
        signal.addEventListener('abort', onAbort)
        await promise
        clearTimeout(timer)
        signal.removeEventListener('abort', onAbort)
      }
      pending = false
    },
  }
}
