import { randomBytes } from 'node:crypto'
import { symlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { MeasureMutants, MutationResult, MutationTarget } from '../ports.ts'
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

/** A process that loads a project, with a busy machine in mind. */
const START_MS = 120_000
/** A mutant that takes longer than this between two signs of life hangs. */
const STALL_MS = 10_000

/** What the port says, in the sandbox of the project. `makeVerify` alone decides whether a project works. */
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
  const failing = targets.map(() => new Set<string>())
  return {
    read(line: string): void {
      const event = MutantEvent.safeParse(readJson(line)).data
      if (event === undefined || event.kind === 'done') return
      if (event.kind === 'failing') return void failing[event.file]?.add(event.name)
      if (event.at >= order.length) return
      if (event.kind === 'untested') untested.add(event.at)
      // The first word counts.
      if (event.kind !== 'ended' || noticed.has(event.at)) return
      noticed.set(event.at, event.noticed)
      const killed = [...noticed.values()].filter(Boolean).length
      onProgress?.(`trying faults in the code: tests noticed ${killed} of ${noticed.size}`)
    },
    end: (): MutationResult[] =>
      targets.map((target, file) => {
        const places = [...order.keys()].filter((at) => order[at]![0] === file)
        const tried = places.filter((at) => noticed.has(at))
        const survivors = tried
          .filter((at) => noticed.get(at) === false)
          .map((at) => mutants[file]![order[at]![1]]!.description)
        return {
          ...target,
          killed: tried.length - survivors.length,
          all: tried.length,
          survivors,
          untried: places.filter((at) => !noticed.has(at) && !untested.has(at)).length,
          failing: [...failing[file]!],
        }
      }),
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
