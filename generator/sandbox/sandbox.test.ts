import { createServer, type AddressInfo } from 'node:net'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { writeProgram } from '#lib/testing/write-program'
import type { ProjectFile } from '../ports.ts'
import type { RunLimits, RunResult, Sandbox } from './ports.ts'
import { openWorkspace } from './workspace.ts'
import { bubblewrapArguments } from './bubblewrap.ts'
import { chooseSandbox, SandboxUnavailableError, type ChooseSandboxInput } from './choose-sandbox.ts'
import { NICENESS } from './low-priority.ts'
import { makeUnsandboxed } from './unsandboxed.ts'
import { processTree } from './process-tree.ts'
import { selfTest } from './self-test.ts'
import { watchMemory } from './watch-memory.ts'

const temp = mkdtempSync(join(tmpdir(), 'sandbox-test-'))
chmodSync(temp, 0o755)
afterAll(() => rmSync(temp, { recursive: true }))

const LIMITS: RunLimits = {
  wallMs: 60_000,
  cpuSeconds: 10,
  memoryBytes: 1_500_000_000,
  processes: 64,
  fileBytes: 2_000_000,
  openFiles: 128,
  scratchBytes: 4_000_000,
  outputBytes: 10_000,
  resultBytes: 10_000,
}

const input = (over: Partial<ChooseSandboxInput> = {}): ChooseSandboxInput => ({
  setting: 'auto',
  nodePath: process.execPath,
  kitDirectory: temp,
  tempDirectory: temp,
  searchPath: process.env['PATH'] ?? '',
  platform: process.platform,
  userId: process.getuid?.(),
  signal: AbortSignal.timeout(120_000),
  ...over,
})

const own: ProjectFile[] = [{ path: 'a', content: '', origin: 'template' }]
const modelWritten: ProjectFile[] = [...own, { path: 'b', content: '', origin: 'model' }]

const found = await chooseSandbox(input({ setting: 'bubblewrap' })).catch((error: Error) => error)
const bubblewrap: Sandbox | null = found instanceof Error ? null : found.pick(modelWritten).tools
const why = found instanceof Error ? ` (skipped: ${found.message})` : ''

type Outcome = RunResult & { readonly lines: string[] }

async function runIn(
  sandbox: Sandbox,
  script: string,
  over: {
    limits?: Partial<RunLimits>
    signal?: AbortSignal
    input?: string
    readable?: string[]
    hidesProcesses?: boolean
    onLine?: () => void
  } = {},
): Promise<Outcome> {
  await using workspace = await openWorkspace([{ path: 'given.txt', content: 'given', origin: 'kit' }], {
    parent: temp,
    user: sandbox.user,
  })
  const lines: string[] = []
  const result = await sandbox.run({
    argv: [process.execPath, '-e', script],
    project: workspace.project,
    scratch: workspace.scratch,
    readable: over.readable ?? [],
    hidesProcesses: over.hidesProcesses ?? false,
    env: { GREETING: 'hello' },
    ...(over.input !== undefined && { input: over.input }),
    limits: { ...LIMITS, ...over.limits },
    signal: over.signal ?? AbortSignal.timeout(120_000),
    onLine: (line) => {
      lines.push(line)
      over.onLine?.()
    },
  })
  return { ...result, lines }
}

const tiers = [
  { title: `bubblewrap${why}`, sandbox: bubblewrap },
  { title: 'none', sandbox: makeUnsandboxed() },
]

