import { createReadStream } from 'node:fs'
import { access, constants, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { makeFolder } from '#lib/make-folder'
import { ulid } from 'ulid'

/** A file or folder that the command line names cannot be used. The message is one sentence that says why. */
export class LocalFileError extends Error {
  readonly code = 'local_file'
  override readonly name = 'LocalFileError'
}

/** What the operating system answers, in words. */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is a file',
  EEXIST: 'it is a file',
  EACCES: 'you have no permission',
  EPERM: 'you have no permission',
  EROFS: 'it is on a read-only disk',
  ENOSPC: 'the disk is full',
  ENAMETOOLONG: 'its name is too long',
}

/** The API takes a million characters, of at most four bytes each. */
const MAX_BYTES = 4_000_000

/** The text of the document at `path`, of at most 4 MB. Throws a `LocalFileError`. */
export async function readDocument(path: string): Promise<string> {
  const fail = (reason: string, cause?: unknown) =>
    new LocalFileError(`Cannot read ${path}: ${reason}. Give the path of a file with --spec.`, { cause })
  let bytes: Buffer
  try {
    // No more than tells that it is too much: a device may have no end.
    bytes = await buffer(createReadStream(path, { end: MAX_BYTES }))
  } catch (error) {
    throw fail(reasonOf(error), error)
  }
  if (bytes.length > MAX_BYTES)
    throw fail('it has more than 4 MB, and a document may have 1 million characters')
  return bytes.toString('utf8')
}

/** Makes the folder that `--out` names, where it is missing, and makes sure that it can be written to. Throws a `LocalFileError`. */
export async function prepareFolder(path: string): Promise<void> {
  try {
    await makeFolder(path, 0o777)
    await access(path, constants.W_OK)
  } catch (error) {
    throw notWritable(path, error)
  }
}

/** Writes a whole file or none, and returns its path. Throws a `LocalFileError`. */
export async function writeAtomic(folder: string, name: string, bytes: Uint8Array): Promise<string> {
  const path = join(folder, name)
  const temporary = `${path}.${ulid()}.part`
  try {
    await writeFile(temporary, bytes)
    await rename(temporary, path)
    return path
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined)
    throw notWritable(path, error)
  }
}

const notWritable = (path: string, error: unknown) =>
  new LocalFileError(
    `Cannot write to ${path}: ${hasCode(error, 'ENOENT') ? 'it cannot be made there' : reasonOf(error)}. Give another folder with --out.`,
    { cause: error },
  )

const hasCode = (error: unknown, code: string) =>
  error instanceof Error && 'code' in error && error.code === code

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return REASONS[code] ?? (code || String(error))
}
