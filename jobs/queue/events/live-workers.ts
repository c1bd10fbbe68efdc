import { WorkerInfo } from '#contract'
import type { RedisLike } from '../connect.ts'
import { keys } from '../names.ts'

/** Workers with a heartbeat in the last nine seconds, oldest first. */
export async function liveWorkers(client: RedisLike): Promise<WorkerInfo[]> {
  const ids = await client.zrange(keys.workers, 0, -1)
  if (ids.length === 0) return []
  const said = await client.mget(...ids.map(keys.worker))
  const dead = ids.filter((_, index) => said[index] === null)
  // Cleanup only: a read-only Redis can still list workers.
  if (dead.length > 0) await client.zrem(keys.workers, ...dead).catch(() => {})
  return said
    .flatMap((text) => (text === null ? [] : [WorkerInfo.parse(JSON.parse(text))]))
    .sort((a, b) => a.startedAt.localeCompare(b.startedAt))
}
