import { join, relative } from 'node:path'
import { cwd } from 'node:process'
import type { Logger } from 'pino'
import { prepareFolder } from '#store/disk'
import { noTelemetry, type Telemetry } from '#lib/telemetry'
import type { QueueBackend } from '../backend.ts'
import { makeClientPool } from './client-pool.ts'
import type { RedisTarget } from '../connect.ts'
import { openEmbedded } from './embedded/open-embedded.ts'
import { EmbeddedQueueRefusedError, QueueUnreachableError } from './errors.ts'
import { isVolatileKey } from '../names.ts'
import { releaseStalled } from './release-stalled.ts'
import { acquireQueueLock } from './queue-lock.ts'
import { startRedisChild } from './redis-child.ts'
import { findRedisServer } from './redis-executable.ts'
import { parseRedisUrl } from './redis-url.ts'
import { probeRedis } from './probe-redis.ts'

export type OpenQueueOptions = {
  /** Empty means not set. */
  redisUrl?: string | undefined
  /** A local queue uses the subfolder `queue`. */
  dataDir: string
  /** Disallows the embedded queue. */
  production: boolean
  log: Logger
  /** `only` ignores an installed redis-server; `never` fails without one. Default: `auto`. */
  embedded?: 'auto' | 'only' | 'never'
  /** Default: none. */
  telemetry?: Telemetry
  signal?: AbortSignal | undefined
}

/**
 * Opens the queue: the Redis at `redisUrl`; otherwise a redis-server from the PATH as a child process; otherwise Redis in
 * JavaScript. The local ones are limited to one process at a time.
 *
 * @throws RedisUrlError, QueueUnreachableError, QueueInUseError, EmbeddedQueueRefusedError, SnapshotCorruptError
 */
export async function openQueueBackend(options: OpenQueueOptions): Promise<QueueBackend> {
  const { log, signal } = options
  signal?.throwIfAborted()
  if (options.redisUrl !== undefined && options.redisUrl.trim() !== '') {
    const target = parseRedisUrl(options.redisUrl)
    const { version } = await probeRedis({ target, log, signal })
    const description = `${target.description} (version ${version})`
    return makeBackend(
      { kind: 'redis', description, target, flush: async () => {} },
      options,
      new AsyncDisposableStack(),
    )
  }

  const folder = join(options.dataDir, 'queue')
  await using opened = new AsyncDisposableStack()
  await prepareFolder(folder, 'DATA_DIR')
  opened.use(await acquireQueueLock(folder, signal))
  const local = opened.use(await openLocal(options, folder))
  await releaseStalled(local.target)
  return makeBackend(local, options, opened.move())
}

type OpenedQueue = Pick<QueueBackend, 'kind' | 'description' | 'flush'> & { target: RedisTarget }

async function openLocal(options: OpenQueueOptions, folder: string): Promise<OpenedQueue & AsyncDisposable> {
  const { log, signal, embedded = 'auto' } = options
  let why = 'The embedded queue was requested.'
  if (embedded !== 'only') {
    const found = await findRedisServer()
    if ('path' in found) {
      try {
        const child = await startRedisChild({ executable: found, folder: join(folder, 'redis'), log, signal })
        const description = `${found.name} ${found.version} on ${displayPath(join(folder, 'redis'))} (AOF)`
        // The server writes its append-only file before it replies: nothing to flush.
        return { kind: 'redis-server', description, flush: async () => {}, ...child }
      } catch (error) {
        signal?.throwIfAborted()
        why = `${found.path} was found, but ${(error as Error).message}.`
      }
    } else {
      why = `REDIS_URL is not set, and ${found.problem}.`
    }
    if (embedded === 'never') throw new QueueUnreachableError(`${why} The embedded queue is disabled.`)
  }
  if (options.production) throw new EmbeddedQueueRefusedError(why)
  log.info(`${why} Using the embedded queue, which is meant for one process and low load.`)
  const file = join(folder, 'embedded.snapshot')
  const opened = await openEmbedded({ file, isVolatile: isVolatileKey, log })
  return { kind: 'embedded', description: `embedded queue on ${displayPath(file)}`, ...opened }
}

function makeBackend(
  side: OpenedQueue,
  { log, telemetry = noTelemetry }: OpenQueueOptions,
  resources: AsyncDisposableStack,
): QueueBackend {
  const pool = makeClientPool({ target: side.target, description: side.target.description, log })
  return {
    kind: side.kind,
    description: side.description,
    connect: pool.connect,
    telemetry,
    flush: side.flush,
    async [Symbol.asyncDispose]() {
      pool[Symbol.dispose]()
      await resources.disposeAsync()
    },
  }
}

/** Relative to the working directory, if inside it. */
function displayPath(path: string): string {
  const from = relative(cwd(), path)
  return from.startsWith('..') ? path : from
}
