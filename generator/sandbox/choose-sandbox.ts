import { arch, pid } from 'node:process'
import type { PickSandbox } from './ports.ts'
import { makeBubblewrap, NOBODY, type BubblewrapParts } from './bubblewrap.ts'
import { findCgroups } from './cgroup.ts'
import { makeUnsandboxed } from './unsandboxed.ts'
import { findProgram, nodeLibraries, programLibraries, wasTimedOut } from './runtime.ts'
import { seccompFilter } from './seccomp.ts'
import { SELF_TEST_MS, selfTest, type SelfTestReport } from './self-test.ts'
import { watchMemory } from './watch-memory.ts'

/** The requested tier does not work on this machine. `code` is stable. */
export class SandboxUnavailableError extends Error {
  readonly code = 'sandbox_unavailable'
}

/** Timeouts of successive self-tests in milliseconds, until one is conclusive. */
const SELF_TEST_TIMEOUTS_MS = [SELF_TEST_MS, 3 * SELF_TEST_MS, 9 * SELF_TEST_MS] as const

export type ChosenSandbox = {
  /** How model-written files are run. */
  readonly tier: 'bubblewrap' | 'none' | 'static'
  /** One line for a log or a status page. */
  readonly description: string
  /** Whether the self-test was inconclusive because the machine was too busy. The tier is then `static`. */
  readonly undecided: boolean
  /** The self-test's report; null when bubblewrap was not tried. */
  readonly selfTest: SelfTestReport | null
  /** What limits the total memory of a run; null when nothing does. */
  readonly memoryBound: 'cgroup v1' | 'cgroup v2' | 'watched' | null
  readonly pick: PickSandbox
}

export type ChooseSandboxInput = {
  /** `auto` uses bubblewrap if it works; `none` is an explicit choice to run without isolation. */
  readonly setting: 'auto' | 'bubblewrap' | 'none'
  readonly nodePath: string
  readonly kitDirectory: string
  readonly tempDirectory: string
  /** The value of PATH, to find bwrap and prlimit. */
  readonly searchPath: string
  readonly platform: NodeJS.Platform
  /** The worker's own user id; undefined on Windows. */
  readonly userId: number | undefined
  readonly timeoutsMs?: readonly number[]
  readonly signal: AbortSignal
}

/** Detects what this machine supports. Throws `SandboxUnavailableError` only when `bubblewrap` is required. */
export async function chooseSandbox(input: ChooseSandboxInput): Promise<ChosenSandbox> {
  const none = makeUnsandboxed()
  if (input.setting === 'none') {
    const both = { tier: 'none', tools: none, project: none } as const
    return {
      tier: 'none',
      description:
        'none: SANDBOX=none IS SET, so model-written code runs WITHOUT ISOLATION, with access to the files, network and ' +
        'permissions of this user; use it only on machines where every prompt is trusted',
      undecided: false,
      selfTest: null,
      memoryBound: null,
      pick: () => both,
    }
  }
  const attempt = await tryBubblewrap(input)
  if ('sandbox' in attempt) {
    const { sandbox, report, memoryBound } = attempt
    const both = { tier: 'bubblewrap', tools: sandbox, project: sandbox } as const
    return {
      tier: 'bubblewrap',
      description: report.description,
      undecided: false,
      selfTest: report,
      memoryBound,
      pick: () => both,
    }
  }
  if (input.setting === 'bubblewrap')
    throw new SandboxUnavailableError(
      attempt.undecided
        ? `SANDBOX=bubblewrap, but ${attempt.reason}. Restart when the machine is less busy.`
        : `SANDBOX=bubblewrap, but ${attempt.reason}. Install bubblewrap and allow user namespaces, or use SANDBOX=auto.`,
    )
  const ownTemplates = { tier: 'none', tools: none, project: none } as const
  const checkedOnly = {
    tier: 'static',
    tools: none,
    reason: `not run: some files were written by a model and there is no working sandbox (${attempt.reason})`,
  } as const
  return {
    tier: 'static',
    description: `static${attempt.undecided ? ' for now' : ''}: ${attempt.reason}; model-written files are type-checked but not run`,
    undecided: attempt.undecided,
    selfTest: attempt.report,
    memoryBound: null,
    pick: (files) => (files.some((file) => file.origin === 'model') ? checkedOnly : ownTemplates),
  }
}

type Attempt =
  | {
      sandbox: ReturnType<typeof makeBubblewrap>
      report: SelfTestReport
      memoryBound: ChosenSandbox['memoryBound']
    }
  | { reason: string; undecided: boolean; report: SelfTestReport | null }

async function tryBubblewrap(input: ChooseSandboxInput): Promise<Attempt> {
  const no = (reason: string): Attempt => ({ reason, undecided: false, report: null })
  if (input.platform !== 'linux') return no(`bubblewrap needs Linux, this is ${input.platform}`)
  let found: Awaited<ReturnType<typeof findParts>>
  try {
    found = await findParts(input)
  } catch (error) {
    input.signal.throwIfAborted()
    if (!wasTimedOut(error)) throw error
    const reason = 'bubblewrap self-test inconclusive, the machine is too busy: Node does not start in time'
    return { reason, undecided: true, report: null }
  }
  if (found === null) return no('bwrap is not installed')
  const { parts, memoryBound } = found
  // Process limits do not apply to root, so root switches to nobody when nobody can read the required files.
  const users = input.userId === 0 ? [NOBODY, null] : [null]
  let last: SelfTestReport | null = null
  for (const user of users) {
    const sandbox = makeBubblewrap({ ...parts, user })
    last = await testUntilDecided(input, sandbox)
    if (last.outcome === 'passed') return { sandbox, report: last, memoryBound }
    // An inconclusive test is no reason to fall back to another user.
    if (last.outcome === 'undecided') break
  }
  return { reason: last!.description, undecided: last!.outcome === 'undecided', report: last }
}

async function testUntilDecided(
  { timeoutsMs = SELF_TEST_TIMEOUTS_MS, ...input }: ChooseSandboxInput,
  sandbox: ReturnType<typeof makeBubblewrap>,
): Promise<SelfTestReport> {
  let report: SelfTestReport | null = null
  for (const wallMs of timeoutsMs) {
    report = await selfTest({ ...input, sandbox, wallMs })
    if (report.outcome !== 'undecided') break
  }
  return report!
}

/** The programs and files that bubblewrap needs; null when it is not installed. */
async function findParts({ nodePath, searchPath, userId, signal }: ChooseSandboxInput) {
  const [bwrap, prlimit, cgroups, libraries] = await Promise.all([
    findProgram('bwrap', searchPath),
    findProgram('prlimit', searchPath),
    findCgroups({ userId, processId: pid }),
    nodeLibraries(nodePath, signal),
  ])
  if (bwrap === null) return null
  const limiter =
    prlimit === null ? null : { path: prlimit, libraries: await programLibraries(prlimit, signal) }
  const parts: Omit<BubblewrapParts, 'user'> = {
    bwrap,
    prlimit: limiter !== null && limiter.libraries.length > 0 ? limiter : null,
    runtime: [nodePath, ...libraries],
    filter: seccompFilter(arch),
    guard: cgroups?.guard ?? watchMemory,
  }
  return { parts, memoryBound: cgroups?.description ?? ('watched' as const) }
}
