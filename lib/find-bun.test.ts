import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { findBun } from './find-bun.ts'

const { platform } = process
const windows = platform === 'win32'
const bun = windows ? 'bun.exe' : 'bun'
const npm = windows ? 'npm.cmd' : 'npm'

async function folderWith(...files: string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'find-bun-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  for (const file of files) await writeFile(join(folder, file), '')
  return folder
}
const under = (versions: Record<string, string>, env: Record<string, string>) =>
  findBun({ execPath: '/runs/this', platform, versions, env })

test('is the Bun that runs this program, whatever else is there', async () => {
  expect(under({ bun: '1.4.0' }, { PATH: await folderWith(npm) })).toBe('/runs/this')
})

test('is the one that started the Node which runs this program, where there is no npm', async () => {
  const [started, path] = [await folderWith(bun), await folderWith(bun)]
  const env = { npm_execpath: join(started, bun), PATH: path }
  expect(under({ node: '24.1.0' }, env)).toBe(join(started, bun))
  expect(under({ node: '24.1.0' }, { ...env, npm_execpath: join(started, 'gone', bun) })).toBe(
    join(path, bun),
  )
  expect(under({ node: '24.1.0' }, { ...env, npm_execpath: '/lib/npm-cli.js' })).toBe(join(path, bun))
})

test('is none where npm is there, or neither', async () => {
  const both = `${await folderWith(npm)}${delimiter}${await folderWith(bun)}`
  expect(under({ node: '24.1.0' }, { PATH: both })).toBeUndefined()
  expect(under({ node: '24.1.0' }, { PATH: await folderWith() })).toBeUndefined()
  expect(under({ node: '24.1.0' }, {})).toBeUndefined()
})
