import { decodeTime } from 'ulid'
import { JobState } from '#contract'
import type { RedisLike } from '../connect.ts'
import { METRICS_KEY, type Metrics } from '../events/metrics.ts'
import { liveWorkers } from '../events/live-workers.ts'
import { bullKey, keys } from '../names.ts'

/** All counters and current gauges. */
export async function readMetrics(client: RedisLike): Promise<Metrics> {
  const queues = ['generate', 'deliver'] as const
  const pipeline = client.pipeline()
  for (const state of JobState.options) pipeline.zcard(keys.byState(state))
  for (const queue of queues)
    pipeline.llen(bullKey(queue, 'wait')).llen(bullKey(queue, 'active')).zcard(bullKey(queue, 'delayed'))
  pipeline.zrange(keys.parked, 0, -1)
  const [counted, replies, workers] = await Promise.all([
    client.hgetall(METRICS_KEY),
    pipeline.exec(),
    liveWorkers(client),
  ])
  const values = (replies ?? []).map(([error, value]) => {
    if (error) throw error
    return value
  })
  const next = () => Number(values.shift())
  const jobs = Object.fromEntries(JobState.options.map((state) => [state, next()])) as Record<
    JobState,
    number
  >
  const depth = () => ({ waiting: next(), active: next(), delayed: next() })
  const generate = depth()
  const deliver = depth()
  const parked = new Set(values.shift() as string[])
  // One more than are parked, so that a queued one is among them.
  const waiting = await client.zrangebylex(keys.byState('waiting'), '-', '+', 'LIMIT', 0, parked.size + 1)
  const oldest = waiting.find((jobId) => !parked.has(jobId))
  const waitedMs = oldest === undefined ? 0 : Date.now() - decodeTime(oldest.toUpperCase())
  return {
    counted: Object.fromEntries(Object.entries(counted).map(([field, value]) => [field, Number(value)])),
    jobs,
    queues: { generate: { ...generate, delayed: Math.max(0, generate.delayed - parked.size) }, deliver },
    plansWaiting: parked.size,
    oldestSeconds: Math.max(0, Math.round(waitedMs / 1_000)),
    workers,
  }
}
