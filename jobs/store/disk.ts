import { open, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolder } from '#lib/make-folder'
import { ulid } from 'ulid'
import { StoreSetupError, StoreUnavailableError } from './errors.ts'

/** Free space below which a disk counts as full: a job takes a few hundred kilobytes, and the queue may share the disk. */
const MIN_FREE_BYTES = 16 * 1024 * 1024
const PROBE_BYTES = 64 * 1024

/** Free space on the disk of a folder, in bytes. */
export type FreeBytes = (folder: string) => Promise<number>

const freeBytesOf: FreeBytes = async (folder) => {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}

/** Throws a readable error when the folder cannot be created or written, or its disk is full. Never includes the path. */
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
 * At startup: throws an error that names the folder and the setting. A full disk does not fail the start: `/ready` reports
 * it, and the sweep frees space.
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

/** Describes a system error on a folder; null for other errors. */
function systemReason(error: unknown): string | null {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return `is not writable by this user (${code})`
    case 'EROFS':
      return 'is on a disk that is mounted read-only (EROFS)'
    case 'ENOSPC':
    case 'EDQUOT':
      return `cannot be written: its disk is full (${code})`
    case 'ENOENT':
      // Node reports this for a folder on a read-only disk.
      return 'cannot be created: its disk is mounted read-only, or part of its path is missing (ENOENT)'
    case 'ENOTDIR':
    case 'EEXIST':
      return `cannot be created: part of its path is a file (${code})`
    default:
      return typeof code === 'string' && /^E[A-Z]+$/.test(code) ? `cannot be used (${code})` : null
  }
}
