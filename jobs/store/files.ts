import { link, open, readFile, rename, rm } from 'node:fs/promises'
import { ulid } from 'ulid'
import type { z } from 'zod'
import { StoreCorruptError } from './errors.ts'

/** Suffix of files that are not complete yet. */
export const TEMPORARY = '.tmp'

/** Replaces a file atomically and durably. */
export async function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = await writeBeside(path, content)
  try {
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

/** Like `replaceFile`, but the first writer wins; false when the file already existed. */
export async function createOnce(path: string, content: string): Promise<boolean> {
  const temporary = await writeBeside(path, content)
  try {
    await link(temporary, path)
    return true
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false
    throw error
  } finally {
    await rm(temporary, { force: true })
  }
}

async function writeBeside(path: string, content: string | Uint8Array): Promise<string> {
  const temporary = `${path}.${ulid()}${TEMPORARY}`
  const file = await open(temporary, 'wx', 0o600)
  try {
    try {
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    return temporary
  } catch (error) {
    // Remove the partial file of a full disk.
    await rm(temporary, { force: true })
    throw error
  }
}

export async function readJson<T>(path: string, schema: z.ZodType<T>): Promise<T | null> {
  const text = await readFile(path, 'utf8').catch(orIfMissing(null))
  if (text === null) return null
  try {
    return schema.parse(JSON.parse(text))
  } catch (error) {
    throw new StoreCorruptError(path, error)
  }
}

export const orIfMissing =
  <T>(value: T) =>
  (error: unknown): T => {
    if (isMissing(error)) return value
    throw error
  }

export const isMissing = (error: unknown) => hasCode(error, 'ENOENT')

const hasCode = (error: unknown, code: string) =>
  error instanceof Error && 'code' in error && error.code === code
