import type { JobId, JobState } from '#contract'
import { whenReady, type RedisLike } from '../connect.ts'
import { CHANGES_CHANNEL } from '../names.ts'

/**
 * Listens for changes of all jobs with one subscription. A signal may get lost with the connection, so whoever
 * listens looks for himself from time to time; `onGap` tells that this is such a time.
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
    // A connection that comes back subscribes again by itself, but what was said meanwhile is gone.
    client.on('ready', () => on.gap())
  }
  const ready = subscribe()
  ready.catch(() => {})
  return { ready }
}

/** Calls `wake` on every change of the job until disposed. */
export type Listen = (jobId: JobId, wake: () => void) => Disposable

/** One subscription for all followers of a process. `client` is used for nothing else; the caller closes it. */
export function makeListen(client: RedisLike): { listen: Listen; ready: Promise<void> } {
  const listeners = new Map<JobId, Set<() => void>>()
  const ring = (jobId: JobId) => listeners.get(jobId)?.forEach((wake) => wake())
  const { ready } = subscribeChanges(client, {
    change: ring,
    gap: () => [...listeners.keys()].forEach(ring),
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
