import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { execPath } from 'node:process'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { replay } from './replay.ts'

const PREPARE = new URL('../../verify/inside/prepare-replay.mts', import.meta.url).href

/** Loads, waits for a moment, and only then begins; says what happens in which order. */
const PROGRAM = `
import { setTimeout as delay } from 'node:timers/promises'
import { prepareReplay } from '${PREPARE}'
const loaded = Promise.withResolvers()
globalThis.say = (what) => { console.log(what); if (what === 'loaded') loaded.resolve() }
const replay = { root: process.cwd(), tests: ['tests/*.test.ts'], apiKey: '' }
const { begin } = prepareReplay(replay, { port: 1, stub: null, send: ({ kind }) => say(kind) })
await loaded.promise
await delay(100)
say('begin')
await begin()
process.exit(0)`

test('loads while the project runs its own tests, and starts none of them before it may', async () => {
  const root = await mkdtemp(join(tmpdir(), 'replay-test-'))
  onTestFinished(() => rm(root, { recursive: true }))
  const write = async (path: string, content: string) => {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), content)
  }
  await write('package.json', '{ "type": "module" }')
  await write('program.js', PROGRAM)
  await write('src/database/repositories.ts', `export const makeRepositories = () => (say('loaded'), {})`)
  await write('tests/support/fixtures.ts', 'export {}')
  await write(replay.server, replay.remoteServer())
  await write(
    'tests/a.test.ts',
    `import { test } from 'node:test'
       import { startServer } from './support/server.ts'
       test('a', async () => { say('started'); await startServer() })`,
  )
  const child = spawn(execPath, ['--disable-warning=ExperimentalWarning', 'program.js'], {
    cwd: root,
    env: { DATABASE_PATH: ':memory:' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const said = (await text(child.stdout)).trim().split('\n')
  // A test has a limit on its time, which waiting for the project must not use up.
  expect(said).toEqual(['loaded', 'begin', 'repeating', 'started', 'replay'])
})

test('has all that the server of the project offers to its tests', () => {
  const own = readFileSync(new URL('kit/files/tests/support/server.ts', import.meta.url), 'utf8')
  const offered = own.slice(own.lastIndexOf('\n  return {')).matchAll(/^ {4}(?:\/\/.*)?(\w+)(?=[,(:])/gm)
  const names = [...offered].map(([, name]) => name!)
  expect(names).toEqual(expect.arrayContaining(['send', 'expectStatus', 'setHeaders']))
  const remote = replay.remoteServer()
  const returned = remote.slice(remote.indexOf('\n  return {'), remote.indexOf('\nfunction empty'))
  const isThere = (name: string) => new RegExp(`\\b${name}\\b`).test(returned)
  expect(names.filter((name) => !isThere(name))).toEqual(replay.inProcess.properties)
})
