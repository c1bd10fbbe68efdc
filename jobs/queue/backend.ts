import type { Telemetry } from '#lib/telemetry'
import type { ConnectionRole, RedisLike } from './connect.ts'

export type QueueBackend = {
  /** A Redis of the user's (REDIS_URL), a redis-server that runs as our child, or Redis in JavaScript. */
  readonly kind: 'redis' | 'redis-server' | 'embedded'
  /** One line for the start-up banner, without credentials. */
  readonly description: string
  /**
   * A fresh client: `producer` fails at once while the queue is away, `worker` and `events` wait for it, `plain`
   * tries for a short while. The caller closes it; what is left open is closed with the backend.
   */
  connect(role: ConnectionRole): RedisLike
  /** Where traces go; whoever opened it closes it, after the queue. */
  readonly telemetry: Telemetry
  /** Resolves when everything accepted so far survives a kill -9. */
  flush(): Promise<void>
} & AsyncDisposable
