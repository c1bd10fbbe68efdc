import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { writeProgram } from '#lib/testing/write-program'
import { ensureKit } from './install-kit.ts'

/** An `npm` that notes each call and makes what `npm ci` would, slowly enough for callers to meet. */
const FAKE_NPM = `#!/bin/sh
echo "$@" >> "$CALLS"
if [ -n "$NPM_FAILS" ]; then echo "npm error $NPM_FAILS" >&2; exit 1; fi
sleep 0.4
mkdir -p node_modules/leaf && echo "module.exports = 1" > node_modules/leaf/index.js
echo '{ "name": "leaf", "version": "1.0.0" }' > node_modules/leaf/package.json
`

async function kitWith(lock: string) {
  const root = await mkdtemp(join(tmpdir(), 'kit-test-'))
  onTestFinished(() => rm(root, { recursive: true, force: true }))
  const kitDirectory = join(root, 'kit')
  const bin = join(root, 'bin')
  const calls = join(root, 'calls')
  await mkdir(kitDirectory)
  await mkdir(bin)
  writeProgram(join(bin, 'npm'), FAKE_NPM)
  await writeFile(calls, '')
  await writeFile(
    join(kitDirectory, 'package.json'),
    '{ "name": "kit", "dependencies": { "leaf": "1.0.0" } }',
  )
  await writeFile(join(kitDirectory, 'package-lock.json'), lock)
  const env = { PATH: `${bin}${delimiter}${process.env['PATH']}`, CALLS: calls }
  return {
    kitDirectory,
    env,
    calls: async () => (await readFile(calls, 'utf8')).split('\n').filter(Boolean),
    ensure: (over: { env?: Record<string, string>; signal?: AbortSignal } = {}) =>
      ensureKit({
        kitDirectory,
        env: { ...env, ...over.env },
        signal: over.signal ?? AbortSignal.timeout(120_000),
      }),
  }
}

const windows = process.platform === 'win32'

test.skipIf(windows)('installs once, without scripts, and not again', async () => {
  const kit = await kitWith('{ "a": 1 }')
  expect(await kit.ensure()).toEqual({ installed: true })
  expect(await kit.ensure()).toEqual({ installed: false })
  expect(await kit.calls()).toEqual([
    expect.stringMatching(/^ci --ignore-scripts --include=dev --no-audit --no-fund/),
  ])
  expect(await readFile(join(kit.kitDirectory, 'node_modules/leaf/index.js'), 'utf8')).toContain('exports')
  expect(await readdir(kit.kitDirectory)).toEqual(['node_modules', 'package-lock.json', 'package.json'])
})

test.skipIf(windows)(
  'installs again for another lockfile, and leaves nothing of the old packages',
  async () => {
    const kit = await kitWith('{ "a": 1 }')
    await kit.ensure()
    await writeFile(join(kit.kitDirectory, 'node_modules/old'), '')
    await writeFile(join(kit.kitDirectory, 'package-lock.json'), '{ "a": 2 }')
    expect(await kit.ensure()).toEqual({ installed: true })
    expect(await readdir(join(kit.kitDirectory, 'node_modules'))).not.toContain('old')
  },
)

test.skipIf(windows)('does not take an install without its stamp for a whole one', async () => {
  const kit = await kitWith('{}')
  await mkdir(join(kit.kitDirectory, 'node_modules/leaf'), { recursive: true })
  expect(await kit.ensure()).toEqual({ installed: true })
})

test.skipIf(windows)('callers in one process and in others share one install', async () => {
  const kit = await kitWith('{}')
  const program = `import { ensureKit } from ${JSON.stringify(new URL('./install-kit.ts', import.meta.url).href)}
    await ensureKit({ kitDirectory: ${JSON.stringify(kit.kitDirectory)}, env: process.env, signal: AbortSignal.timeout(120_000) })`
  const other = () =>
    new Promise<number | null>((resolve) =>
      spawn(process.execPath, ['--input-type=module', '-e', program], { env: kit.env, stdio: 'ignore' }).once(
        'exit',
        resolve,
      ),
    )
  const [first, second, third, fourth] = await Promise.all([kit.ensure(), kit.ensure(), other(), other()])
  expect([third, fourth]).toEqual([0, 0])
  expect(first.installed && second.installed).toBe(false)
  expect(await kit.calls()).toHaveLength(1)
})

test.skipIf(windows)('takes over from an installer that died, and waits for one that lives', async () => {
  const kit = await kitWith('{}')
  const lock = join(kit.kitDirectory, '.installing')
  await mkdir(lock)
  await expect(kit.ensure({ signal: AbortSignal.timeout(500) })).rejects.toThrow(/aborted/)
  expect(await kit.calls()).toEqual([])
  const longAgo = new Date(Date.now() - 60_000)
  await utimes(lock, longAgo, longAgo)
  expect(await kit.ensure()).toEqual({ installed: true })
  await expect(stat(lock)).rejects.toThrow('ENOENT')
})

test.skipIf(windows).each([
  ['ENOTFOUND registry.npmjs.org', /registry is out of reach.*Connect to the network once/s],
  ['EINTEGRITY', /Run "npm ci --ignore-scripts" in .*kit to see why/],
])('says what to do when npm fails with %s, and installs when it is put right', async (reason, message) => {
  const kit = await kitWith('{}')
  const failed = kit.ensure({ env: { NPM_FAILS: reason } })
  await expect(failed).rejects.toThrow(message)
  await expect(failed).rejects.toMatchObject({ code: 'kit_install_failed' })
  expect(await kit.ensure()).toEqual({ installed: true })
})

test('a kit without a lockfile is refused', async () => {
  const kit = await kitWith('{}')
  await rm(join(kit.kitDirectory, 'package-lock.json'))
  await expect(kit.ensure()).rejects.toMatchObject({ code: 'kit_install_failed' })
})

test.skipIf(windows)('stops npm on abort and gives the lock back', async () => {
  const kit = await kitWith('{}')
  const stop = new AbortController()
  const running = kit.ensure({ signal: stop.signal })
  setTimeout(() => stop.abort(new Error('enough')), 100)
  await expect(running).rejects.toThrow('enough')
  expect(await readdir(kit.kitDirectory)).toEqual(['package-lock.json', 'package.json'])
})
