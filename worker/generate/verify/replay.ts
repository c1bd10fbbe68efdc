import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { ProjectFile } from '../../ports.ts'
import { readSource } from '../code/source.ts'

const SERVER = 'tests/support/server.ts'
const REMOTE_SERVER = fileURLToPath(new URL('./inside/remote-server.mts', import.meta.url))

/** What a test may import to be repeated: it then uses the service through `startServer` alone. */
const ALLOWED =
  /^(node:(test|assert|assert\/strict|crypto)|(\.\.\/)+(tests\/)?support\/(server|fixtures)\.ts)$/

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
  if (ours.length === files.length) return null
  const tests = ours.filter(isRepeatable).map(({ path }) => path)
  if (tests.length === 0) return null
  return {
    files: ours.map((file) =>
      file.path === SERVER ? { ...file, content: readFileSync(REMOTE_SERVER, 'utf8') } : file,
    ),
    tests,
  }
}

function isRepeatable({ path, content }: ProjectFile): boolean {
  if (!/^tests\/.*\.test\.ts$/.test(path)) return false
  // As a tree: titles and values of examples are a model's words, and must not decide whether they are repeated.
  const source = readSource(content)
  if ('message' in source) return false
  const imported = source.program.body.flatMap((one) =>
    one.type === 'ImportDeclaration' ? [one.source.value] : [],
  )
  const isInProcess = source.places.some(
    ({ node, as, parent }) =>
      node.type === 'Identifier' &&
      (node.name === 'startOwnServer' ||
        (node.name === 'app' && parent?.node.type === 'MemberExpression' && as === 'property')),
  )
  return (
    !isInProcess &&
    imported.some((one) => one.endsWith('/support/server.ts')) &&
    imported.every((one) => ALLOWED.test(one))
  )
}
