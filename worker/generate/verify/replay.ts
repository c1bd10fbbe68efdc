import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { ProjectFile } from '../../ports.ts'

const SERVER = 'tests/support/server.ts'
const REMOTE_SERVER = fileURLToPath(new URL('./inside/remote-server.mts', import.meta.url))

/** What a test may import to be repeated: it then uses the service through `startServer` alone. */
const ALLOWED =
  /^(node:(test|assert|assert\/strict|crypto)|(\.\.\/)+(tests\/)?support\/(server|fixtures)\.ts)$/
/** What only a server in the same process has. */
const IN_PROCESS = /\bstartOwnServer\b|\.app\b/

export type Replay = {
  /** The project without what a model wrote, and with another server behind its tests. */
  readonly files: readonly ProjectFile[]
  /** The tests that are repeated, by their paths. */
  readonly tests: readonly string[]
}

/**
 * What is repeated from outside of a project that a model wrote part of: every test that sends requests. Null where no
 * model wrote anything, since then there is nobody to make results up, and where the project has no such tests.
 */
export function replayOf(files: readonly ProjectFile[]): Replay | null {
  const ours = files.filter(({ origin }) => origin !== 'model')
  const tests = ours.filter(isRepeatable).map(({ path }) => path)
  if (ours.length === files.length || tests.length === 0) return null
  return {
    files: ours.map((file) =>
      file.path === SERVER ? { ...file, content: readFileSync(REMOTE_SERVER, 'utf8') } : file,
    ),
    tests,
  }
}

function isRepeatable({ path, content }: ProjectFile): boolean {
  if (!/^tests\/.*\.test\.ts$/.test(path) || IN_PROCESS.test(content)) return false
  const imported = [...content.matchAll(/^import\s+(?:[^'"]*\sfrom\s+)?['"]([^'"]+)['"]/gm)].map(
    ([, specifier]) => specifier!,
  )
  return (
    imported.some((one) => one.endsWith('/support/server.ts')) && imported.every((one) => ALLOWED.test(one))
  )
}
