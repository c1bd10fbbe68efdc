import { tmpdir } from 'node:os'
import type { Blueprint } from '#contract'
import type { MutationResult } from '../../generator/ports.ts'
import { chooseSandbox } from '../../generator/sandbox/choose-sandbox.ts'
import { ensureKit } from '../../generator/stacks/install-kit.ts'
import { defaultStack } from '../../generator/stacks/registry.ts'
import { renderProject } from '../../generator/stages/render-project.ts'
import { VERIFY_LIMITS } from '../../generator/verify/limits.ts'
import { makeMeasureMutants } from '../../generator/verify/measure-mutants.ts'
import type { PlausibleProject } from './plausible-project.ts'

/** For the mutants of one project, on a busy machine. */
const BUDGET_MS = 600_000

export type Measured = {
  readonly project: PlausibleProject
  /** With the examples of the design, and with those that the model is asked for as well. */
  readonly designed: readonly MutationResult[]
  readonly extended: readonly MutationResult[]
}

/** Tries mutants of the good code of a project against its tests. */
export async function measureProject(project: PlausibleProject): Promise<Measured> {
  const signal = AbortSignal.timeout(2 * BUDGET_MS)
  const { kitDirectory } = defaultStack
  await ensureKit({ kitDirectory, env: process.env, signal })
  const { pick } = await chooseSandbox({
    // All code is that of this folder.
    setting: 'none',
    nodePath: process.execPath,
    kitDirectory,
    tempDirectory: tmpdir(),
    searchPath: process.env['PATH'] ?? '',
    platform: process.platform,
    userId: process.getuid?.(),
    signal,
  })
  const measure = makeMeasureMutants({
    pickSandbox: pick,
    kitDirectory,
    nodePath: process.execPath,
    tempDirectory: tmpdir(),
    limits: { ...VERIFY_LIMITS, run: { ...VERIFY_LIMITS.run, wallMs: BUDGET_MS, cpuSeconds: BUDGET_MS / 1000 } },
  })
  const measureWith = async (blueprint: Blueprint) => {
    const files = await renderProject(blueprint, { handlers: project.handlers })
    const results = await measure({
      files,
      targets: defaultStack
        .handlerSpecs(blueprint, files)
        .map(({ path, testPath, functionName }) => ({ path, testPath, functionName })),
      environment: defaultStack.requiredEnvironment(blueprint),
      services: blueprint.services.map(({ baseUrl }) => baseUrl),
      budgetMs: BUDGET_MS,
      signal,
    })
    return results ?? []
  }
  return {
    project,
    designed: await measureWith(project.blueprint),
    extended: await measureWith(withFurther(project)),
  }
}

const withFurther = ({ blueprint, further }: PlausibleProject): Blueprint => ({
  ...blueprint,
  operations: blueprint.operations.map((one) => ({
    ...one,
    examples: [...one.examples, ...(further[one.id] ?? [])],
  })),
})

/** `313 of 383 (81.7 %)` */
export function shareOf(results: readonly MutationResult[]): string {
  const all = results.reduce((sum, one) => sum + one.all, 0)
  const killed = results.reduce((sum, one) => sum + one.killed, 0)
  return `${killed} of ${all} (${((100 * killed) / Math.max(1, all)).toFixed(1)} %)`
}