describe.each(tiers)('a run in $title', ({ sandbox }) => {
  test.skipIf(!sandbox)(
    'reads its files and stdin, and gives back its code, its output and its results',
    async () => {
      const result = await runIn(
        sandbox!,
        `const fs = require('fs')
       require('stream/consumers').text(process.stdin).then((given) => {
         fs.writeSync(3, fs.readFileSync('given.txt', 'utf8') + '\\n' + given + '\\nhalf a li')
         console.log(process.env.GREETING); console.error('oops'); process.exitCode = 7
       })`,
        { input: 'order' },
      )
      expect(result).toMatchObject({
        ending: { kind: 'exited', code: 7 },
        stdout: 'hello\n',
        stderr: 'oops\n',
      })
      expect(result.lines).toEqual(['given', 'order'])
    },
  )

  test.skipIf(!sandbox)('sees no variable of the worker', async () => {
    const { stdout } = await runIn(sandbox!, 'console.log(Object.keys(process.env).sort().join())')
    expect(
      stdout
        .trim()
        .split(',')
        .filter((name) => name !== 'PWD'),
    ).toEqual(['GREETING', 'HOME', 'TMPDIR'])
  })

  test.skipIf(!sandbox)('can write where TMPDIR points', async () => {
    const script = `const fs = require('fs'); fs.writeFileSync(process.env.TMPDIR + '/x', 'y'); console.log('written')`
    expect((await runIn(sandbox!, script)).stdout).toBe('written\n')
  })

  test.skipIf(!sandbox || process.platform !== 'linux')(
    'gives way to the rest of the machine, with all that it starts, by niceness and by session',
    async () => {
      const look = `const fs = require('fs'), group = '/proc/self/autogroup'
       const seen = () => os.getPriority() + ' ' + (fs.existsSync(group) ? fs.readFileSync(group, 'utf8').trim().split(' ').at(-1) : ${NICENESS})`
      const { stdout } = await runIn(
        sandbox!,
        // It is lowered from outside once it has started, which a busy machine does late.
        `${look}
       while (seen() !== '${NICENESS} ${NICENESS}') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
       console.log(seen())
       process.stdout.write(child_process.execFileSync(process.execPath, ['-e', ${JSON.stringify(`${look}; console.log(seen())`)}]))`,
      )
      expect(stdout).toBe(`${NICENESS} ${NICENESS}\n`.repeat(2))
    },
  )

  test.skipIf(!sandbox || process.platform !== 'linux')(
    'has a session of its own, without a terminal',
    async () => {
      // Seen from outside: within, the leader of a session that began outside has no number.
      const sessionOf = (pid: number) => {
        const [, , , session, terminal] = readFileSync(`/proc/${pid}/stat`, 'utf8')
          .split(') ')
          .at(-1)!
          .split(' ')
        return { session, terminal }
      }
      const stop = new AbortController()
      const seen: ReturnType<typeof sessionOf>[] = []
      await runIn(sandbox!, `require('fs').writeSync(3, 'here\\n'); for (;;);`, {
        signal: stop.signal,
        onLine: () => {
          const own = processTree(process.pid).filter((pid) =>
            readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('for (;;);'),
          )
          seen.push(...own.map(sessionOf))
          stop.abort()
        },
      })
      expect(seen.length).toBeGreaterThan(0)
      for (const { session, terminal } of seen) {
        expect(session).not.toBe(sessionOf(process.pid).session)
        expect(terminal).toBe('0')
      }
    },
  )

  test.skipIf(!sandbox)('ends at the wall clock, even in an endless loop', async () => {
    const result = await runIn(sandbox!, 'for (;;);', { limits: { wallMs: 400 } })
    expect(result.ending).toEqual({ kind: 'timeout' })
    expect(result.ms).toBeLessThan(15_000)
  })

  test.skipIf(!sandbox)('ends on abort, with the child that it started', async () => {
    const stop = new AbortController()
    const script = `require('child_process').spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'inherit' })
      require('fs').writeSync(3, 'up\\n'); for (;;);`
    let aborted = 0
    const result = await runIn(sandbox!, script, {
      signal: stop.signal,
      onLine: () => {
        aborted = performance.now()
        stop.abort()
      },
    })
    expect(result.ending).toEqual({ kind: 'aborted' })
    expect(performance.now() - aborted).toBeLessThan(15_000)
  })

  test.skipIf(!sandbox)('does not start when it is aborted beforehand', async () => {
    expect(await runIn(sandbox!, '0', { signal: AbortSignal.abort() })).toMatchObject({
      ending: { kind: 'aborted' },
    })
  })

  test.skipIf(!sandbox)('keeps the start of what is printed and counts the rest', async () => {
    const { ending, stdout } = await runIn(sandbox!, `process.stdout.write('x'.repeat(100000))`)
    expect(ending).toEqual({ kind: 'exited', code: 0 })
    expect(stdout).toBe(`${'x'.repeat(10_000)}\n… 90000 bytes more`)
  })

  test.skipIf(!sandbox)('ends when it floods the result channel', async () => {
    const script = `for (;;) require('fs').writeSync(3, 'x'.repeat(1000) + '\\n')`
    const result = await runIn(sandbox!, script)
    expect(result.ending).toEqual({ kind: 'flooded' })
    expect(result.lines.length).toBeLessThanOrEqual(10)
  })

  test.skipIf(!sandbox)('ends when it writes five million lines to the result channel', async () => {
    const script = `const block = 'x\\n'.repeat(50_000); for (let i = 0; i < 100; i++) require('fs').writeSync(3, block)`
    const result = await runIn(sandbox!, script, { limits: { resultBytes: 100_000_000 } })
    expect(result.ending).toEqual({ kind: 'flooded' })
    expect(result.lines.length).toBeLessThan(150_000)
  })

  test.skipIf(!sandbox)('says so when a signal ended it', async () => {
    const { ending } = await runIn(sandbox!, `process.kill(process.pid, 'SIGKILL')`)
    // Bubblewrap reports a signal the way a shell does.
    expect([
      { kind: 'signalled', signal: 'SIGKILL' },
      { kind: 'exited', code: 137 },
    ]).toContainEqual(ending)
  })
})

