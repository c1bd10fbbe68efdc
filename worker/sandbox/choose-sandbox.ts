import { arch, pid } from 'node:process'
import type { PickSandbox } from '../generate/verify/ports.ts'
import { makeBubblewrap, NOBODY, type BubblewrapParts } from './bubblewrap.ts'
import { findCgroups } from './cgroup.ts'
import { makeNone } from './none.ts'
import { findProgram, nodeLibraries, programLibraries } from './runtime.ts'
import { refusedCalls } from './seccomp.ts'
import { selfTest, type SelfTestReport } from './self-test.ts'
import { watchMemory } from './watch-memory.ts'

/** The tier that was asked for does not work here. `code` is stable. */
export class SandboxUnavailable extends Error {
  readonly code = 'sandbox_unavailable'
}

export type ChosenSandbox = {
  /** What becomes of files that a model wrote. */
  readonly tier: 'bubblewrap' | 'none' | 'static'
  /** One line for a log or a status page. */
  readonly description: string
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
  readonly signal: AbortSignal
}

/** Tries what this machine can do, once, at start. Throws `SandboxUnavailable` only for `bubblewrap` by name. */
export async function chooseSandbox(input: ChooseSandboxInput): Promise<ChosenSandbox> {
  const none = makeNone()
  if (input.setting === 'none') {
    const both = { tier: 'none', tools: none, project: none } as const
    return {
      tier: 'none',
      description:
        'none: SANDBOX=none IS SET, so code that a model wrote runs WITHOUT ISOLATION, with the files, the network and ' +
        'the rights of this user; only for machines on which every prompt is trusted',
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
      selfTest: report,
      memoryBound,
      pick: () => both,
    }
  }
  if (input.setting === 'bubblewrap')
    throw new SandboxUnavailable(
      `SANDBOX=bubblewrap, but ${attempt.reason}. Install bubblewrap and allow user namespaces, or use SANDBOX=auto.`,
    )
  const ownTemplates = { tier: 'none', tools: none, project: none } as const
  const checkedOnly = {
    tier: 'static',
    tools: none,
    reason: `not run: a model wrote some of the files and there is no working sandbox (${attempt.reason})`,
  } as const
  return {
    tier: 'static',
    description: `static: ${attempt.reason}; files that a model wrote are type-checked and not run`,
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
  | { reason: string; report: SelfTestReport | null }

async function tryBubblewrap(input: ChooseSandboxInput): Promise<Attempt> {
  const { nodePath, searchPath, signal } = input
  if (input.platform !== 'linux')
    return { reason: `bubblewrap needs Linux, this is ${input.platform}`, report: null }
  const [bwrap, prlimit, cgroups, libraries] = await Promise.all([
    findProgram('bwrap', searchPath),
    findProgram('prlimit', searchPath),
    findCgroups({ userId: input.userId, processId: pid }),
    nodeLibraries(nodePath, signal),
  ])
  if (bwrap === null) return { reason: 'bwrap is not installed', report: null }
  const limiter =
    prlimit === null ? null : { path: prlimit, libraries: await programLibraries(prlimit, signal) }
  const memoryBound = cgroups?.description ?? 'watched'
  const parts: Omit<BubblewrapParts, 'user'> = {
    bwrap,
    prlimit: limiter !== null && limiter.libraries.length > 0 ? limiter : null,
    runtime: [nodePath, ...libraries],
    filter: refusedCalls(arch),
    guard: cgroups?.guard ?? watchMemory,
  }
  // Root is not bound by limits on processes, so it hands over to nobody where nobody may read what is needed.
  const users = input.userId === 0 ? [NOBODY, null] : [null]
  let last: SelfTestReport | null = null
  for (const user of users) {
    const sandbox = makeBubblewrap({ ...parts, user })
    last = await selfTest({ ...input, sandbox })
    if (last.passed) return { sandbox, report: last, memoryBound }
  }
  return { reason: last!.description, report: last }
}
