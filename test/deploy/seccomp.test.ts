import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import type { Readable, Writable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { ALLOWED_FAMILIES } from '../../generator/sandbox/socket-families.ts'
import { readRepositoryFile } from './compose-file.ts'
import { compileFilter, SeccompProfile, systemCallNumbers } from './seccomp-filter.ts'

const profile = SeccompProfile.parse(JSON.parse(await readRepositoryFile('deploy/seccomp-bubblewrap.json')))
const numbers = await systemCallNumbers()

const named = (action: string) =>
  profile.syscalls.filter((rule) => rule.action === action && !rule.args).flatMap((rule) => rule.names)
const allowed = named('SCMP_ACT_ALLOW')
const refused = named('SCMP_ACT_ERRNO')

/** Creates the namespaces of the worker's sandbox, mounts /proc, /dev and a tmpfs, and runs Node inside. */
const SANDBOX =
  '--unshare-all --unshare-user --disable-userns --uid 65534 --gid 65534 --hostname sandbox --die-with-parent ' +
  '--proc /proc --dev /dev --remount-ro /dev --size 1000000 --tmpfs /tmp ' +
  '--ro-bind-try /usr /usr --ro-bind-try /lib /lib --ro-bind-try /lib64 /lib64'
const BWRAP = 'bwrap'
const isolated = (...args: string[]) => [
  BWRAP,
  ...SANDBOX.split(' '),
  '--ro-bind',
  process.execPath,
  process.execPath,
  '--remount-ro',
  '/',
  '--',
  process.execPath,
  ...args,
]

/** Runs a command under a filter, loaded by bubblewrap without namespaces. */
async function underFilter(filter: Buffer, command: readonly string[]) {
  const child = spawn(BWRAP, ['--dev-bind', '/', '/', '--seccomp', '3', '--', ...command], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  })
  child.on('error', () => {})
  const program = child.stdio[3] as Writable
  program.on('error', () => {})
  program.end(filter)
  const [stdout, stderr] = await Promise.all([text(child.stdout as Readable), text(child.stderr as Readable)])
  return { stdout: stdout.trim(), stderr: stderr.trim() }
}

const canTry =
  numbers !== null &&
  process.arch === 'x64' &&
  (await new Promise<boolean>((resolve) => {
    const probe = spawn(BWRAP, isolated('--version').slice(1), { stdio: 'ignore' })
    probe.once('error', () => resolve(false))
    probe.once('exit', (code) => resolve(code === 0))
  }))
const why = canTry ? '' : ' (skipped: needs a working bubblewrap and the kernel headers of x86-64 Linux)'

describe('the seccomp profile', () => {
  test('rejects unknown calls with an error that programs handle', () => {
    const ENOSYS = 38
    expect(profile.defaultErrnoRet).toBe(ENOSYS)
  })

  test('never both allows and rejects a call, and lists each once', () => {
    const all = [...allowed, ...refused]
    expect(all.length).toBe(new Set(all).size)
  })

  test('allows what bubblewrap needs', () => {
    const needed = [
      'clone',
      'unshare',
      'mount',
      'umount2',
      'pivot_root',
      'sethostname',
      'capset',
      'prctl',
      'seccomp',
    ]
    expect(allowed).toEqual(expect.arrayContaining(needed))
  })

  test.each([
    'add_key',
    'bpf',
    'clock_settime',
    'init_module',
    'io_uring_setup',
    'kexec_load',
    'keyctl',
    'open_by_handle_at',
    'open_tree',
    'perf_event_open',
    'ptrace',
    'reboot',
    'setns',
    'userfaultfd',
  ])('refuses %s', (name) => {
    expect(refused).toContain(name)
  })

  test('allows sockets of the four families that the sandbox allows', () => {
    const rules = profile.syscalls.filter(({ names }) => names.some((name) => name.startsWith('socket')))
    for (const { names, action } of rules)
      expect({ names, action }).toEqual({ names: ['socket', 'socketpair'], action: 'SCMP_ACT_ALLOW' })
    expect(rules.map(({ args }) => args?.[0])).toEqual(
      [...ALLOWED_FAMILIES.values()].map((value) => ({ index: 0, value, op: 'SCMP_CMP_EQ' })),
    )
  })

  test('knows 64-bit calls of two architectures only', () => {
    expect(profile.archMap).toEqual([
      { architecture: 'SCMP_ARCH_X86_64', subArchitectures: [] },
      { architecture: 'SCMP_ARCH_AARCH64', subArchitectures: [] },
    ])
  })

  test.skipIf(!canTry)(`lets bubblewrap isolate Node${why}`, async () => {
    const script = 'console.log(process.getuid(), require("node:os").hostname())'
    const result = await underFilter(compileFilter(profile, numbers!), isolated('-e', script))
    expect(result).toEqual({ stdout: '65534 sandbox', stderr: '' })
  })

  test.skipIf(!canTry).each(['unshare', 'mount', 'pivot_root'])(
    `is what stands between bubblewrap and a failure: without %s there is no sandbox${why}`,
    async (name) => {
      const without = {
        ...profile,
        syscalls: profile.syscalls.map(({ names, ...rule }) =>
          Object.assign(rule, { names: names.filter((other) => other !== name) }),
        ),
      }
      const command = isolated('-e', 'console.log("inside")')
      const result = await underFilter(compileFilter(without, numbers!), command)
      expect(result.stdout).toBe('')
      expect(result.stderr).toMatch(/^bwrap: /)
    },
  )
})