test('a program that does not exist is an ending, not an exception', async () => {
  const result = await makeUnsandboxed().run({
    argv: ['/nonexistent/program'],
    project: temp,
    scratch: temp,
    readable: [],
    env: {},
    limits: LIMITS,
    signal: AbortSignal.timeout(120_000),
  })
  expect(result.ending).toMatchObject({ kind: 'unstartable' })
})

describe(`what bubblewrap keeps from a run${why}`, () => {
  const jail = bubblewrap!

  test.skipIf(!bubblewrap)('the network of the machine', async () => {
    const server = createServer((socket) => socket.destroy())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    const dial = `require('net').connect(${port}, '127.0.0.1').on('connect', () => console.log('reached')).on('error', (e) => console.log(e.code))`
    expect((await runIn(jail, dial)).stdout).toBe('ECONNREFUSED\n')
    expect((await runIn(makeUnsandboxed(), dial)).stdout).toBe('reached\n')
  })

  test.skipIf(!bubblewrap)('the files of the machine', async () => {
    writeFileSync(join(temp, 'secret'), 'secret', { mode: 0o644 })
    const script = `const fs = require('fs')
      for (const path of ['/etc/passwd', ${JSON.stringify(join(temp, 'secret'))}, '/proc/1/environ', '/root', '/home'])
        try { fs.statSync(path).isDirectory() ? fs.readdirSync(path) : fs.readFileSync(path); console.log('read', path) } catch {}`
    // Its own init is the one process there is, and has the environment of the run.
    expect((await runIn(jail, script)).stdout.replace('read /proc/1/environ\n', '')).toBe('')
  })

  test.skipIf(!bubblewrap)('every way to change the project or the system', async () => {
    const script = `const fs = require('fs')
      for (const path of ['planted', '/planted', '/etc/hosts', '/dev/planted', '/dev/shm/planted', process.execPath])
        try { fs.appendFileSync(path, 'x'); console.log('wrote', path) } catch {}
      try { fs.symlinkSync('/etc/passwd', 'link'); console.log('linked') } catch {}`
    expect((await runIn(jail, script)).stdout).toBe('')
  })

  test.skipIf(!bubblewrap)('the other processes of the run, where the run hides them', async () => {
    const script = `require('child_process').execFileSync(process.execPath, ['-e', \`try { fs.readdirSync('/proc/' + process.ppid + '/fd'); console.log('sees') } catch (e) { console.log(e.code) }\`], { stdio: 'inherit' })`
    expect((await runIn(jail, script)).stdout).toBe('sees\n')
    expect((await runIn(jail, script, { hidesProcesses: true })).stdout).toBe('ENOENT\n')
  })

  test.skipIf(!bubblewrap)('the identity and the powers of root', async () => {
    const script = `console.log(process.getuid(), process.getgid(), require('fs').readFileSync('/proc/self/status', 'utf8').match(/CapEff:\\s*(\\w+)/)[1])`
    expect((await runIn(jail, script)).stdout).toBe('65534 65534 0000000000000000\n')
  })

  const unshare = '/usr/bin/unshare'
  test.skipIf(!bubblewrap || !existsSync(unshare))('namespaces in which it would be root again', async () => {
    const script = `const r = require('child_process').spawnSync('${unshare}', ['--user', '--map-root-user', process.execPath, '-e', 'console.log(process.getuid())'], { encoding: 'utf8' })
      console.log(r.status, r.stdout, r.stderr)`
    const { stdout } = await runIn(jail, script, { readable: [unshare] })
    expect(stdout).toMatch(/^1 .*unshare failed/s)
  })

  test.skipIf(!bubblewrap)('more disk, larger files and more processes than it was given', async () => {
    const disk = await runIn(
      jail,
      `const fs = require('fs'); let n = 0
       try { for (;;) { fs.writeFileSync(process.env.TMPDIR + '/' + n, Buffer.alloc(500000)); n++ } } catch (e) { console.log(n, e.code) }
       process.on('SIGXFSZ', () => {})
       try { fs.writeFileSync('/tmp/large', Buffer.alloc(3000000)); console.log('large') } catch (e) { console.log(e.code) }`,
    )
    expect(disk.stdout).toMatch(/^[78] ENOSPC\nEFBIG\n$/)
    const bomb = await runIn(
      jail,
      `const { spawn } = require('child_process'); let n = 0
       try { for (let i = 0; i < 100; i++) { const c = spawn('/proc/self/exe', ['-e', 'setTimeout(() => {}, 90000)'], { stdio: 'ignore', detached: true }); c.on('error', () => {}); if (c.pid) n++ } } catch {}
       console.log(n < 64 ? 'stopped' : n); process.exit(0)`,
    )
    expect(bomb.stdout).toBe('stopped\n')
    expect(bomb.ms).toBeLessThan(60_000)
  })

  test.skipIf(!bubblewrap)('more memory than it was given', async () => {
    const script = `const kept = []; try { for (let i = 0; i < 40; i++) kept.push(Buffer.alloc(100000000, 1)) } catch { console.log('refused') }; console.log(kept.length)`
    const result = await runIn(jail, script)
    expect(result.stdout).not.toMatch(/^40$/m)
  })

  test.skipIf(!bubblewrap)('a life of its own for a daemon', async () => {
    const script = `require('child_process').spawn(process.execPath, ['-e', 'setTimeout(() => {}, 90000)'], { detached: true, stdio: 'inherit' }).unref(); process.exit(0)`
    const result = await runIn(jail, script)
    expect(result.ending).toEqual({ kind: 'exited', code: 0 })
    expect(result.ms).toBeLessThan(60_000)
  })
})

