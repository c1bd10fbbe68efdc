import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { ProjectFile } from '../ports.ts'
import { openWorkspace, removeAbandoned } from './workspace.ts'

const file = (path: string, content = ''): ProjectFile => ({ path, content, origin: 'template' })

describe('openWorkspace', () => {
  async function parentFolder(): Promise<string> {
    const parent = await mkdtemp(join(tmpdir(), 'workspace-test-'))
    onTestFinished(() => rm(parent, { recursive: true }))
    return parent
  }

  test('writes every file into a folder of its own that only its user may enter, and removes it', async () => {
    const parent = await parentFolder()
    {
      await using workspace = await openWorkspace(
        [file('src/deep/a.ts', 'é'), { ...file('run.sh', '#!/bin/sh'), executable: true }],
        { parent, user: null },
      )
      expect(await readFile(join(workspace.project, 'src/deep/a.ts'), 'utf8')).toBe('é')
      expect((await stat(join(workspace.project, 'run.sh'))).mode & 0o111).not.toBe(0)
      expect((await stat(join(workspace.project, 'src/deep/a.ts'))).mode & 0o111).toBe(0)
      const [root] = await readdir(parent)
      expect((await stat(join(parent, root!))).mode & 0o777).toBe(0o700)
    }
    expect(await readdir(parent)).toEqual([])
  })

  test('leaves nothing behind when a file cannot be written', async () => {
    const parent = await parentFolder()
    await expect(openWorkspace([file('a'), file('a/b')], { parent, user: null })).rejects.toThrow(
      /ENOTDIR|EEXIST|EISDIR/,
    )
    expect(await readdir(parent)).toEqual([])
  })

  test('what a killed worker left is removed at once, whatever lives stays', async () => {
    const parent = await parentFolder()
    await using current = await openWorkspace([file('a')], { parent, user: null })
    const dead = spawnSync(process.execPath, ['--version']).pid
    await mkdir(join(parent, `backend-verify-${dead}-abc123`, 'project'), { recursive: true })
    await removeAbandoned(parent)
    expect(await readdir(parent)).toEqual([basename(dirname(current.project))])
  })

  test('what a killed worker left is removed when it is old, and nothing else is', async () => {
    const parent = await parentFolder()
    await using current = await openWorkspace([file('a')], { parent, user: null })
    const longAgo = new Date(Date.now() - 7_200_000)
    for (const name of ['backend-verify-dead00', 'another-users']) {
      await mkdir(join(parent, name, 'project'), { recursive: true })
      await utimes(join(parent, name), longAgo, longAgo)
    }
    await removeAbandoned(parent, 3_600_000)
    expect((await readdir(parent)).sort()).toEqual(['another-users', basename(dirname(current.project))])
    await expect(removeAbandoned(join(parent, 'missing'), 0)).resolves.toBeUndefined()
  })
})
