import { makeClient, type RedisLike, type RedisTarget } from '../connect.ts'
import { QUEUES, bullKey, keys } from '../names.ts'

/**
 * Releases the job locks of a dead process, so that a worker picks the jobs up at once instead of after the lock expires.
 * Only for a single-process queue, before a worker starts.
 */
export async function releaseStalled(target: RedisTarget): Promise<void> {
  const client = makeClient(target, 'plain')
  // The pending command rejects too, with the error to report.
  client.on('error', () => {})
  try {
    await release(client)
  } finally {
    client.disconnect()
  }
}

async function release(client: RedisLike): Promise<void> {
  for (const queue of Object.values(QUEUES)) {
    const active = await client.lrange(bullKey(queue, 'active'), 0, -1)
    const freed = client.multi().del(bullKey(queue, 'stalled-check'))
    if (active.length > 0) freed.sadd(bullKey(queue, 'stalled'), ...active)
    for (const jobId of active) freed.del(bullKey(queue, `${jobId}:lock`))
    await freed.exec()
  }
  const workers = await client.zrange(keys.workers, 0, -1)
  await client.del(keys.workers, ...workers.map(keys.worker))
}
