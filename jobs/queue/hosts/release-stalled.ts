import { makeClient, type RedisLike, type RedisTarget } from '../connect.ts'
import { QUEUES, bullKey, keys } from '../names.ts'

/**
 * Takes the locks off jobs that a dead process held, so that a worker picks them up the moment it starts instead of
 * after the lock has run out. Only for a queue that one process owns, and before it starts a worker.
 */
export async function releaseStalled(target: RedisTarget): Promise<void> {
  const client = makeClient(target, 'plain')
  // The command that was under way rejects as well, and that is the error to report.
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
