import { existsSync } from 'node:fs'
import { glob, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeFolder } from './make-folder.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'make-folder-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

describe('a folder that is made', () => {
  it('is there with those above it, for this user alone', async () => {
    const path = join(dir, 'a/b/c')
    await makeFolder(path)
    await makeFolder(path)
    for (const folder of ['a', 'a/b', 'a/b/c'])
      expect((await stat(join(dir, folder))).mode & 0o777).toBe(process.platform === 'win32' ? 0o666 : 0o700)
  })

  it('may be made by many at once', async () => {
    await Promise.all(Array.from({ length: 20 }, () => makeFolder(join(dir, 'a/b/c/d'))))
    expect((await stat(join(dir, 'a/b/c/d'))).isDirectory()).toBe(true)
  })

  it('is refused where a part of its path is a file', async () => {
    const file = join(dir, 'file')
    await writeFile(file, '')
    await expect(makeFolder(file)).rejects.toMatchObject({ code: 'EEXIST', path: file })
    for (const path of [join(file, 'a'), join(file, 'a/b')])
      await expect(makeFolder(path)).rejects.toMatchObject({ code: 'ENOTDIR' })
  })

  it.skipIf(process.platform === 'win32')('is refused where a link leads nowhere', async () => {
    await symlink(join(dir, 'nowhere'), join(dir, 'link'))
    for (const path of [join(dir, 'link'), join(dir, 'link/a')])
      await expect(makeFolder(path)).rejects.toMatchObject({ code: 'EEXIST', path: join(dir, 'link') })
  })

  // `mkdir` with `recursive` never returns there.
  it.skipIf(!existsSync('/proc/self'))('is refused where the system makes none', async () => {
    for (const path of ['/proc/nope', '/proc/nope/a/b'])
      await expect(makeFolder(path)).rejects.toMatchObject({ code: 'ENOENT', path: '/proc/nope' })
  })
})

it('is how every folder of the product is made', async () => {
  const root = join(import.meta.dirname, '..')
  const aside = new Set(['node_modules', 'kit', 'testing', 'attacks'])
  const files: string[] = ['service.ts']
  for await (const file of glob('{api,bots,cli,deploy,generator,jobs,lib,worker}/**/*.{ts,mts}', {
    cwd: root,
    exclude: (name) => aside.has(basename(name)),
  }))
    if (!file.endsWith('.test.ts')) files.push(file)
  expect(files.length).toBeGreaterThan(300)
  const texts = await Promise.all(files.map((file) => readFile(join(root, file), 'utf8')))
  expect(files.filter((_, at) => /mkdir(Sync)?\(.*recursive/.test(texts[at]!))).toEqual([])
})
