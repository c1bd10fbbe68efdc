import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import dockerignore from '@balena/dockerignore'

/** The build context: every file that .dockerignore does not exclude, as relative paths. */
export async function buildContext(folder: string): Promise<string[]> {
  const lines = (await readFile(join(folder, '.dockerignore'), 'utf8')).split('\n')
  const ignored = dockerignore.default().add(lines.filter((line) => line !== '' && !line.startsWith('#')))
  const allowed = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1))
  const files: string[] = []

  /** Like an engine: descends into an ignored folder only if a later pattern may include something below. */
  async function walk(path: string): Promise<void> {
    for (const entry of await readdir(join(folder, path), { withFileTypes: true })) {
      const at = path === '' ? entry.name : `${path}/${entry.name}`
      if (!entry.isDirectory()) {
        if (!ignored.ignores(at)) files.push(at)
      } else if (!ignored.ignores(at) || allowed.some((line) => mayBeBelow(line, at))) await walk(at)
    }
  }
  await walk('')
  return files.toSorted()
}

/** Whether a .dockerignore pattern may match below a folder; compared up to the first wildcard. */
function mayBeBelow(pattern: string, folder: string): boolean {
  const [literal = ''] = pattern.split(/[*?[]/)
  return literal.startsWith(`${folder}/`) || (literal !== pattern && `${folder}/`.startsWith(literal))
}
