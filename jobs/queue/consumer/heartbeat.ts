import { setTimeout as sleep } from 'node:timers/promises'
import type { WorkerInfo } from '#contract'
import type { RedisLike } from '../connect.ts'
import { keys } from '../names.ts'

/** A worker says that it lives this often, in milliseconds, and is taken for dead after three times as long. */
const BEAT_MS = 3_000
const TTL_MS = 3 * BEAT_MS
const FAREWELL_MS = 1_000

/** Says every few seconds that a worker lives, and at the end that it is gone. */
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
  // A beat that is lost shows by itself: the worker is missing from the list.
  first.catch(() => {})
  const timer = setInterval(() => void beat().catch(() => {}), BEAT_MS)
  return {
    first,
    async stop() {
      clearInterval(timer)
      const gone = client.multi().zrem(keys.workers, info.id).del(keys.worker(info.id)).exec()
      // With the queue away the sign of life runs out by itself.
      await Promise.race([gone, sleep(FAREWELL_MS, undefined, { ref: false })]).catch(() => {})
    },
  }
}
