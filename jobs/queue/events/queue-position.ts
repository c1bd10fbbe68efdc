import type { JobId } from '#contract'
import type { RedisLike } from '../connect.ts'
import { bullKey, keys } from '../names.ts'
import type { QueuePosition } from './view.ts'
import { liveWorkers } from './live-workers.ts'

/** Position of a waiting job in the generate queue. */
export async function readQueuePosition(client: RedisLike, jobId: JobId): Promise<QueuePosition> {
  const wait = bullKey('generate', 'wait')
  const active = bullKey('generate', 'active')
  const [replies, workers] = await Promise.all([
    client
      .multi()
      .lpos(wait, jobId)
      .llen(wait)
      .lpos(active, jobId)
      .llen(active)
      .lrange(keys.durations, 0, -1)
      .exec(),
    liveWorkers(client),
  ])
  const [index, waiting, taken, running, durations] = (replies ?? []).map(([error, reply]) => {
    if (error) throw error
    return reply
  }) as [number | null, number, number | null, number, string[]]
  // Workers take from the end of the list. A delayed retry comes after all jobs in it.
  const behind = taken !== null ? 0 : index === null ? waiting : waiting - index - 1
  return {
    position: behind + 1,
    active: running,
    slots: workers.reduce((sum, worker) => sum + worker.concurrency, 0),
    durations: durations.map(Number),
  }
}
