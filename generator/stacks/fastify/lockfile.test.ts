import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseLockfile, pruneLockfile, type RootPackage } from './lockfile.ts'
import { kitDirectory } from './kit.ts'

const root = (
  dependencies: Record<string, string>,
  devDependencies: Record<string, string> = {},
): RootPackage => ({
  name: 'project',
  version: '0.1.0',
  engines: { node: '>=24.12' },
  dependencies,
  devDependencies,
})

const lockfile = parseLockfile(
  JSON.stringify({
    lockfileVersion: 3,
    packages: {
      '': {},
      'node_modules/a': { version: '1.0.0', dependencies: { shared: '*' } },
      'node_modules/a/node_modules/shared': { version: '1.0.0', dependencies: { leaf: '*' } },
      'node_modules/b': {
        version: '1.0.0',
        dev: true,
        dependencies: { shared: '*' },
        optionalDependencies: { native: '*', absent: '*' },
      },
      'node_modules/leaf': { version: '1.0.0' },
      'node_modules/native': { version: '1.0.0', optional: true, os: ['win32'] },
      'node_modules/shared': { version: '2.0.0', peerDependencies: { peer: '*' } },
      'node_modules/peer': { version: '1.0.0', peer: true },
      'node_modules/unused': { version: '1.0.0' },
    },
  }),
)

const prune = (...args: Parameters<typeof root>) =>
  pruneLockfile(lockfile, root(...args))['packages'] as Record<string, object>

describe('a pruned lockfile', () => {
  it('holds what the root reaches, from the nearest folder', () => {
    expect(Object.keys(prune({ a: '1.0.0' }))).toEqual([
      '',
      'node_modules/a',
      'node_modules/a/node_modules/shared',
      'node_modules/leaf',
    ])
  })

  it('keeps optional packages of every platform, and the flags of how something is reached', () => {
    expect(prune({}, { b: '1.0.0' })).toMatchObject({
      'node_modules/b': { dev: true },
      'node_modules/native': { dev: true, optional: true, os: ['win32'] },
      'node_modules/peer': { dev: true, peer: true },
      'node_modules/shared': { dev: true },
    })
  })

  it('drops a flag when there is another way', () => {
    const packages = prune({ b: '1.0.0', native: '1.0.0' })
    expect(packages['node_modules/b']).not.toHaveProperty('dev')
    expect(packages['node_modules/native']).not.toHaveProperty('optional')
  })

  it('is an error when something is missing', () => {
    expect(() => prune({ missing: '1.0.0' })).toThrow(
      "the kit's lockfile lacks missing, which the project needs",
    )
  })

  it('is the lockfile of the kit itself when everything is used', () => {
    const read = (name: string) => readFileSync(join(kitDirectory, name), 'utf8')
    const kit = parseLockfile(read('package-lock.json'))
    const { dependencies, devDependencies } = JSON.parse(read('package.json'))
    const { packages } = pruneLockfile(kit, root(dependencies, devDependencies)) as {
      packages: Record<string, object>
    }
    const { '': _root, ...pruned } = packages
    const { '': _kitRoot, ...whole } = kit.packages
    expect(pruned).toEqual(whole)
  })
})
