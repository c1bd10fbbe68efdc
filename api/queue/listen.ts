import type { JobId } from '#contract'
import { subscribeChanges } from './changes.ts'
import type { RedisLike } from './connect.ts'
import type { Listen } from './follow.ts'

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
