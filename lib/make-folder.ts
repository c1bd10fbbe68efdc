import { mkdir, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'

/** Attempts, because a parent folder may be removed concurrently. */
const TRIES = 3

/**
 * Creates a folder and its missing parents, by default for this user only. Throws the system error of the level that
 * cannot be created (`code`, `path`).
 *
 * Creates one level at a time, because recursive `mkdir` never returns when a folder cannot be created below an existing
 * one, as in `/proc` (Node 20 to 24).
 */
export async function makeFolder(path: string, mode = 0o700): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      for (const folder of await missingFolders(resolve(path))) await makeOne(folder, mode)
      return
    } catch (error) {
      if (!hasCode(error, 'ENOENT') || attempt === TRIES) throw error
    }
  }
}

/** The missing folders, topmost first. */
async function missingFolders(path: string): Promise<string[]> {
  const missing: string[] = []
  for (let folder = path; ; folder = dirname(folder)) {
    const found = await stat(folder).catch((error: unknown) => {
      if (hasCode(error, 'ENOENT') && dirname(folder) !== folder) return null
      throw error
    })
    if (found === null) missing.unshift(folder)
    else if (found.isDirectory()) return missing
    else throw folder === path ? isThere(folder) : notAFolder(folder)
  }
}

async function makeOne(folder: string, mode: number): Promise<void> {
  try {
    await mkdir(folder, { mode })
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error
    // Another process may have created it; a dangling link also exists.
    const found = await stat(folder).catch(() => null)
    if (!found?.isDirectory()) throw error
  }
}

const isThere = (path: string) =>
  Object.assign(new Error(`EEXIST: file already exists, mkdir '${path}'`), { code: 'EEXIST', path })

const notAFolder = (path: string) =>
  Object.assign(new Error(`ENOTDIR: not a directory, mkdir '${path}'`), { code: 'ENOTDIR', path })

const hasCode = (error: unknown, code: string) => (error as NodeJS.ErrnoException).code === code
