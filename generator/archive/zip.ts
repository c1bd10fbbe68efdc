import { buffer } from 'node:stream/consumers'
import { ZipArchive } from 'archiver'
import type { ProjectFile } from '../ports.ts'

/** The earliest moment that a zip can hold, so that it reads the same in every time zone. */
const FIXED_DATE = new Date('1980-01-01T00:00:00Z')

/**
 * Zips files in memory, all in one folder. Equal files give equal bytes, whatever their order, the clock, the time
 * zone or the user's settings. Trusts the paths.
 */
export async function zip(folder: string, files: readonly ProjectFile[]): Promise<Uint8Array> {
  const archive = new ZipArchive({ zlib: { level: 9 } })
  const bytes = buffer(archive)
  const sorted = files.toSorted((left, right) => (left.path < right.path ? -1 : 1))
  for (const { path, content, executable } of sorted)
    archive.append(Buffer.from(content, 'utf8'), {
      name: `${folder}/${path}`,
      date: FIXED_DATE,
      mode: executable === true ? 0o755 : 0o644,
    })
  // An error arrives through the stream, so both are awaited.
  await Promise.all([archive.finalize(), bytes])
  return bytes
}
