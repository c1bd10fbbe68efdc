import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execPath } from 'node:process'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { ensureCompileCache } from './compile-cache.ts'
import { readKit, type Kit } from './kit.ts'
import { KIT_DIRECTORY } from './testing/fixture-project.ts'

let kit: Kit

/** A kit of one package, so that a test may write to it. */
beforeEach(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'compile-cache-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const nodeModules = join(folder, 'node_modules')
  mkdirSync(nodeModules)
  cpSync(join(KIT_DIRECTORY, 'node_modules/zod'), join(nodeModules, 'zod'), { recursive: true })
  kit = {
    ...(await readKit(KIT_DIRECTORY)),
    nodeModules,
    manifest: { name: 'kit', dependencies: { zod: '4.6.7' } },
  }
})

const ensure = (over: Partial<Parameters<typeof ensureCompileCache>[0]> = {}) =>
  ensureCompileCache({ kit, nodePath: execPath, signal: AbortSignal.timeout(120_000), ...over })

test('is made once, for the user inside the sandbox, who may read it', async () => {
  const folder = join(kit.nodeModules, '.compile-cache')
  expect(await Promise.all([ensure(), ensure()])).toEqual([folder, folder])
  const version = readdirSync(folder).find((name) => name !== 'complete')
  expect(version).toMatch(new RegExp(`^${process.version}-${process.arch}-.*-65534$`))
  const entries = readdirSync(join(folder, version!))
  expect(entries.length).toBeGreaterThan(10)
  expect(statSync(join(folder, version!, entries[0]!)).mode & 0o777).toBe(0o644)
  expect(readdirSync(kit.nodeModules).sort()).toEqual(['.compile-cache', 'zod'])

  const made = statSync(join(folder, 'complete')).mtimeMs
  await ensure()
  expect(statSync(join(folder, 'complete')).mtimeMs).toBe(made)
})

test('is made again for another Node', async () => {
  const folder = join(kit.nodeModules, '.compile-cache')
  mkdirSync(folder)
  writeFileSync(join(folder, 'complete'), 'v1.0.0 x64\n')
  expect(await ensure()).toBe(folder)
  expect(readFileSync(join(folder, 'complete'), 'utf8')).toMatch(
    new RegExp(`^${process.version} ${process.arch} `),
  )
})

test('is made again for a kit that was moved: Node finds its entries by the paths of modules', async () => {
  const before = (await ensure())!
  const parent = mkdtempSync(join(tmpdir(), 'compile-cache-moved-'))
  const moved = join(parent, 'node_modules')
  onTestFinished(() => rmSync(parent, { recursive: true }))
  cpSync(kit.nodeModules, moved, { recursive: true })
  const folder = (await ensure({ kit: { ...kit, nodeModules: moved } }))!
  const entries = (cache: string) =>
    readdirSync(cache, { recursive: true })
      .map(String)
      .filter((name) => /[\da-f]{8}$/.test(name))
  expect(entries(folder).length).toBe(entries(before).length)
  expect(entries(folder).filter((name) => entries(before).includes(name))).toEqual([])
})

test('is left out, without a trace, where packages cannot be loaded or written beside', async () => {
  const broken = { ...kit, manifest: { name: 'kit', dependencies: { missing: '1.0.0' } } }
  expect(await ensure({ kit: broken })).toBeNull()
  expect(readdirSync(kit.nodeModules)).toEqual(['zod'])
  expect(await ensure({ kit: { ...kit, nodeModules: join(kit.nodeModules, 'nowhere') } })).toBeNull()
})

test('stops when the job does', async () => {
  const signal = AbortSignal.abort(new Error('enough'))
  await expect(ensure({ signal })).rejects.toThrow('enough')
  expect(readdirSync(kit.nodeModules)).toEqual(['zod'])
})
