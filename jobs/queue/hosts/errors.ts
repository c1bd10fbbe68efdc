/** The queue's folder is locked by a running process. */
export class QueueInUseError extends Error {
  override readonly name = 'QueueInUseError'
  readonly code = 'queue_in_use'
  readonly pid: number

  constructor(folder: string, pid: number, host: string | null) {
    const owner = host === null ? `process ${pid}` : `process ${pid} on host ${host}`
    super(
      `The queue in ${folder} is in use by ${owner}. Stop that process, choose another data folder, ` +
        'or set REDIS_URL so that several processes can share one Redis.',
    )
    this.pid = pid
  }
}

/** REDIS_URL is invalid. The message never contains the URL, which may include a password. */
export class RedisUrlError extends Error {
  override readonly name = 'RedisUrlError'
  readonly code = 'redis_url_invalid'
}

/** The queue could not be opened. */
export class QueueUnreachableError extends Error {
  override readonly name = 'QueueUnreachableError'
  readonly code = 'queue_unreachable'
}

/** The embedded queue is not allowed in production. */
export class EmbeddedQueueRefusedError extends Error {
  override readonly name = 'EmbeddedQueueRefusedError'
  readonly code = 'embedded_queue_refused'

  constructor(why: string) {
    super(
      `${why} The embedded queue is meant for a single process in development and does not start with ` +
        'NODE_ENV=production. Set REDIS_URL (for example redis://user:password@host:6379), ' +
        'or install redis-server 6.2 or newer on the PATH.',
    )
  }
}

/** The embedded queue's snapshot cannot be read. */
export class SnapshotCorruptError extends Error {
  override readonly name = 'SnapshotCorruptError'
  readonly code = 'queue_snapshot_corrupt'

  constructor(file: string, why: string, options?: ErrorOptions) {
    super(
      `The queue's snapshot ${file} cannot be read: ${why}. Restore the file from a backup, or move it away to ` +
        'start with an empty queue: jobs that have not finished are then queued again from the job store.',
      options,
    )
  }
}
