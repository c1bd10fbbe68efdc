import { symlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { GateReport } from '#contract'
import type { ProjectFile } from '../ports.ts'
import { computeVerifyInProcess, type ComputeVerify } from './compute-verify.ts'
import { defaultStack } from '../stacks/registry.ts'
import type { Stack } from '../stacks/stack.ts'
import type { CallAnswer, ConformancePlan } from './conformance/plan.ts'
import { ensureCompileCache } from './compile-cache.ts'
import { gateDependencies } from './gate-dependencies.ts'
import { gateInstall } from './gate-install.ts'
import { gatePaths } from './gate-paths.ts'
import { gateSecrets } from './gate-secrets.ts'
import { gateTypes, tscArguments } from './gate-types.ts'
import { gateUnpack } from './gate-unpack.ts'
import { gatesOfRun } from './gates-of-run.ts'
import { insideFiles } from './inside-files.ts'
import { readKit, type Kit } from './kit.ts'
import { limitsFor, VERIFY_LIMITS, type VerifyLimits } from './limits.ts'
import { plural, skipped } from './outcome.ts'
import type { PickSandbox, SandboxChoice } from '../sandbox/ports.ts'
import { runProject } from './run-project.ts'
import { RUN_STAGES } from './runner-messages.ts'
import { makeGateRecorder, type GateRecorder } from './gate-recorder.ts'
import { makeWorkspace, writeFiles, type Workspace } from '../sandbox/workspace.ts'

export type Verify = (input: {
  readonly files: readonly ProjectFile[]
  /** Environment variables that this project requires, besides those of every project. */
  readonly environment?: Readonly<Record<string, string>>
  /** Variables with the URL of a service that the project calls; each gets a stand-in. */
  readonly services?: readonly string[]
  /** The calls that compare it with an attached document; null without one. */
  readonly plan?: ConformancePlan | null
  /** On abort, all processes are killed within a second and the call rejects with the signal's reason. */
  readonly signal: AbortSignal
  /** One short line for each step of progress. */
  readonly onProgress?: (detail: string) => void
}) => Promise<GateReport>

export type VerifyDependencies = {
  readonly pickSandbox: PickSandbox
  /** The installed kit's folder. */
  readonly kitDirectory: string
  /** The Node that runs the project: the worker's own. */
  readonly nodePath: string
  /** An existing folder for workspaces, such as `os.tmpdir()`. */
  readonly tempDirectory: string
  /** The worker's own credentials, which no file may contain. Never logged or reported. */
  readonly ownSecrets?: readonly string[]
  readonly limits?: VerifyLimits
  /** Runs work on untrusted text in the compute pool. Default: in place. */
  readonly compute?: ComputeVerify
  /** Default: the one of every project. */
  readonly stack?: Pick<Stack, 'layout' | 'verifyEnvironment'>
}

/**
 * Runs every gate that this machine supports. Resolves with the report, whatever the project does; rejects on abort, if the
 * kit is not installed (`KitUnusable`) and on disk errors.
 *
 * paths ──► types ┐
 *       ├──► boot, health, openapi, conformance, tests, shutdown (two processes: the project's and the judge's)
 *       └──► unpack ──► dependencies, secrets, code, install
 */
export function makeVerify(deps: VerifyDependencies): Verify {
  const { compute = computeVerifyInProcess, limits = VERIFY_LIMITS, stack = defaultStack } = deps
  let kitOnce: Promise<Kit> | null = null
  const kitOf = () =>
    (kitOnce ??= readKit(deps.kitDirectory).catch((error: unknown) => {
      kitOnce = null
      throw error
    }))

  return async ({ files: given, environment = {}, services = [], plan = null, signal, onProgress }) => {
    signal.throwIfAborted()
    const sheet = makeGateRecorder()
    const paths = sheet.time('paths', () => gatePaths(given))
    const choice = deps.pickSandbox(given)
    if (paths.status === 'failed') return sheet.report(choice.tier, 'the paths cannot be written to a disk')

    const kit = await kitOf()
    // Elsewhere a run could write to it.
    const compileCache =
      choice.tier === 'bubblewrap' ? await ensureCompileCache({ kit, nodePath: deps.nodePath, signal }) : null
    const repeats = choice.tier !== 'static' && given.some(({ origin }) => origin === 'model')
    await using workspace = await makeWorkspace({
      parent: deps.tempDirectory,
      user: choice.tools.user,
      folders: ['inside', ...(repeats ? ['replay'] : [])],
    })
    await writeFiles(workspace.beside['inside']!, insideFiles())
    onProgress?.(`checking ${plural(given.length, 'file')}`)
    const unfit = new AbortController()
    const running = AbortSignal.any([signal, unfit.signal])
    const job: Job = {
      deps,
      compute,
      limits: limitsFor(limits, given),
      stack,
      kit,
      files: given,
      environment,
      services,
      plan,
      workspace,
      written: writeProject({ files: given, workspace, kit, compute, signal: running }),
      choice,
      compileCache,
      sheet,
      signal: running,
      onProgress,
    }
    // The judge first: it starts while the files are written.
    const [run, types] = [runGates(job), checkTypes(job)]
    // The workspace is needed until both have ended, even after an error below.
    const ended = Promise.allSettled([types, run])
    try {
      // Not before one of the two has left its processor. What comes out is equal to what is run, or nothing of it counts.
      await Promise.race([types, run])
      signal.throwIfAborted()
      const unpacked = await packAndUnpack(given)
      if (unpacked.files === null) {
        unfit.abort()
        await ended
        signal.throwIfAborted()
        const only = makeGateRecorder()
        only.add('paths', paths, 0)
        only.add('unpack', unpacked.verdict, unpacked.ms)
        return only.report(choice.tier, 'the archive does not hold the project')
      }
      const { files } = unpacked
      sheet.add('unpack', unpacked.verdict, unpacked.ms)
      sheet.time('dependencies', () => gateDependencies(files, kit.manifest))
      const { secrets, code } = await compute('readFiles', files, job.signal)
      sheet.add('secrets', gateSecrets(files, deps.ownSecrets ?? [], secrets.found), secrets.ms)
      sheet.add('code', code.found, code.ms)
      sheet.time('install', () => gateInstall(files, kit))
      await Promise.all([types, run])
      signal.throwIfAborted()
      return sheet.report(choice.tier, 'not reached')
    } catch (error) {
      unfit.abort()
      throw error
    } finally {
      await ended
    }
  }
}

async function packAndUnpack(files: readonly ProjectFile[]) {
  const started = performance.now()
  return { ...(await gateUnpack(files)), ms: performance.now() - started }
}

type Job = {
  readonly deps: VerifyDependencies
  readonly compute: ComputeVerify
  readonly limits: VerifyLimits
  readonly stack: NonNullable<VerifyDependencies['stack']>
  readonly kit: Kit
  readonly files: readonly ProjectFile[]
  readonly environment: Readonly<Record<string, string>>
  readonly services: readonly string[]
  readonly plan: ConformancePlan | null
  readonly workspace: Workspace
  /** Resolves when the project is in the workspace. */
  readonly written: ReturnType<typeof writeProject>
  readonly choice: SandboxChoice
  readonly compileCache: string | null
  readonly sheet: GateRecorder
  readonly signal: AbortSignal
  readonly onProgress: ((detail: string) => void) | undefined
}

type Writing = Pick<Job, 'files' | 'workspace' | 'kit' | 'compute' | 'signal'>

/** Writes the project, and beside it what is repeated from outside, which it resolves with: where it is, and its tests. */
async function writeProject({ files, workspace, kit, compute, signal }: Writing) {
  const write = async (folder: string, given: readonly ProjectFile[]) => {
    await writeFiles(folder, given)
    await symlink(kit.nodeModules, join(folder, 'node_modules'), 'junction')
  }
  const root = workspace.beside['replay']
  const reading = root === undefined ? null : compute('replayOf', files, signal)
  reading?.catch(() => {}) // Thrown below, when nothing is written any more.
  await write(workspace.project, files)
  const replay = await reading
  if (root === undefined || replay === null) return null
  await write(root, replay.files)
  return { root, tests: replay.tests }
}

async function checkTypes(job: Job) {
  const { limits, stack, kit, files, workspace, written, choice, sheet, signal, onProgress } = job
  const { project, scratch } = workspace
  await written
  const result = await choice.tools.run({
    argv: tscArguments(kit.tsc, stack.layout.tsconfig),
    project,
    scratch,
    readable: [kit.nodeModules],
    env: { TZ: 'UTC' },
    // It is done long before the tests, and two processors have three programs to run.
    isBackground: true,
    limits: limits.types,
    signal,
  })
  const sources = files.filter((file) => /\.[cm]?ts$/.test(file.path)).length
  const verdict = gateTypes(result, { project, files: sources, wallMs: limits.types.wallMs })
  sheet.add('types', verdict, result.ms)
  onProgress?.(verdict.detail)
}

async function runGates(job: Job) {
  const { deps, limits, stack, kit, environment, services, plan, workspace, written, choice } = job
  const { compileCache, sheet, signal, onProgress } = job
  const stages = RUN_STAGES.filter((stage) => stage !== 'conformance' || plan !== null)
  if (choice.tier === 'static') {
    for (const stage of stages) sheet.add(stage, skipped(choice.reason), 0)
    return
  }
  const { project, scratch, beside } = workspace
  const run = await runProject({
    sandbox: choice.project,
    nodePath: deps.nodePath,
    stack,
    limits,
    project,
    scratch,
    inside: beside['inside']!,
    readable: [kit.nodeModules, ...(beside['replay'] === undefined ? [] : [beside['replay']])],
    environment,
    services,
    replay: written,
    calls: plan?.calls,
    compileCache,
    signal,
    onStage: (stage) => {
      if (stage === 'tests') onProgress?.('the service runs; running its tests')
    },
  })
  const document = run.openapi && (await job.compute('readServedDocument', run.openapi, signal))
  const conformance = await compared(job, run.answers)
  const { verdicts, ms, tests } = gatesOfRun(run, { project, limits, document, conformance })
  for (const stage of stages) sheet.add(stage, verdicts[stage], ms[stage])
  sheet.compare(conformance)
  sheet.count(tests)
  onProgress?.(verdicts.tests.detail)
}

/** Null where there is nothing to compare, and for a document that is too complex for it, which fails nothing. */
async function compared({ plan, compute, signal }: Job, answers: readonly CallAnswer[]) {
  if (plan === null || answers.length === 0) return null
  try {
    return await compute('compareAnswers', { plan, answers }, signal)
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof Error && 'code' in error && error.code === 'too_complex') return null
    throw error
  }
}
