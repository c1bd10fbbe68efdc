import type { ProjectFile } from '../ports.ts'
import { difference } from '../archive/compare.ts'
import { unzip } from '../archive/unzip.ts'
import { zip } from '../archive/zip.ts'
import { failed, oneLine, passed, plural, type GateResult } from './outcome.ts'

/** The archive's top folder does not matter here. */
const FOLDER = 'project'

/**
 * Packs the files as shipped and unpacks the bytes again. Every later gate, and the run, use the unpacked files, so the
 * archive itself is verified. `files` is null on failure.
 */
export async function gateUnpack(
  files: readonly ProjectFile[],
  pack: typeof zip = zip,
): Promise<{ readonly verdict: GateResult; readonly files: readonly ProjectFile[] | null }> {
  const refuse = (detail: string, file: string | null = null) => ({
    verdict: failed('unpack', detail, [{ gate: 'unpack', file, line: null, message: detail }]),
    files: null,
  })
  try {
    const bytes = await pack(FOLDER, files)
    const unpacked = await unzip(FOLDER, bytes)
    const found = difference(files, unpacked)
    if (found !== null) return refuse(`${oneLine(found.path, 200)} ${found.problem}`, found.path)
    const origins = new Map(files.map(({ path, origin }) => [path, origin]))
    return {
      verdict: passed(
        `${Math.ceil(bytes.byteLength / 1024)} KiB unpack to the same ${plural(unpacked.length, 'file')}`,
      ),
      files: unpacked.map(({ path, bytes: content, executable }) => ({
        path,
        content: Buffer.from(content).toString('utf8'),
        origin: origins.get(path)!,
        executable,
      })),
    }
  } catch (error) {
    return refuse(
      `the archive cannot be unpacked: ${oneLine(error instanceof Error ? error.message : String(error))}`,
    )
  }
}
