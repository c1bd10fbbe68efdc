import { open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { makeFolder } from '#lib/make-folder'
import type { KeyspaceEntry, RedisDatabase } from 'js-redis-server/core'
import type { Logger } from 'pino'
import { SnapshotCorruptError } from '../errors.ts'
import { decodeSnapshot, encodeEntry, encodeSnapshot } from './snapshot.ts'

export type Persistence = {
  /** Resolves when all earlier writes are on disk. Concurrent calls share one write. */
  flush(): Promise<void>
} & AsyncDisposable

/**
 * Reads the snapshot; empty when the file does not exist.
 *
 * @throws SnapshotCorruptError when the file cannot be read.
 */
export async function loadSnapshot(file: string): Promise<KeyspaceEntry[]> {
  let bytes: Buffer
  try {
    bytes = await readFile(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw new SnapshotCorruptError(file, (error as Error).message, { cause: error })
  }
  try {
    return decodeSnapshot(bytes)
  } catch (error) {
    throw new SnapshotCorruptError(file, (error as Error).message, { cause: error })
  }
}

/**
 * Persists the database in `file`: at most `periodMs` behind, and up to date after a flush. Only changed keys are encoded
 * again. Volatile keys are never written.
 */
export function makePersistence(deps: {
  file: string
  database: RedisDatabase
  isVolatile: (key: string) => boolean
  periodMs: number
  log: Logger
}): Persistence {
  const { file, database } = deps
  const encoded = new Map<string, Buffer>()
  const dirty = new Map<string, Buffer>()
  /** Counts changes; `saved` is the count in the file. */
  let changes = 0
  let saved = 0
  let timer: NodeJS.Timeout | null = null
  let running: Promise<void> | null = null

  const unsubscribe = database.subscribe((event) => {
    if (event.type === 'flush') {
      encoded.clear()
      dirty.clear()
    } else {
      const name = event.key.toString('latin1')
      if (deps.isVolatile(name)) return
      dirty.set(name, event.key)
    }
    changes++
    timer ??= setTimeout(writeInBackground, deps.periodMs)
  })

  async function write(): Promise<void> {
    // Waiting for the event loop ensures that no transaction is in progress.
    const turn = await database.turnQueue.waitTurn()
    const upTo = changes
    try {
      for (const [name, key] of dirty) {
        const value = database.get(key)
        if (value === null) {
          encoded.delete(name)
          continue
        }
        const expiration = database.getExpiration(key)
        encoded.set(
          name,
          encodeEntry({
            key,
            value,
            ...(expiration.kind === 'expires' && { expiresAt: expiration.expiresAt }),
          }),
        )
      }
      dirty.clear()
    } finally {
      turn.release()
    }
    await replaceFile(file, encodeSnapshot(encoded.values()))
    saved = upTo
  }

  /** One write at a time; a call during a write waits for it and for the next one, which covers its changes. */
  async function flush(): Promise<void> {
    const goal = changes
    while (saved < goal) {
      running ??= write().finally(() => (running = null))
      await running
    }
  }

  function writeInBackground(): void {
    timer = null
    flush().catch((error: unknown) => {
      deps.log.error({ err: error, file }, 'could not write the queue to the disk; trying again')
      timer ??= setTimeout(writeInBackground, 1_000)
    })
  }

  return {
    flush,
    async [Symbol.asyncDispose]() {
      unsubscribe()
      if (timer) clearTimeout(timer)
      await flush()
      if (timer) clearTimeout(timer)
    },
  }
}

/** Atomic, even on power loss: syncs the data, renames the file, then syncs the folder. */
async function replaceFile(file: string, bytes: Buffer): Promise<void> {
  await makeFolder(dirname(file))
  const temporary = `${file}.tmp`
  const handle = await open(temporary, 'w', 0o600)
  try {
    await handle.writeFile(bytes)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(temporary, file)
  const folder = await open(dirname(file), 'r').catch(() => null)
  // Windows cannot sync a folder.
  await folder?.sync().catch(() => {})
  await folder?.close()
}
