import { posix } from 'node:path'
import type { ProjectFile } from '../ports.ts'
import type { ReplaySupport } from '../stacks/stack.ts'
import { readSource } from '../code-check/source.ts'

export type Replay = {
  /** The project without what a model wrote, and with another server behind its tests. */
  readonly files: readonly ProjectFile[]
  /** Paths of the tests to replay. */
  readonly tests: readonly string[]
}

/**
 * The tests that the judge replays from outside: all that send requests. Null if no model wrote a part of the project, since
 * its test results can then be trusted, and if the project has no such tests.
 */
export function replayOf(files: readonly ProjectFile[], support: ReplaySupport): Replay | null {
  const ours = files.filter(({ origin }) => origin !== 'model')
  if (ours.length === files.length) return null
  const tests = ours.filter((file) => isRepeatable(file, support)).map(({ path }) => path)
  if (tests.length === 0) return null
  return {
    files: ours.map((file) =>
      file.path === support.server ? { ...file, content: support.remoteServer() } : file,
    ),
    tests,
  }
}

function isRepeatable(
  { path, content }: ProjectFile,
  { tests, imports, server, inProcess }: ReplaySupport,
): boolean {
  if (!tests.test(path)) return false
  // As a tree: titles and values of examples are a model's words, and must not decide whether they are repeated.
  const source = readSource(content)
  if ('message' in source) return false
  const imported = source.program.body.flatMap((one) =>
    one.type === 'ImportDeclaration' ? [one.source.value] : [],
  )
  const isInProcess = source.places.some(
    ({ node, as, parent }) =>
      node.type === 'Identifier' &&
      (inProcess.names.includes(node.name) ||
        (inProcess.properties.includes(node.name) &&
          parent?.node.type === 'MemberExpression' &&
          as === 'property')),
  )
  return (
    !isInProcess &&
    imported.some((one) => posix.join(posix.dirname(path), one) === server) &&
    imported.every((one) => imports.test(one))
  )
}
