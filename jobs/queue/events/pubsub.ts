import { isFinal, type JobId, type JobState } from '#contract'
import { whenReady, type RedisLike } from '../connect.ts'
import { CHANGES_CHANNEL } from '../names.ts'

/**
 * Subscribes to changes of all jobs. Messages may be lost with the connection, so listeners also poll; `gap` is called
 * when messages may have been lost.
 */
export function subscribeChanges(
  client: RedisLike,
  on: { change(jobId: JobId, state: JobState): void; gap(): void },
): { ready: Promise<void> } {
  client.on('message', (_channel: string, message: string) => {
    const [jobId, state] = message.split(' ')
    if (jobId !== undefined && state !== undefined) on.change(jobId, state as JobState)
  })
  const subscribe = async () => {
    await whenReady(client)
    await client.subscribe(CHANGES_CHANNEL)
    // ioredis resubscribes after a reconnect, but messages in between are lost.
    client.on('ready', () => on.gap())
  }
  const ready = subscribe()
  ready.catch(() => {})
  return { ready }
}

/** Calls `wake` on every change of the job until disposed. */
export type ListenToJob = (jobId: JobId, wake: () => void) => Disposable

/**
 * One subscription for all listeners of a process. `client` must not be used for anything else; the caller closes it.
 * `onEnd` is called when any job has ended.
 */
export function makeJobListener(
  client: RedisLike,
  onEnd: (jobId: JobId) => void = () => {},
): { listen: ListenToJob; ready: Promise<void> } {
  const listeners = new Map<JobId, Set<() => void>>()
  const notify = (jobId: JobId) => listeners.get(jobId)?.forEach((wake) => wake())
  const { ready } = subscribeChanges(client, {
    change(jobId, state) {
      notify(jobId)
      if (isFinal(state)) onEnd(jobId)
    },
    gap: () => [...listeners.keys()].forEach(notify),
  })
  return {
    ready,
    listen(jobId, wake) {
      const wakes = listeners.get(jobId) ?? new Set()
      listeners.set(jobId, wakes.add(wake))
      return {
        [Symbol.dispose]() {
          wakes.delete(wake)
          if (wakes.size === 0) listeners.delete(jobId)
        },
      }
    },
  }
}