describe('choosing a sandbox', () => {
  test.skipIf(!bubblewrap)('takes bubblewrap where it passes the self-test', async () => {
    const chosen = await chooseSandbox(input())
    expect(chosen.tier).toBe('bubblewrap')
    expect(chosen.selfTest?.checks.filter(({ outcome }) => outcome !== 'ok')).toEqual([])
    expect(chosen.pick(modelWritten).tier).toBe('bubblewrap')
    expect(chosen.description).toMatch(/^bubblewrap \(\d+ attacks stopped\)$/)
  })

  test('without bwrap runs our own templates only, and says why it runs nothing of a model', async () => {
    const chosen = await chooseSandbox(input({ searchPath: temp }))
    expect(chosen).toMatchObject({
      tier: 'static',
      description: expect.stringContaining('bwrap is not installed'),
    })
    expect(chosen.pick(own).tier).toBe('none')
    expect(chosen.pick(modelWritten)).toMatchObject({
      tier: 'static',
      reason: expect.stringContaining('bwrap is not installed'),
    })
  })

  test.each(['darwin', 'win32'] as const)('on %s is static, without looking for bwrap', async (platform) => {
    const chosen = await chooseSandbox(input({ platform }))
    expect(chosen).toMatchObject({
      tier: 'static',
      description: expect.stringContaining(`this is ${platform}`),
    })
  })

  test('refuses to start when bubblewrap was asked for by name and is not there', async () => {
    await expect(chooseSandbox(input({ setting: 'bubblewrap', searchPath: temp }))).rejects.toThrow(
      SandboxUnavailableError,
    )
  })

  test('runs everything without isolation only when that was asked for', async () => {
    const chosen = await chooseSandbox(input({ setting: 'none' }))
    expect(chosen).toMatchObject({
      tier: 'none',
      selfTest: null,
      description: expect.stringMatching(/SANDBOX=none IS SET.* WITHOUT ISOLATION/),
    })
    expect(chosen.pick(modelWritten).tier).toBe('none')
  })

  test.skipIf(process.platform !== 'linux')(
    'is undecided where bubblewrap never gets to its end, however often it is given more time',
    async () => {
      const folder = mkdtempSync(join(temp, 'slow-'))
      chmodSync(folder, 0o777)
      writeProgram(join(folder, 'bwrap'), '#!/bin/sh\nexec sleep 600\n')
      const slow = input({ searchPath: `${folder}:/usr/bin:/bin`, timeoutsMs: [150, 300] })
      const chosen = await chooseSandbox(slow)
      expect(chosen).toMatchObject({
        tier: 'static',
        undecided: true,
        description: expect.stringMatching(/^static for now: .*too busy: starts \(not done after 0.3 s\)/),
      })
      await expect(chooseSandbox({ ...slow, setting: 'bubblewrap' })).rejects.toThrow(/less busy/)
    },
  )
})

