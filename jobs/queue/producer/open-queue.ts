import { Queue, type QueueOptions } from 'bullmq'
import type { RedisLike } from '../connect.ts'
import { PREFIX, type QUEUES } from '../names.ts'

type Name = (typeof QUEUES)[keyof typeof QUEUES]

/** A queue that jobs are added to or looked at, over a client of its caller. */
export function openQueue<Data>(
  name: Name,
  client: RedisLike,
  options: Omit<QueueOptions, 'connection' | 'prefix' | 'skipVersionCheck'> = {},
): Queue<Data> {
  return new Queue<Data>(name, {
    ...options,
    connection: client,
    prefix: PREFIX,
    // It is asked once, and a connection that breaks right then would make the queue unusable until a restart. A start
    // checks it (`probe-redis.ts`).
    skipVersionCheck: true,
  })
}
