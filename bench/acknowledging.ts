import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { makeApiClient } from '../bots/api-client.ts'
import { post } from '../test/support/service.ts'

/** The number of jobs during the measurement, and the time over which commands are spread. */
export const MUCH: Load = { jobs: 50, seconds: 10 }
export type Load = { readonly jobs: number; readonly seconds: number }
const LISTED_WITHIN_MS = 20_000

export type Acknowledged = {
  /** The time of each acknowledgement, in milliseconds. */
  readonly times: readonly number[]
  /** The delay of the sender itself: no acknowledgement can be faster. */
  readonly ownP99: number
  readonly lost: number
  /** From the last command until every job is listed. */
  readonly queuedMs: number
}

/**
 * Sends one command per requester, evenly over some seconds, while jobs run, so that the jobs of
 * every command can be listed: one without exactly one job is lost. `send` resolves to the chat's waiting time.
 */
export async function acknowledge(options: {
  readonly url: string
  readonly load: Load
  readonly requesters: readonly string[]
  readonly send: (index: number) => Promise<number>
}): Promise<Acknowledged> {
  const { url, load, requesters, send } = options
  for (let job = 0; job < load.jobs; job++)
    await post(url, { prompt: `a shop with products and orders, ${job}` })
  const own = monitorEventLoopDelay({ resolution: 1 })
  own.enable()
  const started = performance.now()
  const times: number[] = []
  const failures: unknown[] = []
  const sent: Promise<void>[] = []
  for (let index = 0; index < requesters.length; index++) {
    const due = started + (index * load.seconds * 1_000) / requesters.length
    await sleep(Math.max(0, due - performance.now()))
    sent.push(
      send(index).then(
        (ms) => void times.push(ms),
        (error: unknown) => void failures.push(error),
      ),
    )
  }
  await Promise.all(sent)
  own.disable()
  const ownP99 = own.percentile(99) / 1e6 - 1

  const api = makeApiClient({ baseUrl: url })
  const ended = performance.now()
  let missing = requesters.length
  while (missing > 0 && performance.now() - ended < LISTED_WITHIN_MS) {
    const lists = await Promise.all(requesters.map((requester) => api.listOf(requester, { limit: 10 })))
    missing = lists.filter(({ jobs }) => jobs.length !== 1).length
    if (missing > 0) await sleep(100)
  }
  return { times, ownP99, lost: missing + failures.length, queuedMs: Math.round(performance.now() - ended) }
}
