import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { execPath, kill } from 'node:process'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import type { RunLimits, RunResult, Sandbox } from '../../ports.ts'
import { openWorkspace } from '../../workspace.ts'
import { makeUnsandboxed } from '../../unsandboxed.ts'
import { ATTACK_LIMITS } from './attack.ts'
import { bubblewrapHere } from './sandboxes.ts'
import { makeWorld } from './world.ts'

const world = await makeWorld()
afterAll(() => world[Symbol.asyncDispose]())
const { bubblewrap, why } = await bubblewrapHere(world)
const tiers: readonly { name: string; sandbox: Sandbox | null }[] = [
  { name: `bubblewrap${why}`, sandbox: bubblewrap },
  { name: 'none', sandbox: makeUnsandboxed() },
]

async function run(
  sandbox: Sandbox,
  script: string,
  over: { limits?: Partial<RunLimits>; signal?: AbortSignal; onLine?: (line: string) => void } = {},
): Promise<RunResult> {
  await using workspace = await openWorkspace([{ path: 'a', content: '', origin: 'kit' }], {
    parent: world.jobs,
    user: sandbox.user,
  })
  return await sandbox.run({
    argv: [execPath, '-e', script],
    project: workspace.project,
    scratch: workspace.scratch,
    readable: [],
    env: {},
    limits: { ...ATTACK_LIMITS, ...over.limits },
    signal: over.signal ?? AbortSignal.timeout(120_000),
    ...(over.onLine && { onLine: over.onLine }),
  })
}

/** The same program started by itself, with a pipe for everything: what no limit at all looks like. */
function bare(script: string) {
  const child = spawn(execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'pipe', 'pipe'] })
  onTestFinished(async () => {
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  })
  return child
}

const FLOODS = [
  { name: 'stdout', descriptor: 1 },
  { name: 'stderr', descriptor: 2 },
  { name: 'the channel of the results', descriptor: 3 },
] as const
const KEPT = 20_000

describe.each(tiers)('what holds in $name, and in no process that is started by itself', ({ sandbox }) => {
  test.skipIf(!sandbox)('an endless loop ends at the wall clock', async () => {
    const spins = `require('node:fs').writeSync(1, 'spinning'); for (;;);`
    const result = await run(sandbox!, spins, { limits: { wallMs: 500 } })
    expect(result.ending).toEqual({ kind: 'timeout' })
    expect(result.ms).toBeLessThan(15_000)

    const child = bare(spins)
    await once(child.stdout!, 'data')
    await delay(500)
    expect(child.exitCode ?? child.signalCode).toBeNull()
  })

  test.skipIf(!sandbox)('a program that ignores SIGTERM is killed', async () => {
    const deaf = `process.on('SIGTERM', () => {}); process.on('SIGINT', () => {}); setInterval(() => {}, 1000); require('node:fs').writeSync(3, 'deaf\\n')`
    const stop = new AbortController()
    let asked = 0
    const result = await run(sandbox!, deaf, {
      signal: stop.signal,
      onLine: () => {
        asked = performance.now()
        stop.abort()
      },
    })
    expect(result.ending).toEqual({ kind: 'aborted' })
    expect(performance.now() - asked).toBeLessThan(15_000)

    const child = bare(deaf)
    await once(child.stdio[3]!, 'data')
    child.kill('SIGTERM')
    await delay(200)
    expect(child.exitCode ?? child.signalCode).toBeNull()
  })

  test.skipIf(!sandbox).each(FLOODS)(
    'a flood on $name takes none of the memory of the worker',
    async ({ descriptor }) => {
      const flood = `
        const block = Buffer.alloc(65536, 'x')
        for (let wrote = 0; wrote < 20e6; )
          try { wrote += require('node:fs').writeSync(${descriptor}, block) } catch (error) { if (error.code !== 'EAGAIN') break }`
      const lines: string[] = []
      const result = await run(sandbox!, flood, { onLine: (line) => lines.push(line) })
      expect(result.stdout.length + result.stderr.length + lines.join('').length).toBeLessThan(KEPT + 100)
      expect(result.ending.kind).toBe(descriptor === 3 ? 'flooded' : 'exited')

      let got = 0
      const child = bare(flood)
      child.stdio[descriptor]!.on('data', (chunk: Buffer) => (got += chunk.length))
      await once(child, 'close')
      expect(got).toBeGreaterThan(KEPT * 50)
    },
  )
})

