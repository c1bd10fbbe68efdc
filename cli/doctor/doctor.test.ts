import { mkdtempSync, rmSync } from 'node:fs'
import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { runChecks, checkKit } from './run-checks.ts'
import { readModelConfig } from '../../generator/llm/config.ts'
import { renderFindings } from './findings.ts'
import { modelFinding } from './check-model.ts'
import { checkPort, probeDisk } from './probes.ts'
import { CHATS, checkChat, checkDisk, checkNode, sandboxFinding } from './checks.ts'

const [slack] = CHATS

describe('what the doctor says of', () => {
  test.each([
    ['v24.21.0', 'ok'],
    ['v24.12.0', 'ok'],
    ['v26.0.0', 'ok'],
    ['v24.11.9', 'broken'],
    ['v20.20.1', 'broken'],
  ])('Node %s', (version, state) => {
    expect(checkNode(version, '>=24.12')).toMatchObject({ state })
  })

  test('a key: that it is set, and never what it is', () => {
    const env = {
      OPENAI_API_KEY: 'sk-hunter2',
      SLACK_BOT_TOKEN: 'xoxb-hunter2',
      SLACK_APP_TOKEN: 'xapp-hunter2',
    }
    const model = modelFinding(readModelConfig(env), null, new Date('2026-11-01'))
    const found = [model, checkChat(env, slack), checkChat({}, slack)]
    expect(found.map(({ state }) => state)).toEqual(['ok', 'ok', 'off'])
    expect(JSON.stringify(found)).not.toContain('hunter2')
  })

  test('a chat that is set up by half', () => {
    expect(checkChat({ SLACK_BOT_TOKEN: 'x' }, slack)).toMatchObject({
      state: 'weak',
      advice: 'Set SLACK_APP_TOKEN or SLACK_SIGNING_SECRET.',
    })
    expect(checkChat({ SLACK_APP_TOKEN: 'x' }, slack)).toMatchObject({
      state: 'weak',
      advice: 'Set SLACK_BOT_TOKEN.',
    })
  })

  test.each([
    ['darwin', 'static: bubblewrap needs Linux, this is darwin', /Docker/],
    ['win32', 'static: bubblewrap needs Linux, this is win32', /WSL 2/],
    ['linux', 'static: bwrap is not installed', /apt install bubblewrap/],
    ['linux', 'static: bwrap: setting up uid map: Permission denied', /apparmor_restrict/],
    ['linux', "static: bwrap: Can't mount proc on /newroot/proc", /docker-compose/],
    ['linux', 'static: bwrap: Unknown option --disable-userns', /0\.8/],
    ['freebsd', 'static: bubblewrap needs Linux', /Docker/],
  ] as const)('no sandbox on %s: %s', (platform, description, advice) => {
    const found = sandboxFinding({ tier: 'static', description, memoryBound: null }, platform)
    expect(found).toMatchObject({ state: 'weak', advice: expect.stringMatching(advice) })
  })

  test('a sandbox that holds, and one that was turned off', () => {
    const works = {
      tier: 'bubblewrap',
      description: 'bubblewrap (15 attacks stopped)',
      memoryBound: 'cgroup v2',
    } as const
    expect(sandboxFinding(works, 'linux')).toEqual({
      name: 'Sandbox',
      state: 'ok',
      detail: 'bubblewrap (15 attacks stopped); memory of a run is limited by cgroup v2',
    })
    expect(sandboxFinding({ ...works, tier: 'none' }, 'linux')).toMatchObject({ state: 'weak' })
  })

  test('a disk, by its room', () => {
    const disk = (freeBytes: number, isWritable = true) =>
      checkDisk('Store', { path: '/d', freeBytes, isWritable })
    expect(disk(5e9)).toMatchObject({ state: 'ok', detail: '5.0 GB free at /d' })
    expect(disk(5e8)).toMatchObject({ state: 'weak', detail: 'only 500 MB free at /d' })
    expect(disk(5e7)).toMatchObject({ state: 'broken' })
    expect(disk(5e9, false)).toMatchObject({ state: 'broken', detail: '/d is not writable' })
  })
})

test('the store is looked for where it will be made', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'doctor-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  expect(await probeDisk(join(folder, 'not/yet/there'))).toMatchObject({ path: folder, isWritable: true })
  expect(await checkKit(folder)).toMatchObject({
    state: 'weak',
    advice: expect.stringContaining('kit:install'),
  })
})

test('a port that is free, used by another program, and used by our service', async () => {
  const taken = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1')
  const ours = createHttpServer((_request, response) => response.end('ok')).listen(0, '127.0.0.1')
  onTestFinished(() => void (taken.close(), ours.close()))
  await Promise.all([once(taken, 'listening'), once(ours, 'listening')])
  const at = (server: typeof taken) => ({ host: '127.0.0.1', port: (server.address() as AddressInfo).port })
  expect(await checkPort(at(taken))).toMatchObject({
    state: 'broken',
    detail: expect.stringContaining('another program'),
  })
  expect(await checkPort(at(ours))).toMatchObject({
    state: 'ok',
    detail: expect.stringContaining('already running'),
  })
  expect(await checkPort({ host: '127.0.0.1', port: 0 })).toMatchObject({ state: 'ok' })
})

describe('the whole examination', () => {
  const machine = (env: Record<string, string>) => ({
    env: { PATH: '/nonexistent', DATA_DIR: tmpdir(), PORT: '0', ...env },
    nodePath: process.execPath,
    platform: process.platform,
    userId: process.getuid?.(),
    processors: 2,
    tempDirectory: tmpdir(),
  })
  const examineWith = (env: Record<string, string>) =>
    runChecks({
      machine: machine(env),
      nodeVersion: process.version,
      now: new Date('2026-11-28T12:00:00Z'),
      signal: AbortSignal.timeout(120_000),
    })

  test('names everything once, and is ready where nothing is broken', async () => {
    const found = await examineWith({ SANDBOX: 'none' })
    expect(found.map(({ name }) => name)).toEqual([
      'Node',
      'Settings',
      'Queue',
      'Kit',
      'Sandbox',
      'OpenAI',
      'Access',
      'Slack',
      'Discord',
      'Callbacks',
      'Logs',
      'Metrics',
      'Store',
      'Retention',
      'Temporary',
      'Traces',
      'Port',
    ])
    expect(found.filter(({ state }) => state === 'broken')).toEqual([])
    const text = renderFindings(found)
    expect(text).toMatch(/^weak {4}Sandbox .*SANDBOX=none/m)
    expect(text).toMatch(/\nReady: npm start$/)
  })

  test('says what is broken: settings before all else, a queue that production refuses', async () => {
    const settings = await examineWith({ PORT: 'x', SANDBOX_MEMORY_MB: '1' })
    expect(settings.at(-1)).toMatchObject({
      name: 'Settings',
      state: 'broken',
      detail: expect.stringMatching(/PORT[^]*SANDBOX_MEMORY_MB/),
    })
    const production = await examineWith({ NODE_ENV: 'production', SANDBOX: 'none' })
    expect(production.find(({ name }) => name === 'Queue')).toMatchObject({ state: 'broken' })
    expect(renderFindings(production)).toMatch(/Not ready: Queue must be fixed first\.$/)
  })

  test('a sandbox that was asked for by name and is not there is broken', async () => {
    const found = await examineWith({ SANDBOX: 'bubblewrap' })
    expect(found.find(({ name }) => name === 'Sandbox')).toMatchObject({
      state: 'broken',
      detail: expect.stringContaining('SANDBOX=bubblewrap'),
    })
  })
})
