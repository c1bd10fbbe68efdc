import { readFile, realpath } from 'node:fs/promises'
import { arch, platform } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { PackageJson, PackageLock, parseJson } from './package-files.ts'

/** An installed kit: the packages that projects may use, on disk and as data. */
export type Kit = {
  readonly nodeModules: string
  /** The native compiler. */
  readonly tsc: string
  /** The allow-list. */
  readonly manifest: PackageJson
  readonly lock: PackageLock
  /** npm's record of the installed packages. */
  readonly installed: PackageLock
}

/** The kit is missing or invalid. `code` is stable. */
export class KitUnusable extends Error {
  readonly code = 'kit_unusable'
}

/** Reads an installed kit. Throws `KitUnusable`. */
export async function readKit(kitDirectory: string): Promise<Kit> {
  const installedAt = join(kitDirectory, 'node_modules')
  // The compiler uses its real path, and a sandbox contains only the folders mounted into it.
  const nodeModules = await realpath(installedAt).catch(() => installedAt)
  const [manifest, lock, installed, tsc] = await Promise.all([
    readJson(join(kitDirectory, 'package.json'), PackageJson),
    readJson(join(kitDirectory, 'package-lock.json'), PackageLock),
    readJson(join(nodeModules, '.package-lock.json'), PackageLock),
    findTsc(nodeModules),
  ])
  return { nodeModules, tsc, manifest, lock, installed }
}

async function readJson<T>(path: string, schema: Parameters<typeof parseJson<T>>[0]): Promise<T> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new KitUnusable(
      `${path} cannot be read. Install the kit: node generator/stacks/install-kit-main.ts`,
      {
        cause,
      },
    )
  })
  const result = parseJson(schema, text)
  if ('problem' in result) throw new KitUnusable(`${path} ${result.problem}`)
  return result.value
}

/** TypeScript's own way from its package to the compiler for this machine. */
async function findTsc(nodeModules: string): Promise<string> {
  const resolver = pathToFileURL(join(nodeModules, 'typescript', 'lib', 'getExePath.js')).href
  try {
    const { default: getExePath } = (await import(resolver)) as { default: () => string }
    return getExePath()
  } catch (cause) {
    throw new KitUnusable(
      `The kit in ${nodeModules} has no TypeScript compiler for ${platform()}-${arch()}. ` +
        'Install the kit again: node generator/stacks/install-kit-main.ts',
      { cause },
    )
  }
}
