import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { fastify } from './stack.ts'
import { todo } from '../../codegen/testing/blueprints.ts'

const script = fileURLToPath(new URL('kit/files/scripts/load-env.mjs', import.meta.url))

/** Starts a program as the scripts of a project do, in a folder with this .env. */
async function start(dotEnv: string | null, env: Record<string, string> = {}) {
  const cwd = await mkdtemp(join(tmpdir(), 'load-env-'))
  onTestFinished(() => rm(cwd, { recursive: true }))
  if (dotEnv !== null) await writeFile(join(cwd, '.env'), dotEnv)
  const args = ['--import', script, '-p', 'process.env.GREETING']
  return await promisify(execFile)(process.execPath, args, { cwd, env })
}

test('a project without a .env starts without a word about it', async () => {
  expect(await start(null)).toEqual({ stdout: 'undefined\n', stderr: '' })
})

test('a .env is read, and what the environment says already stays', async () => {
  expect(await start('GREETING=hello\n')).toEqual({ stdout: 'hello\n', stderr: '' })
  expect((await start('GREETING=hello\n', { GREETING: 'hi' })).stdout).toBe('hi\n')
})

test('every script that needs settings starts that way', async () => {
  const manifest = (await fastify.render(todo, { handlers: {}, extra: [] })).find(
    ({ path }) => path === 'package.json',
  )!
  const { scripts } = JSON.parse(manifest.content) as { scripts: Record<string, string> }
  for (const name of ['start', 'dev', 'seed'])
    expect(scripts[name]).toContain('--import ./scripts/load-env.mjs')
  expect(JSON.stringify(scripts)).not.toContain('env-file')
})
