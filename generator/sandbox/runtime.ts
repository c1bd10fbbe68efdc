import { execFile } from 'node:child_process'
import { access, constants, realpath } from 'node:fs/promises'
import { delimiter, isAbsolute, join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'

const run = promisify(execFile)

/** Timeout in milliseconds: a hundred times what they need, for busy machines. */
const WITHIN_MS = 60_000

/**
 * A lookup first, so that the libraries that resolving `localhost` loads are in the list too;
 * the report names every shared object of the process, the loader among them.
 */
const LIST_LIBRARIES = `
require('node:dns').lookup('localhost', () => {
  process.report.excludeNetwork = true
  console.log(JSON.stringify(process.report.getReport().sharedObjects))
})`

/** The shared libraries that this Node needs to run and to resolve names, by absolute path. */
export async function nodeLibraries(nodePath: string, signal: AbortSignal): Promise<string[]> {
  const { stdout } = await run(nodePath, ['-e', LIST_LIBRARIES], { env: {}, signal, timeout: WITHIN_MS })
  const listed = z.array(z.string()).parse(JSON.parse(stdout))
  return readable(listed.filter((path) => isAbsolute(path) && path !== nodePath))
}

/** Whether a program was killed by its timeout, which proves nothing about it. */
export const wasTimedOut = (error: unknown): boolean =>
  error instanceof Error && 'killed' in error && error.killed === true

/**
 * The shared libraries of a program as listed by the loader; empty when it cannot list them. Rejects on timeout.
 */
export async function programLibraries(program: string, signal: AbortSignal): Promise<string[]> {
  const { stdout } = await run(program, [], {
    env: { LD_TRACE_LOADED_OBJECTS: '1' },
    signal,
    timeout: WITHIN_MS,
  }).catch((error: unknown) => {
    if (wasTimedOut(error)) throw error
    return { stdout: '' }
  })
  return readable([...stdout.matchAll(/(?:=> |^\s*)(\/\S+) \(0x/gm)].map((match) => match[1]!))
}

/** The first executable of this name in the folders of `path` (the value of PATH), or null. */
export async function findProgram(name: string, path: string): Promise<string | null> {
  for (const folder of path.split(delimiter)) {
    if (!isAbsolute(folder)) continue
    const candidate = join(folder, name)
    if (await isAccessible(candidate, constants.X_OK)) return realpath(candidate)
  }
  return null
}

async function readable(paths: readonly string[]): Promise<string[]> {
  const checks = await Promise.all(paths.map((path) => isAccessible(path, constants.R_OK)))
  return [...new Set(paths.filter((_, index) => checks[index]))].sort()
}

const isAccessible = (path: string, mode: number): Promise<boolean> =>
  access(path, mode).then(
    () => true,
    () => false,
  )
