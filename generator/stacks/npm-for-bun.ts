import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { delimiter, isAbsolute, join } from 'node:path'
import { realpathSync } from 'node:fs'
import { promisify } from 'node:util'
import { KitInstallError } from './install-kit.ts'

const run = promisify(execFile)

/** The fallback if npm is missing: the kit has an npm lockfile. */
const NPM = 'npm@11.19.1'

/**
 * How npm is started under Bun: `node` with npm's own file, since Bun puts itself on the PATH as `node`. A
 * machine with only Bun has no npm, so Bun downloads one into `folder`. Throws `KitInstallError`, or the signal's reason.
 */
export async function npmForBun(input: {
  /** Absolute paths of both. */
  readonly bunPath: string
  readonly nodePath: string
  readonly folder: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
}): Promise<readonly string[]> {
  const { bunPath, nodePath, folder, env, signal } = input
  const installed = npmOnPath(env['PATH'] ?? '')
  if (installed !== null) return [nodePath, installed]
  // Otherwise it would be added to the surrounding project.
  await writeFile(join(folder, 'package.json'), '{ "private": true }')
  const options = { cwd: folder, env: env as NodeJS.ProcessEnv, signal }
  await run(bunPath, ['add', '--exact', '--ignore-scripts', NPM], options).catch((cause: unknown) => {
    signal.throwIfAborted()
    throw new KitInstallError(
      `The packages of the kit are installed by npm, and Bun could not fetch it: the registry is out of reach. ` +
        `Connect to the network once, or install Node with npm from https://nodejs.org, and start again.\n${String(cause)}`,
      { cause },
    )
  })
  return [nodePath, join(folder, 'node_modules', 'npm', 'bin', 'npm-cli.js')]
}

/** The file that the `npm` on the PATH starts, if it is one that Node can run. */
function npmOnPath(path: string): string | null {
  for (const folder of path.split(delimiter)) {
    if (!isAbsolute(folder)) continue
    try {
      const file = realpathSync(join(folder, 'npm'))
      if (file.endsWith('npm-cli.js')) return file
    } catch {
      // Not there.
    }
  }
  return null
}
