import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { readRepositoryFile } from './compose-file.ts'

const Names = z.record(z.string(), z.string()).default({})
const Lockfile = z.object({
  packages: z.record(
    z.string(),
    z.looseObject({
      dependencies: Names,
      optionalDependencies: Names,
      hasInstallScript: z.boolean().optional(),
    }),
  ),
})

describe.each(['package-lock.json', 'generator/stacks/fastify/kit/package-lock.json'])('%s', (path) => {
  // `npm ci` rejects a lockfile without the packages of other platforms. A registry that lacks such a package silently
  // omits it when the lockfile is written.
  test('contains every dependency, including other platforms, so that npm ci accepts it', async () => {
    const { packages } = Lockfile.parse(JSON.parse(await readRepositoryFile(path)))
    const missing = Object.entries(packages).flatMap(([at, { dependencies, optionalDependencies }]) =>
      Object.keys({ ...dependencies, ...optionalDependencies }).filter(
        (name) => !resolves(packages, at, name),
      ),
    )
    expect(missing).toEqual([])
  })
})

/** Resolves a package like Node: next to the dependent, then in parent folders. */
function resolves(packages: Record<string, unknown>, from: string, name: string): boolean {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    if (`${at ? `${at}/` : ''}node_modules/${name}` in packages) return true
    if (at === '') return false
  }
}
