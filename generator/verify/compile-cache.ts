import { execFile } from 'node:child_process'
import { chmod, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { arch, version } from 'node:process'
import { promisify } from 'node:util'
import type { Kit } from './kit.ts'

const run = promisify(execFile)

const FOLDER = '.compile-cache'
const STAMP = 'complete'
/** Node keeps one cache per user; this is the user inside the sandbox. */
const USER_INSIDE = 65_534

/**
 * Node's compile cache, built once from the kit's packages only, before any project runs. It lies in the kit's node_modules,
 * so runs get it read-only and a reinstall removes it. Resolves with its folder, or with null if the kit is not writable:
 * runs are then slightly slower. Rejects on abort only.
 */
export async function ensureCompileCache(input: {
  readonly kit: Kit
  /** The worker's own Node. */
  readonly nodePath: string
  readonly signal: AbortSignal
}): Promise<string | null> {
  const { nodeModules, manifest, lock } = input.kit
  const folder = join(nodeModules, FOLDER)
  // Entries are keyed by module path, so a kit that was copied or moved has none.
  const wanted = `${version} ${arch} ${nodeModules}\n`
  const isMade = async () => (await readFile(join(folder, STAMP), 'utf8').catch(() => '')) === wanted
  if (await isMade()) return folder

  const aside = await mkdtemp(join(nodeModules, `${FOLDER}-`)).catch(() => null)
  if (aside === null) return null
  try {
    const packages = Object.keys(manifest.dependencies ?? {})
    // Some packages load others lazily and cannot be imported on their own; those are skipped.
    const others = Object.entries(lock.packages).flatMap(([path, { dev }]) =>
      dev === true ? [] : (/^node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(path)?.[1] ?? []),
    )
    const load = `for (const name of ${JSON.stringify(packages)}) await import(name)
      for (const name of ${JSON.stringify(others)}) await import(name).catch(() => {})`
    await run(input.nodePath, ['--input-type=module', '-e', load], {
      cwd: dirname(nodeModules),
      env: { NODE_COMPILE_CACHE: aside },
      signal: input.signal,
      timeout: 30_000,
    })
    for (const name of await readdir(aside)) await handOver(aside, name)
    await chmod(aside, 0o755)
    await writeFile(join(aside, STAMP), wanted)
    // Left by an older Node or another path. If another process was faster, its cache is equal and the rename fails.
    if (!(await isMade())) await rm(folder, { recursive: true, force: true })
    await rename(aside, folder).catch(() => {})
    return (await isMade()) ? folder : null
  } catch {
    input.signal.throwIfAborted()
    return null
  } finally {
    await rm(aside, { recursive: true, force: true })
  }
}

/** Gives one version's folder to the user inside the sandbox, to read. */
async function handOver(cache: string, name: string): Promise<void> {
  const folder = join(cache, name.replace(/-\d+$/, `-${USER_INSIDE}`))
  await rename(join(cache, name), folder)
  await chmod(folder, 0o755)
  await Promise.all((await readdir(folder)).map((file) => chmod(join(folder, file), 0o644)))
}