test('the self-test takes a time that ran out for no attack that got through', async () => {
  const late: Sandbox = {
    tier: 'bubblewrap',
    user: null,
    run: async () => ({ ending: { kind: 'timeout' }, stdout: '', stderr: '', ms: 10_000 }),
  }
  const report = await selfTest({ ...input(), sandbox: late })
  expect(report.outcome).toBe('undecided')
})

test('the arguments mount the run over the system, and close the root after the last mount', () => {
  const args = bubblewrapArguments(
    {
      bwrap: '/usr/bin/bwrap',
      prlimit: { path: '/usr/bin/prlimit', libraries: ['/lib/c'] },
      runtime: ['/node', '/lib/c'],
      user: null,
      filter: new Uint8Array(8),
      guard: watchMemory,
    },
    {
      argv: ['/node', 'x.js'],
      project: '/w/project',
      scratch: '/w/scratch',
      readable: ['/kit'],
      env: {},
      limits: LIMITS,
      signal: AbortSignal.abort(),
    },
  )
  const text = args.join(' ')
  expect(args.slice(0, 3)).toEqual(['--unshare-all', '--unshare-user', '--disable-userns'])
  expect(args).toContain('--die-with-parent')
  expect(text).toContain(
    '--ro-bind /w/project /w/project --size 4000000 --tmpfs /w/scratch --seccomp 4 --block-fd 5 --remount-ro /',
  )
  expect(text.match(/--ro-bind \/lib\/c /g)).toHaveLength(1)
  expect(text).not.toMatch(/--(dev-)?bind /)
  expect(text).not.toContain('--share-net')
  expect(text).toMatch(/--nproc=64 .* -- \/node x\.js$/)
})
