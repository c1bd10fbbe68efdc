import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { delimiter, dirname, isAbsolute, join } from 'node:path'

export type FoundNode = {
  readonly path: string
  /** Such as `v24.21.0`. */
  readonly version: string
}

/** No suitable Node for generated projects was found. `code` is stable; the message says what to do. */
export class NodeNotFoundError extends Error {
  readonly code = 'node_not_found'
}

/** The minimum for generated projects: type stripping and built-in SQLite. */
const OLDEST = [24, 12] as const

type Runtime = Pick<NodeJS.Process, 'execPath' | 'version' | 'platform' | 'arch' | 'env'> & {
  readonly versions: Readonly<Record<string, string | undefined>>
}

/**
 * Finds the Node that runs generated projects: the one running this program, or, on another runtime (Bun), one from npm
 * packages or the PATH. Throws `NodeNotFoundError` when none is recent enough.
 *
 * @param resolvePackage returns the path of a package's package.json; throws when it is not installed
 */
export function findNode(
  runtime: Runtime,
  resolvePackage: (name: string) => string = (name) =>
    createRequire(import.meta.url).resolve(`${name}/package.json`),
): FoundNode {
  const { execPath, version, versions } = runtime
  const other = versions['bun'] === undefined ? null : `Bun ${versions['bun']}`
  if (other === null) return { path: execPath, version }
  const seen: string[] = []
  for (const path of candidates(runtime, resolvePackage)) {
    const found = versionOf(path)
    if (found === null) continue
    if (isNewEnough(found)) return { path, version: found }
    seen.push(`${path} is ${found}`)
  }
  throw new NodeNotFoundError(
    `This runs on ${other}, but generated projects run on Node ${OLDEST.join('.')} or newer. ` +
      `${seen.length > 0 ? seen.join(', ') : 'No npm package provides it, and it is not on the PATH'}. ` +
      'Run bun install, which provides Node on Linux and Windows (x64), or install it from https://nodejs.org, then restart.',
  )
}

function* candidates(
  { platform, arch, env }: Runtime,
  resolvePackage: (name: string) => string,
): Generator<string> {
  const file = platform === 'win32' ? 'node.exe' : 'node'
  try {
    const manifest = resolvePackage(`node-${platform === 'win32' ? 'win' : platform}-${arch}`)
    yield join(dirname(manifest), 'bin', file)
  } catch {
    // Not available for this platform, or optional packages were omitted.
  }
  for (const folder of (env['PATH'] ?? '').split(delimiter)) if (isAbsolute(folder)) yield join(folder, file)
}

/** Runs it to check, because Bun puts itself on the PATH as `node`. Null when it is not Node. */
function versionOf(path: string): string | null {
  const { status, stdout } = spawnSync(path, ['-p', 'process.versions.bun ?? process.version'], {
    encoding: 'utf8',
    env: {},
    timeout: 20_000,
  })
  return status === 0 && stdout.startsWith('v') ? stdout.trim() : null
}

function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.slice(1).split('.').map(Number)
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])
}
