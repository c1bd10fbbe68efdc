import { open, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolder } from '#lib/make-folder'
import { ulid } from 'ulid'
import { StoreSetupError, StoreUnavailableError } from './errors.ts'

/** Below this a disk counts as full: a job needs some hundred kilobytes, and the queue may live on the same disk. */
const MIN_FREE_BYTES = 16 * 1024 * 1024
const PROBE_BYTES = 64 * 1024

/** What is free on the disk of a folder, in bytes. */
export type FreeBytes = (folder: string) => Promise<number>

const freeBytesOf: FreeBytes = async (folder) => {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}

/** Throws a sentence when the folder cannot be made or written, or when its disk is full. Shows no path. */
export async function checkFolder(dir: string, freeBytes: FreeBytes = freeBytesOf): Promise<void> {
  try {
    await makeFolder(dir)
    const free = await freeBytes(dir)
    if (free < MIN_FREE_BYTES)
      throw new StoreUnavailableError(
        `Its disk is full: ${Math.max(0, Math.floor(free / 1e6))} MB are free. Make room, or lower KEEP_TOTAL_GB.`,
      )
    const probe = join(dir, `.check-${ulid()}`)
    try {
      const file = await open(probe, 'wx', 0o600)
      try {
        await file.writeFile(Buffer.alloc(PROBE_BYTES))
        await file.sync()
      } finally {
        await file.close()
      }
    } finally {
      await rm(probe, { force: true })
    }
  } catch (error) {
    const why = systemReason(error)
    throw why === null ? error : new StoreUnavailableError(`Its folder ${why}.`, { cause: error })
  }
}

/**
 * At the start of a program: a sentence that names the folder and the setting, for the person who starts it. A full disk
 * refuses no start: `/ready` says so, and the sweep makes room.
 */
export async function prepareFolder(dir: string, setting: string): Promise<void> {
  try {
    await checkFolder(dir)
  } catch (error) {
    const cause = error instanceof StoreUnavailableError ? error.cause : error
    const isFull = cause === undefined || FULL.has((cause as { code?: unknown }).code)
    if (isFull) return
    const reason = systemReason(cause)
    if (reason === null) throw error
    throw new StoreSetupError(
      `The folder ${dir} ${reason}: make it writable for this user, or set ${setting} to a folder that is.`,
      { cause: error },
    )
  }
}

const FULL = new Set<unknown>(['ENOSPC', 'EDQUOT'])

/** What a system error says of a folder; null for any other error. */
function systemReason(error: unknown): string | null {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return `may not be written by this user (${code})`
    case 'EROFS':
      return 'is on a disk that is mounted read-only (EROFS)'
    case 'ENOSPC':
    case 'EDQUOT':
      return `cannot be written: its disk is full (${code})`
    case 'ENOENT':
      // What Node says of a folder on a disk that is mounted read-only.
      return 'cannot be made: its disk is mounted read-only, or a part of its path is missing (ENOENT)'
    case 'ENOTDIR':
    case 'EEXIST':
      return `cannot be made: a part of its path is a file (${code})`
    default:
      return typeof code === 'string' && /^E[A-Z]+$/.test(code) ? `cannot be used (${code})` : null
  }
}
