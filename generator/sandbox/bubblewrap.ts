import { fileURLToPath } from 'node:url'
import type { RunLimits, Sandbox, SandboxRun } from './ports.ts'
import type { MakeResourceGuard } from './resource-guard.ts'
import { runLimited } from './run-limited.ts'

/** The user `nobody` inside the sandbox; also outside when the worker is root, because process limits do not apply to root. */
export const NOBODY = { uid: 65534, gid: 65534 } as const

const HOSTS = fileURLToPath(new URL('./rootfs/hosts', import.meta.url))
const SHARED_TMP_BYTES = 16_000_000

export type BubblewrapParts = {
  /** Absolute path of `bwrap`. */
  readonly bwrap: string
  /** util-linux `prlimit` with its libraries; without it only time and disk are limited. */
  readonly prlimit: { readonly path: string; readonly libraries: readonly string[] } | null
  /** Files that every run may read: Node and its libraries. */
  readonly runtime: readonly string[]
  /** The user that starts bubblewrap; null for the worker's own user. */
  readonly user: { readonly uid: number; readonly gid: number } | null
  /** The seccomp filter; null on unsupported architectures. */
  readonly filter: Uint8Array | null
  /** Enforces the memory limit of a run as a whole. */
  readonly guard: MakeResourceGuard
}

/**
 * Linux namespaces through bubblewrap: a private loopback instead of the network, no host processes, only listed files
 * readable, only two fixed-size tmpfs mounts writable, filtered system calls, and a guard over total memory.
 */
export function makeBubblewrap(parts: BubblewrapParts): Sandbox {
  return {
    tier: 'bubblewrap',
    user: parts.user,
    run: (run) =>
      runLimited({
        file: parts.bwrap,
        args: bubblewrapArguments(parts, run),
        cwd: '/',
        env: { ...run.env, HOME: run.scratch, TMPDIR: run.scratch },
        user: parts.user ?? undefined,
        input: run.input,
        limits: run.limits,
        isBackground: run.isBackground,
        signal: run.signal,
        onLine: run.onLine,
        files: parts.filter ? [parts.filter] : [],
        guard: parts.guard({ limits: run.limits, disks: memoryDisks(run) }),
      }),
  }
}

const memoryDisks = (run: SandboxRun) => [
  { path: '/tmp', bytes: SHARED_TMP_BYTES },
  { path: run.scratch, bytes: run.limits.scratchBytes },
]

/** Pure. Order matters: later mounts cover earlier ones. */
export function bubblewrapArguments(parts: BubblewrapParts, run: SandboxRun): string[] {
  const { prlimit } = parts
  const limiter = prlimit === null ? [] : [prlimit.path, ...prlimit.libraries]
  const readOnly = (path: string) => ['--ro-bind', path, path]
  const disks = memoryDisks(run).map(({ path, bytes }) => ['--size', String(bytes), '--tmpfs', path])
  // The descriptors that `runLimited` gives: the filter if there is one, then the one to wait for.
  const descriptors = parts.filter ? ['--seccomp', '4', '--block-fd', '5'] : ['--block-fd', '4']
  return [
    // Redundant, but --disable-userns requires it.
    ['--unshare-all', '--unshare-user', '--disable-userns'],
    ['--uid', String(NOBODY.uid), '--gid', String(NOBODY.gid)],
    // No --new-session: `runLimited` already created one without a terminal, and another would lose the lowered priority.
    ['--hostname', 'sandbox', '--die-with-parent'],
    run.hidesProcesses === true ? [] : ['--proc', '/proc'],
    ['--dev', '/dev', '--remount-ro', '/dev'],
    disks[0]!,
    ['--ro-bind', HOSTS, '/etc/hosts'],
    ...[...new Set([...parts.runtime, ...limiter, ...run.readable])].map(readOnly),
    readOnly(run.project),
    disks[1]!,
    descriptors,
    ['--remount-ro', '/', '--chdir', run.project, '--'],
    // Inside, so that processes are counted within this user namespace and not over the whole machine.
    prlimit === null ? [] : [prlimit.path, ...prlimitArguments(run.limits), '--'],
    run.argv,
  ].flat()
}

/** Writable memory that Node reserves for compiled code but barely uses. */
const RESERVED_BYTES = 700_000_000

/**
 * `--data` instead of `--as`: Node and Go reserve far more address space than they use. A single large allocation fails
 * at once; the guard limits actual usage.
 */
const prlimitArguments = (limits: RunLimits): string[] => [
  `--data=${limits.memoryBytes + RESERVED_BYTES}`,
  `--cpu=${limits.cpuSeconds}`,
  `--nproc=${limits.processes}`,
  `--fsize=${limits.fileBytes}`,
  `--nofile=${limits.openFiles}`,
  '--core=0',
]
