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
import { PROJECTS } from './projects/index.ts'

/** For the mutants of one project, on a busy machine. */
const BUDGET_MS = 600_000

type Measured = {
  readonly project: PlausibleProject
  /** With the examples of the design, and with the further examples of the model as well. */
  readonly designed: readonly MutationResult[]
  readonly extended: readonly MutationResult[]
}

/** Tries mutants of the good code of a project against its tests. */
async function measureProject(project: PlausibleProject): Promise<Measured> {
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
    limits: {
      ...VERIFY_LIMITS,
      run: { ...VERIFY_LIMITS.run, wallMs: BUDGET_MS, cpuSeconds: BUDGET_MS / 1000 },
    },
  })
  const measureWith = async (blueprint: Blueprint) => {
    const files = await renderProject(blueprint, { handlers: project.handlers })
    const results = await measure({
      files,
      targets: defaultStack
        .handlerSpecs(blueprint, files)
        .map(({ path, testPaths, functionName }) => ({ path, testPaths, functionName })),
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

/** Measures the projects whose names match, and prints the mutants that no test notices and the share that tests do. */
export async function showMutants(wanted: string): Promise<void> {
  const all: Measured[] = []
  for (const project of PROJECTS.filter(({ blueprint }) => blueprint.name.match(wanted))) {
    const measured = await measureProject(project)
    all.push(measured)
    console.log(`${project.blueprint.name}: ${sharesOf([measured])}`)
    for (const [at, { path, survivors, failing }] of measured.designed.entries()) {
      const further = measured.extended[at]!
      for (const name of new Set([...failing, ...further.failing])) console.log(`  ${path} fails "${name}"`)
      for (const what of survivors)
        console.log(
          `  ${path}, ${what}${further.survivors.includes(what) ? '' : ' (noticed by further examples)'}`,
        )
    }
  }
  console.log(`all: ${sharesOf(all)}`)
}

const sharesOf = (some: readonly Measured[]): string =>
  `${shareOf(some.flatMap(({ designed }) => designed))} noticed by the examples of the design, ${shareOf(some.flatMap(({ extended }) => extended))} with further examples`

/** `313 of 383 (81.7 %)`, and how many were not tried. */
function shareOf(results: readonly MutationResult[]): string {
  const sum = (of: (one: MutationResult) => number) => results.reduce((total, one) => total + of(one), 0)
  const [killed, all, untried] = [sum((one) => one.killed), sum((one) => one.all), sum((one) => one.untried)]
  const share = `${killed} of ${all} (${((100 * killed) / Math.max(1, all)).toFixed(1)} %)`
  return untried > 0 ? `${share}, ${untried} untried,` : share
}
