import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { writeProgram } from '#lib/testing/write-program'
import { npmForBun } from './npm-for-bun.ts'

const windows = process.platform === 'win32'

/** A folder to fetch npm into, and a `bun` that notes how it is called. */
async function machine(bun: string) {
  const root = await mkdtemp(join(tmpdir(), 'npm-for-bun-'))
  onTestFinished(() => rm(root, { recursive: true }))
  const folder = join(root, 'folder')
  await mkdir(folder)
  const bunPath = join(root, 'bun')
  writeProgram(bunPath, `#!/bin/sh\n${bun}\n`)
  return {
    root,
    folder,
    npm: (PATH: string, signal = AbortSignal.timeout(120_000)) =>
      npmForBun({ bunPath, nodePath: '/node', folder, env: { PATH }, signal }),
  }
}

test.skipIf(windows)(
  'is the npm of the PATH, started by Node and not by what else is called node',
  async () => {
    const { root, npm } = await machine('exit 1')
    const cli = join(root, 'npm-cli.js')
    await writeFile(cli, '')
    await symlink(cli, join(root, 'npm'))
    expect(await npm(`/nonexistent:${root}`)).toEqual(['/node', cli])
  },
)

test.skipIf(windows)('is fetched where there is none, into the folder that is given', async () => {
  const { folder, npm } = await machine('echo "$PWD $@" > called')
  expect(await npm('/usr/bin-without-npm')).toEqual([
    '/node',
    join(folder, 'node_modules/npm/bin/npm-cli.js'),
  ])
  expect(await readFile(join(folder, 'called'), 'utf8')).toMatch(
    new RegExp(`^${folder} add --exact --ignore-scripts npm@\\d+\\.\\d+\\.\\d+\\n$`),
  )
  expect(await readFile(join(folder, 'package.json'), 'utf8')).toBe('{ "private": true }')
})

test.skipIf(windows)('says what to do where it cannot be fetched', async () => {
  const { npm } = await machine('echo ConnectionRefused >&2; exit 1')
  const failed = npm('')
  await expect(failed).rejects.toThrow(/Connect to the network once, or install Node with npm/)
  await expect(failed).rejects.toMatchObject({ code: 'kit_install_failed' })
})
