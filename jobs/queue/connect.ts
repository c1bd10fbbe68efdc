import { Cluster, Redis, type ClusterOptions, type RedisOptions } from 'ioredis'

export type ConnectionRole = 'producer' | 'worker' | 'events' | 'plain'
export type RedisLike = Redis | Cluster

export type RedisNode = { readonly host: string; readonly port: number }

/** Address of a Redis. `description` contains no credentials. */
export type RedisTarget =
  | { readonly kind: 'single' | 'sentinel'; readonly description: string; readonly options: RedisOptions }
  | {
      readonly kind: 'cluster'
      readonly description: string
      readonly nodes: readonly RedisNode[]
      readonly options: RedisOptions
    }

/** Producers fail fast; workers wait for the queue to come back. */
const ROLES: Record<ConnectionRole, RedisOptions> = {
  producer: { enableOfflineQueue: false, maxRetriesPerRequest: 1, commandTimeout: 10_000 },
  plain: { maxRetriesPerRequest: 3, commandTimeout: 10_000 },
  worker: { maxRetriesPerRequest: null },
  events: { maxRetriesPerRequest: null },
}

const retryStrategy = (times: number) => Math.min(50 * 2 ** Math.min(times, 6), 2_000)

/** Creates a client for a role. It connects and reconnects automatically. */
export function makeClient(
  target: RedisTarget,
  role: ConnectionRole,
  overrides: RedisOptions = {},
): RedisLike {
  const options: RedisOptions = {
    connectTimeout: 5_000,
    keepAlive: 10_000,
    retryStrategy,
    ...ROLES[role],
    ...target.options,
    ...overrides,
  }
  if (target.kind !== 'cluster') return new Redis(options)
  const { retryStrategy: clusterRetryStrategy, enableOfflineQueue, lazyConnect, ...redisOptions } = options
  return new Cluster(
    target.nodes.map((node) => ({ ...node })),
    {
      redisOptions,
      ...(enableOfflineQueue === undefined ? {} : { enableOfflineQueue }),
      ...(lazyConnect === undefined ? {} : { lazyConnect }),
      clusterRetryStrategy: clusterRetryStrategy as NonNullable<ClusterOptions['clusterRetryStrategy']>,
      slotsRefreshTimeout: 3_000,
      // Certificates contain host names, not addresses.
      ...(redisOptions.tls ? { dnsLookup: (address, done) => done(null, address) } : {}),
    } satisfies ClusterOptions,
  )
}

/** Resolves when commands can be sent; rejects when the client is closed or `signal` aborts first. */
export function whenReady(client: RedisLike, signal?: AbortSignal): Promise<void> {
  if (client.status === 'ready') return Promise.resolve()
  return new Promise((resolve, reject) => {
    const settle = (done: () => void) => {
      client.off('ready', onReady)
      client.off('end', onEnd)
      signal?.removeEventListener('abort', onAbort)
      done()
    }
    const onReady = () => settle(resolve)
    const onEnd = () => settle(() => reject(new Error('The connection to the queue was closed.')))
    const onAbort = () => settle(() => reject(signal?.reason))
    client.once('ready', onReady)
    client.once('end', onEnd)
    if (client.status === 'end') return onEnd()
    if (signal?.aborted) return onAbort()
    signal?.addEventListener('abort', onAbort, { once: true })
  })
}