describe(`who runs at the same time${why}`, () => {
  const serves = `require('node:net').createServer((socket) => socket.end('of another job')).listen(0, '127.0.0.1', function () { require('node:fs').writeSync(3, this.address().port + '\\n') }); setTimeout(() => process.exit(), 90_000)`
  const dials = (port: string) =>
    `require('node:net').connect(${port}, '127.0.0.1').on('data', (data) => console.log(String(data))).on('error', (error) => console.log(error.code))`

  test.skipIf(!bubblewrap)(
    'a job cannot talk to the service of another; without a sandbox it can',
    async () => {
      const answers = await Promise.all(
        [bubblewrap!, makeUnsandboxed()].map(async (sandbox) => {
          const stop = new AbortController()
          const port = Promise.withResolvers<string>()
          const serving = run(sandbox, serves, { signal: stop.signal, onLine: port.resolve })
          const { stdout } = await run(sandbox, dials(await port.promise))
          stop.abort()
          await serving
          return stdout
        }),
      )
      expect(answers).toEqual(['ECONNREFUSED\n', 'of another job\n'])
    },
  )
})

describe(`the end of a run takes everything with it${why}`, () => {
  /** A child, and a grandchild in a session of its own whose parent has ended: nobody's, but for the sandbox. */
  const family = (mark: string) => `
    const { spawn } = require('node:child_process')
    const waits = "process.on('SIGTERM', () => {}); setTimeout(() => {}, 120_000) // ${mark}"
    spawn(process.execPath, ['-e', waits], { stdio: 'inherit' })
    spawn(process.execPath, ['-e', "require('node:child_process').spawn(process.execPath, ['-e', " + JSON.stringify(waits) + "], { detached: true, stdio: 'ignore' }).unref()"], { detached: true, stdio: 'ignore' }).unref()
    setTimeout(() => {}, 120_000)`
  const members = (mark: string): number[] =>
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .filter(
        (pid) =>
          (textOf(`/proc/${pid}/cmdline`).split('\0')[2] ?? '').startsWith('process.on') &&
          textOf(`/proc/${pid}/cmdline`).includes(mark),
      )
      .map(Number)
  const endAll = (mark: string) => {
    for (const pid of members(mark)) kill(pid, 'SIGKILL')
  }
  /** Waits until no more than these are left, and where some should be, another second to see them stay. */
  const untilLeft = async (mark: string, left: number): Promise<number> => {
    await expect.poll(() => members(mark).length, { timeout: 60_000 }).toBeLessThanOrEqual(left)
    if (left > 0) await delay(1_000)
    return members(mark).length
  }

  test.skipIf(!bubblewrap)(
    'within a second of cancelling; without a sandbox the grandchild lives on',
    async () => {
      for (const [sandbox, left] of [
        [bubblewrap!, 0],
        [makeUnsandboxed(), 1],
      ] as const) {
        const mark = `cancelled-${sandbox.tier}-${process.pid}`
        onTestFinished(() => endAll(mark))
        const stop = new AbortController()
        const running = run(sandbox, family(mark), { signal: stop.signal })
        await expect.poll(() => members(mark).length, { timeout: 120_000 }).toBe(2)
        stop.abort()
        expect((await running).ending).toEqual({ kind: 'aborted' })
        expect(await untilLeft(mark, left)).toBe(left)
      }
    },
  )

  test.skipIf(!bubblewrap)(
    'within a second of kill -9 of the worker; without a sandbox it lives on',
    async () => {
      for (const [setting, left] of [
        ['bubblewrap', 0],
        ['none', 2],
      ] as const) {
        const mark = `orphaned-${setting}-${process.pid}`
        onTestFinished(() => endAll(mark))
        const url = (path: string) => JSON.stringify(new URL(path, import.meta.url).href)
        const program = `
        import { chooseSandbox } from ${url('../../choose-sandbox.ts')}
        import { openWorkspace } from ${url('../../workspace.ts')}
        const signal = AbortSignal.timeout(120_000)
        const chosen = await chooseSandbox({ setting: '${setting}', nodePath: process.execPath, kitDirectory: ${JSON.stringify(world.kit)},
          tempDirectory: ${JSON.stringify(world.jobs)}, searchPath: process.env.PATH, platform: process.platform, userId: process.getuid(), signal })
        const sandbox = chosen.pick([]).tools
        const { project, scratch } = await openWorkspace([{ path: 'a', content: '', origin: 'kit' }], { parent: ${JSON.stringify(world.jobs)}, user: sandbox.user })
        await sandbox.run({ argv: [process.execPath, '-e', ${JSON.stringify(family(mark))}], project, scratch, readable: [], env: {}, limits: ${JSON.stringify(ATTACK_LIMITS)}, signal })`
        const worker = spawn(execPath, ['--input-type=module', '-e', program], {
          stdio: ['ignore', 'ignore', 'inherit'],
        })
        onTestFinished(() => void worker.kill('SIGKILL'))
        await expect.poll(() => members(mark).length, { timeout: 120_000 }).toBe(2)
        worker.kill('SIGKILL')
        expect(await untilLeft(mark, left)).toBe(left)
      }
    },
    180_000,
  )
})

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
