import { existsSync } from 'node:fs'
import { basename, delimiter, isAbsolute, join } from 'node:path'

type Runtime = Pick<NodeJS.Process, 'execPath' | 'platform' | 'env'> & {
  readonly versions: Readonly<Record<string, string | undefined>>
}

/**
 * The Bun to use in place of a missing npm: the one that runs this program, the one that started it (`bun run` may delegate
 * to Node from a package), or one on the PATH. Undefined when npm is available.
 */
export function findBun(runtime: Runtime): string | undefined {
  const { execPath, platform, env, versions } = runtime
  if (versions['bun'] !== undefined) return execPath
  const windows = platform === 'win32'
  const onPath = (file: string) =>
    (env['PATH'] ?? '')
      .split(delimiter)
      .flatMap((folder) => (isAbsolute(folder) ? [join(folder, file)] : []))
      .find((path) => existsSync(path))
  if (onPath(windows ? 'npm.cmd' : 'npm') !== undefined) return undefined
  const bun = windows ? 'bun.exe' : 'bun'
  const starter = env['npm_execpath']
  if (starter !== undefined && basename(starter) === bun && existsSync(starter)) return starter
  return onPath(bun)
}
