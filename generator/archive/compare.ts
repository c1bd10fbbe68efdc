import type { ProjectFile } from '../ports.ts'
import type { Unpacked } from './unzip.ts'

/** The first difference between packed and unpacked files, as the end of a sentence; null if there is none. */
export function difference(
  packed: readonly ProjectFile[],
  unpacked: readonly Unpacked[],
): { readonly path: string; readonly problem: string } | null {
  const out = new Map(unpacked.map((file) => [file.path, file]))
  for (const { path, content, executable } of packed) {
    const file = out.get(path)
    if (file === undefined) return { path, problem: 'is not in the archive' }
    out.delete(path)
    if (Buffer.from(file.bytes).toString('utf8') !== content)
      return { path, problem: 'comes out of the archive with other content' }
    if (file.executable !== (executable ?? false))
      return { path, problem: `comes out ${file.executable ? '' : 'not '}executable` }
  }
  const [extra] = out.keys()
  return extra === undefined ? null : { path: extra, problem: 'is in the archive, and nobody put it there' }
}
