import { arch, pid } from 'node:process'
import type { PickSandbox } from './ports.ts'
import { makeBubblewrap, NOBODY, type BubblewrapParts } from './bubblewrap.ts'
import { findCgroups } from './cgroup.ts'
import { makeUnsandboxed } from './unsandboxed.ts'
import { findProgram, nodeLibraries, programLibraries, wasTimedOut } from './runtime.ts'
import { seccompFilter } from './seccomp.ts'
import { SELF_TEST_MS, selfTest, type SelfTestReport } from './self-test.ts'
import { watchMemory } from './watch-memory.ts'

/** The tier that was asked for does not work here. `code` is stable. */
export class SandboxUnavailableError extends Error {
  readonly code = 'sandbox_unavailable'
}

/** How long the programs of each self-test in a row may take, in milliseconds, as long as none decides. */
const SELF_TEST_TIMEOUTS_MS = [SELF_TEST_MS, 3 * SELF_TEST_MS, 9 * SELF_TEST_MS] as const

export type ChosenSandbox = {
  /** What becomes of files that a model wrote. */
  readonly tier: 'bubblewrap' | 'none' | 'static'
  /** One line for a log or a status page. */
  readonly description: string
  /** Whether bubblewrap may yet turn out to work: this machine was too busy to see. Then the tier is `static`. */
  readonly undecided: boolean
  /** What the self-test saw; null where bubblewrap was not tried. */
  readonly selfTest: SelfTestReport | null
  /** What bounds the memory of all processes of a run together; null where nothing does. */
  readonly memoryBound: 'cgroup v1' | 'cgroup v2' | 'watched' | null
  readonly pick: PickSandbox
}

export type ChooseSandboxInput = {
  /** `auto` takes bubblewrap if it works; `none` is a person's decision to run without isolation. */
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

/** Tries what this machine can do, once. Throws `SandboxUnavailable` only for `bubblewrap` by name. */
export async function chooseSandbox(input: ChooseSandboxInput): Promise<ChosenSandbox> {
  const none = makeUnsandboxed()
  if (input.setting === 'none') {
    const both = { tier: 'none', tools: none, project: none } as const
    return {
      tier: 'none',
      description:
        'none: SANDBOX=none IS SET, so code that a model wrote runs WITHOUT ISOLATION, with the files, the network and ' +
        'the rights of this user; only for machines on which every prompt is trusted',
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
        ? `SANDBOX=bubblewrap, but ${attempt.reason}. Start again when it is less busy.`
        : `SANDBOX=bubblewrap, but ${attempt.reason}. Install bubblewrap and allow user namespaces, or use SANDBOX=auto.`,
    )
  const ownTemplates = { tier: 'none', tools: none, project: none } as const
  const checkedOnly = {
    tier: 'static',
    tools: none,
    reason: `not run: a model wrote some of the files and there is no working sandbox (${attempt.reason})`,
  } as const
  return {
    tier: 'static',
    description: `static${attempt.undecided ? ' for now' : ''}: ${attempt.reason}; files that a model wrote are type-checked and not run`,
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
    const reason = 'bubblewrap is not tested yet, this machine is too busy: Node does not start in time'
    return { reason, undecided: true, report: null }
  }
  if (found === null) return no('bwrap is not installed')
  const { parts, memoryBound } = found
  // Root is not bound by limits on processes, so it hands over to nobody where nobody may read what is needed.
  const users = input.userId === 0 ? [NOBODY, null] : [null]
  let last: SelfTestReport | null = null
  for (const user of users) {
    const sandbox = makeBubblewrap({ ...parts, user })
    last = await testUntilDecided(input, sandbox)
    if (last.outcome === 'passed') return { sandbox, report: last, memoryBound }
    // Another user must not be taken only because there was no time to see that the first is bound.
    if (last.outcome === 'undecided') break
  }
  return { reason: last!.description, undecided: last!.outcome === 'undecided', report: last }
}

async function testUntilDecided(
  { timeoutsMs: patience = SELF_TEST_TIMEOUTS_MS, ...input }: ChooseSandboxInput,
  sandbox: ReturnType<typeof makeBubblewrap>,
): Promise<SelfTestReport> {
  let report: SelfTestReport | null = null
  for (const wallMs of patience) {
    report = await selfTest({ ...input, sandbox, wallMs })
    if (report.outcome !== 'undecided') break
  }
  return report!
}

/** What bubblewrap needs of this machine; null where it is not installed. */
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
