import { isFinal, type JobId, type JobOutcome, type JobRecord, type JobView } from '#contract'
import type { JobStore } from '#store/job-store'
import type { LogEntry } from './job-event.ts'
import type { EventLog } from './event-log.ts'
import type { Listen } from './pubsub.ts'
import { toView, type QueuePosition } from './view.ts'

export type Followed = { id: string; view: JobView }

type Deps = {
  store: Pick<JobStore, 'readRecord' | 'readOutcome'>
  eventLog: EventLog
  listen: Listen
  queuePosition: (jobId: JobId) => Promise<QueuePosition>
  /** How long a lost signal can go unnoticed, and how often a place in the queue is looked up, in milliseconds. */
  pollMs: number
}

/** How many looks in a row may fail while the queue is away, before the follower gives up. */
const MAX_FAILED_LOOKS = 15

/**
 * Yields the job's view after every change that follows `after`, until its final state or `signal`. Begins with
 * the view of now when `after` is absent or the event log does not hold it. While the job waits, it also yields, under
 * the same id, when the job moved up in the queue. A job that nobody stored yields nothing.
 * Survives a queue that is away for half a minute; throws what the connection threw after that.
 */
export async function* followJob(
  deps: Deps,
  jobId: JobId,
  options: { after?: string; signal: AbortSignal },
): AsyncGenerator<Followed, void, void> {
  const { signal, after } = options
  const bell = makeBell(signal)
  // Listening before looking: no change can fall between the two.
  using scope = new DisposableStack()
  scope.use(deps.listen(jobId, bell.ring))
  const record = await deps.store.readRecord(jobId)
  if (record === null) return

  const known = after !== undefined && isEntryId(after) && (await deps.eventLog.has(jobId, after))
  const look = makeLook(deps, record, known ? after : null)
  let failed = 0
  while (!signal.aborted) {
    try {
      const { news, ended } = await look()
      for (const followed of news) {
        yield followed
        if (signal.aborted) return
      }
      if (ended) return
      failed = 0
    } catch (error) {
      if (++failed > MAX_FAILED_LOOKS) throw error
    }
    await bell.next(deps.pollMs)
  }
}

/** Each look gives what is new since the one before, and whether it is the end. */
function makeLook(deps: Deps, record: JobRecord, after: string | null) {
  const { eventLog, store } = deps
  const { jobId } = record
  let last: LogEntry | null = null
  let shown: Followed | null = null
  let unannounced = false

  const show = async (entry: LogEntry | null, outcome: JobOutcome | null): Promise<Followed> => {
    last = entry
    const change = entry?.change ?? null
    const waits = outcome === null && change?.state !== 'active'
    const queuePosition = waits ? await deps.queuePosition(jobId) : null
    shown = { id: entry?.id ?? '0-0', view: toView({ record, outcome, change, queuePosition }) }
    return shown
  }

  return async (): Promise<{ news: Followed[]; ended: boolean }> => {
    if (shown === null && after === null) {
      const now = await show(await eventLog.tail(jobId), await store.readOutcome(jobId))
      return { news: [now], ended: isFinal(now.view.state) }
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
      return { news: [...earlier, now], ended }
    }

    last ??= await eventLog.tail(jobId)
    // A reader that comes back after the last change has been told everything.
    if (last !== null && isFinal(last.change.state)) return { news: [], ended: true }
    const outcome = await store.readOutcome(jobId)
    if (outcome !== null) {
      // Announced in a moment, or never, if a crash swallowed the last change: then the second look tells.
      if (unannounced) return { news: [await show(last, outcome)], ended: true }
      unannounced = true
      return { news: [], ended: false }
    }
    const before: Followed | null = shown
    const now = await show(last, null)
    return { news: before !== null && hasMoved(before.view, now.view) ? [now] : [], ended: false }
  }
}

const hasMoved = (before: JobView, now: JobView) =>
  now.state === 'waiting' && before.queue?.position !== now.queue?.position

const isEntryId = (text: string) => /^\d{1,15}-\d{1,10}$/.test(text)

/** A ring while nobody waits is kept: it ends the next wait at once. */
function makeBell(signal: AbortSignal) {
  let rung = false
  let wake = () => {}
  return {
    ring() {
      rung = true
      wake()
    },
    /** Resolves at the next ring, after `ms`, or when the signal fires. */
    async next(ms: number): Promise<void> {
      if (!rung && !signal.aborted) {
        const { promise, resolve } = Promise.withResolvers<void>()
        const timer = setTimeout(resolve, ms)
        const onAbort = () => resolve()
        wake = resolve
        signal.addEventListener('abort', onAbort)
        await promise
        clearTimeout(timer)
        signal.removeEventListener('abort', onAbort)
      }
      rung = false
    },
  }
}
