import { JobView, isFinal } from '#contract'
import { once } from 'node:events'
import type { Writable } from 'node:stream'

type Change = { readonly id: string; readonly view: JobView }
type EventName = 'snapshot' | 'change' | 'end'

/** Reconnection delay of clients, in milliseconds. */
const RETRY_MS = 2_000

/** One server-sent event. JSON has no line breaks, so one data line is enough. */
const event = (name: EventName, id: string | null, view: JobView) =>
  `event: ${name}\n${id === null ? '' : `id: ${id}\n`}data: ${JSON.stringify(JobView.parse(view))}\n\n`

/**
 * Encodes a change as events. Ids are those of the event log; the id of `end` is marked, so that it is recognized even
 * after the log has expired. A final snapshot has no id: a client that misses the following `end` gets both again.
 */
function encode({ id, view }: Change, isSnapshot: boolean): string {
  if (!isFinal(view.state)) return event(isSnapshot ? 'snapshot' : 'change', id, view)
  return (isSnapshot ? event('snapshot', null, view) : '') + event('end', `${id}.end`, view)
}

/**
 * Writes changes to `out` with backpressure and a heartbeat every `heartbeatMs`; ends it after a final state or when
 * `signal` aborts. `resumed` means that the client received a snapshot on an earlier connection.
 */
export async function writeEvents(options: {
  readonly changes: AsyncIterable<Change> | Iterable<Change>
  readonly out: Writable
  readonly resumed: boolean
  readonly heartbeatMs: number
  readonly signal: AbortSignal
}): Promise<void> {
  const { changes, out, heartbeatMs, signal } = options
  // A slow client needs no heartbeat: it has unread data.
  const heartbeat = setInterval(() => out.writableNeedDrain || out.write(': still here\n\n'), heartbeatMs)
  try {
    out.write(`retry: ${RETRY_MS}\n\n`)
    let isSnapshot = !options.resumed
    for await (const change of changes) {
      const drained = out.write(encode(change, isSnapshot))
      isSnapshot = false
      if (isFinal(change.view.state)) break
      if (!drained) await once(out, 'drain', { signal })
    }
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    clearInterval(heartbeat)
    out.end()
  }
}
