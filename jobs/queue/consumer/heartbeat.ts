import { setTimeout as sleep } from 'node:timers/promises'
import type { WorkerInfo } from '#contract'
import type { RedisLike } from '../connect.ts'
import { keys } from '../names.ts'

/** Heartbeat interval in milliseconds; a worker counts as dead after three missed beats. */
const BEAT_MS = 3_000
const TTL_MS = 3 * BEAT_MS
const STOP_TIMEOUT_MS = 1_000

/** Registers a worker and renews the registration until stopped. */
export function startHeartbeat(
  client: RedisLike,
  info: WorkerInfo,
): { first: Promise<void>; stop(): Promise<void> } {
  const beat = async () => {
    await client
      .multi()
      .zadd(keys.workers, 0, info.id)
      .set(keys.worker(info.id), JSON.stringify(info), 'PX', TTL_MS)
      .exec()
  }
  const first = beat()
  // A failed beat is visible: the worker disappears from the list.
  first.catch(() => {})
  const timer = setInterval(() => void beat().catch(() => {}), BEAT_MS)
  return {
    first,
    async stop() {
      clearInterval(timer)
      const gone = client.multi().zrem(keys.workers, info.id).del(keys.worker(info.id)).exec()
      // If the queue is unavailable, the registration expires.
      await Promise.race([gone, sleep(STOP_TIMEOUT_MS, undefined, { ref: false })]).catch(() => {})
    },
  }
}
