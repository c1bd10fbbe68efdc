import { createReadStream } from 'node:fs'
import { access, constants, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { joinFiles } from '#contract'
import { decodeText } from '#lib/decode-text'
import { makeFolder } from '#lib/make-folder'
import { ulid } from 'ulid'

/** A file or folder on the command line cannot be used; the message explains why. */
export class LocalFileError extends Error {
  readonly code = 'local_file'
  override readonly name = 'LocalFileError'
}

/** Readable messages for system errors. */
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

/** The API accepts a million characters of up to four bytes each. */
const MAX_BYTES = 4_000_000

/** The text of the document at `path`, of at most 4 MB. Throws a `LocalFileError`. */
export async function readDocument(path: string): Promise<string> {
  const fail = (reason: string, cause?: unknown) =>
    new LocalFileError(`Cannot read ${path}: ${reason}. Give the path of a file with --spec.`, { cause })
  let bytes: Buffer
  try {
    // Reads just enough to detect an oversized file: a device may be endless.
    bytes = await buffer(createReadStream(path, { end: MAX_BYTES }))
  } catch (error) {
    throw fail(reasonOf(error), error)
  }
  if (bytes.length > MAX_BYTES) throw fail('it is larger than 4 MB; the limit is 1 million characters')
  const text = decodeText(bytes)
  if (text === null) throw fail('it is not text in UTF-8 or UTF-16')
  return text
}

/** A document and the files that it refers to, as one text. Throws a `LocalFileError`. */
export async function readDocuments(paths: readonly string[]): Promise<string> {
  const [main = '', ...others] = paths
  const text = await readDocument(main)
  if (others.length === 0) return text
  const read = others.map(async (path) => ({
    name: relative(dirname(main), path).replaceAll('\\', '/'),
    text: await readDocument(path),
  }))
  return joinFiles(text, await Promise.all(read))
}

/** Creates the `--out` folder if missing and checks that it is writable. Throws a `LocalFileError`. */
export async function prepareFolder(path: string): Promise<void> {
  try {
    await makeFolder(path, 0o777)
    await access(path, constants.W_OK)
  } catch (error) {
    throw notWritable(path, error)
  }
}

/** Writes a file atomically and returns its path. Throws a `LocalFileError`. */
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
    `Cannot write to ${path}: ${hasCode(error, 'ENOENT') ? 'it cannot be created there' : reasonOf(error)}. Give another folder with --out.`,
    { cause: error },
  )

const hasCode = (error: unknown, code: string) =>
  error instanceof Error && 'code' in error && error.code === code

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return REASONS[code] ?? (code || String(error))
}
