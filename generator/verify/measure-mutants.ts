import { randomBytes } from 'node:crypto'
import { symlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { ProjectFile } from '../ports.ts'
import { makeWorkspace, writeFiles } from '../sandbox/workspace.ts'
import { defaultStack } from '../stacks/registry.ts'
import { ensureCompileCache } from './compile-cache.ts'
import { computeVerifyInProcess } from './compute-verify.ts'
import { insideFiles } from './inside-files.ts'
import { readKit } from './kit.ts'
import { VERIFY_LIMITS } from './limits.ts'
import { MutantEvent, type MutantOrders } from './mutant-messages.ts'
import type { Mutant } from './mutants/mutant.ts'
import type { VerifyDependencies } from './verify.ts'

/** A function that a model wrote, and the test file that should notice a fault in it. */
export type MutationTarget = Pick<MutantOrders['files'][number], 'path' | 'testPath' | 'functionName'>

export type MutationResult = {
  /** Faults that a test noticed. */
  readonly killed: number
  /** Faults that were tried. */
  readonly all: number
  readonly survivors: readonly { readonly path: string; readonly description: string }[]
  /** Faults that there was no time for. */
  readonly untried: number
}

/**
 * Tries faults in what a model wrote, one after the other, each against the tests of its own function. Resolves with null
 * where project code may not run. The project must have passed its gates. Rejects on abort and on disk errors.
 */
export type MeasureMutants = (input: {
  readonly files: readonly ProjectFile[]
  readonly targets: readonly MutationTarget[]
  readonly environment?: Readonly<Record<string, string>>
  /** Variables with the URL of a service; nothing listens there. */
  readonly services?: readonly string[]
  /** Milliseconds for all of it; what is not tried by then is not tried. */
  readonly budgetMs: number
  readonly signal: AbortSignal
  readonly onProgress?: (detail: string) => void
}) => Promise<MutationResult | null>

/** A process that loads a project, with a busy machine in mind. */
const START_MS = 60_000
/** A mutant that takes longer than this between two signs of life hangs. */
const STALL_MS = 10_000

/**
 * The results come from processes that run the model's code. It could forge them, and make its tests look better than they
 * are; whether the project works is decided by `makeVerify` alone.
 */
export function makeMeasureMutants(deps: VerifyDependencies): MeasureMutants {
  const { compute = computeVerifyInProcess, limits = VERIFY_LIMITS, stack = defaultStack } = deps

  return async ({ files, targets, environment = {}, services = [], budgetMs, signal, onProgress }) => {
    const started = performance.now()
    const choice = deps.pickSandbox(files)
    if (choice.tier === 'static') return null
    const sources = targets.map(({ path }) => files.find((file) => file.path === path)?.content ?? '')
    const mutants = await compute('mutantsOf', sources, signal)
    const order = takingTurns(mutants)
    const result = collect(order, mutants, targets, onProgress)
    if (order.length === 0) return result.end()

    const kit = await readKit(deps.kitDirectory)
    const compileCache =
      choice.tier === 'bubblewrap' ? await ensureCompileCache({ kit, nodePath: deps.nodePath, signal }) : null
    await using workspace = await makeWorkspace({
      parent: deps.tempDirectory,
      user: choice.tools.user,
      folders: ['inside'],
    })
    const { project, scratch, beside } = workspace
    const inside = beside['inside']!
    await Promise.all([writeFiles(inside, insideFiles()), writeFiles(project, files)])
    await symlink(kit.nodeModules, join(project, 'node_modules'), 'junction')

    const nonce = randomBytes(24).toString('base64url')
    const orders: MutantOrders & { readonly nonce: string } = {
      nonce,
      files: targets.map((target, at) => ({
        ...target,
        mutants: mutants[at]!.map(({ source }) => source),
      })),
      order,
      startMs: START_MS,
      stallMs: STALL_MS,
    }
    const wallMs = budgetMs - (performance.now() - started)
    if (wallMs <= 0) return result.end()
    await choice.project.run({
      argv: [
        deps.nodePath,
        '--disable-warning=ExperimentalWarning',
        '--disable-sigusr1',
        `${inside}/start-mutants.mjs`,
      ],
      project,
      scratch,
      readable: [kit.nodeModules, inside],
      hidesProcesses: true,
      isBackground: true,
      env: {
        ...environment,
        ...Object.fromEntries(services.map((variable) => [variable, 'http://127.0.0.1:9'])),
        ...stack.verifyEnvironment({ scratch, apiKey: nonce }),
        ...(compileCache !== null && { NODE_COMPILE_CACHE: compileCache }),
      },
      input: JSON.stringify(orders),
      limits: { ...limits.run, wallMs: Math.min(limits.run.wallMs, wallMs) },
      signal,
      onLine: (line) => {
        if (line.startsWith(`${nonce} `)) result.read(line.slice(nonce.length + 1))
      },
    })
    signal.throwIfAborted()
    return result.end()
  }
}

/** The most telling of each file first, so that none is left out where time ends. */
function takingTurns(mutants: readonly (readonly Mutant[])[]): (readonly [number, number])[] {
  const most = Math.max(0, ...mutants.map(({ length }) => length))
  return Array.from({ length: most }, (_, mutant) =>
    mutants.flatMap((ofFile, file) => (mutant < ofFile.length ? [[file, mutant] as const] : [])),
  ).flat()
}

function collect(
  order: ReturnType<typeof takingTurns>,
  mutants: readonly (readonly Mutant[])[],
  targets: readonly MutationTarget[],
  onProgress: ((detail: string) => void) | undefined,
) {
  const noticed = new Map<number, boolean>()
  const untested = new Set<number>()
  return {
    read(line: string): void {
      const event = MutantEvent.safeParse(readJson(line)).data
      if (event === undefined || event.kind === 'done' || event.at >= order.length) return
      if (event.kind === 'untested') untested.add(event.at)
      // The first word counts.
      if (event.kind !== 'ended' || noticed.has(event.at)) return
      noticed.set(event.at, event.noticed)
      onProgress?.(`trying faults in the code: tests noticed ${killed()} of ${noticed.size}`)
    },
    end(): MutationResult {
      const survivors = [...noticed].flatMap(([at, isNoticed]) => {
        const [file, mutant] = order[at]!
        const { path } = targets[file]!
        return isNoticed ? [] : [{ path, description: mutants[file]![mutant]!.description }]
      })
      const all = noticed.size
      return { killed: killed(), all, survivors, untried: order.length - all - untested.size }
    },
  }
  function killed(): number {
    return [...noticed.values()].filter(Boolean).length
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
