import { execFile } from 'node:child_process'
import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { delimiter, resolve } from 'node:path'
import { env, platform } from 'node:process'
import { promisify } from 'node:util'

export type RedisExecutable = { readonly path: string; readonly name: string; readonly version: string }

const run = promisify(execFile)

/**
 * Finds the first redis-server or valkey-server on the PATH that is new enough (6.2), or says why there is none.
 * A candidate must print its version within `timeoutMs`, five seconds by default.
 */
export async function findRedisServer(
  path = env.PATH ?? '',
  timeoutMs = 5_000,
): Promise<RedisExecutable | { problem: string }> {
  if (platform === 'win32') return { problem: 'redis-server does not run on Windows' }
  let problem = 'there is no redis-server on the PATH'
  for (const folder of path.split(delimiter).filter((entry) => entry !== ''))
    for (const name of ['redis-server', 'valkey-server']) {
      const file = resolve(folder, name)
      if (!(await isExecutable(file))) continue
      const version = await versionOf(file, timeoutMs)
      if (version === null) problem = `${file} does not say its version`
      else if (!isNewEnough(version)) problem = `${file} is version ${version}, but 6.2 or newer is required`
      else return { path: file, name, version }
    }
  return { problem }
}

/** BullMQ runs on Redis 6.2 and newer; Valkey began at 7.2. */
export function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > 6 || (major === 6 && minor >= 2)
}

const isExecutable = (file: string) =>
  access(file, constants.X_OK).then(
    () => true,
    () => false,
  )

async function versionOf(file: string, timeout: number): Promise<string | null> {
  try {
    const { stdout } = await run(file, ['--version'], { timeout })
    return /v=(\d+\.\d+\.\d+)/.exec(stdout)?.[1] ?? null
  } catch {
    return null
  }
}
