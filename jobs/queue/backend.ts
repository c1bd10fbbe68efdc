import type { Telemetry } from '#lib/telemetry'
import type { ConnectionRole, RedisLike } from './connect.ts'

export type QueueBackend = {
  /** External Redis (REDIS_URL), a redis-server child process, or Redis in JavaScript. */
  readonly kind: 'redis' | 'redis-server' | 'embedded'
  /** One line for the startup banner, without credentials. */
  readonly description: string
  /**
   * A new client: `producer` fails fast while the queue is unavailable, `worker` and `events` wait for it, `plain`
   * retries briefly. The caller closes it; remaining clients are closed with the backend.
   */
  connect(role: ConnectionRole): RedisLike
  /** Traces; closed by its creator after the queue. */
  readonly telemetry: Telemetry
  /** Resolves when all accepted writes survive a kill -9. */
  flush(): Promise<void>
} & AsyncDisposable
