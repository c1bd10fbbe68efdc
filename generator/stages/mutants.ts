import { isDeepStrictEqual } from 'node:util'
import type { Blueprint, Report } from '#contract'
import type { DesignContext } from '../designers/designer.ts'
import type { RequestFurtherExamples, Unnoticed } from '../designers/model/further-examples.ts'
import type { MeasureMutants, MutationResult, ProjectFile } from '../ports.ts'
import type { HandlerSpec } from '../stacks/stack.ts'
import { contested, type RepairFurther } from './mutants/contested.ts'
import { dropExamples, hasFurtherExamples } from './mutants/further-examples.ts'
import type { MutantTrials } from './mutants/trials.ts'
import type { Judge } from './repair/disputes.ts'
import type { Repaired } from './repair/repair-loop.ts'
import type { Built } from './repair/trials.ts'
import type { Written } from './write-handlers.ts'

/** How tests are tested. */
export type TestingTests = {
  readonly measure: MeasureMutants
  /** Milliseconds of running for one job. */
  readonly budgetMs: number
  /** Null without a model. */
  readonly furtherExamples: RequestFurtherExamples | null
  /** Judges examples that code fails which passed its gates; null without a model. */
  readonly judge: ((context: DesignContext) => Judge) | null
}

export type Tested = {
  /** With the further examples that are kept. */
  readonly blueprint: Blueprint
  readonly built: Built
  /** Null where nothing could be tried. */
  readonly mutants: NonNullable<Report['mutants']> | null
  /** Where a further example showed a fault of the code: the code that passes it. */
  readonly repaired: Repaired | null
}

/**
 * Tries deliberate faults in model-written code that passed its gates. For those that no test notices, the model is asked once
 * for further examples. One that the code fails is judged: if it follows from the rules, the code is repaired, else it is
 * dropped. The others are kept if the project with them passes all gates.
 *
 *   tried ──► all noticed ─────────────────────────────────────────────────────────► done
 *     └─────► some not ──► further examples ──► tried again ──────────► verified ──► done, or as it was
 *                                                   └──► failed ──► judged ──► repaired ──┘
 */
export async function testTests(
  {
    trials,
    furtherExamples,
    judge,
  }: Pick<TestingTests, 'furtherExamples' | 'judge'> & { readonly trials: MutantTrials },
  input: {
    readonly specs: readonly HandlerSpec[]
    readonly handlers: Written['handlers']
    readonly blueprint: Blueprint
    readonly built: Built
    readonly render: (handlers: Written['handlers'], blueprint: Blueprint) => Promise<readonly ProjectFile[]>
    /** Verifies a project that is rendered. */
    readonly verify: (blueprint: Blueprint, files: readonly ProjectFile[]) => Promise<Built>
    readonly repair: RepairFurther
    readonly context: DesignContext
  },
): Promise<Tested> {
  const { handlers, blueprint, built, context } = input
  const specs = input.specs.filter(({ id }) => Object.hasOwn(handlers, id))
  const first = await trials.results({ blueprint, handlers, specs, files: async () => built.files })
  if (first === null) return { blueprint, built, mutants: null, repaired: null }
  const asIs: Tested = { blueprint, built, mutants: sumOf(first, specs), repaired: null }
  const contents = new Map(built.files.map(({ path, content }) => [path, content]))
  const unnoticed = unnoticedIn(first, specs, (path) => contents.get(path) ?? '')
  if (unnoticed.length === 0 || furtherExamples === null || !trials.hasTime()) return asIs

  const extended = await furtherExamples(blueprint, unnoticed, context)
  if (!hasFurtherExamples(extended, blueprint)) return asIs
  const isAsked = (id: string) => unnoticed.some(({ operation }) => operation === id)
  const changed = specs.filter(({ id, users = [] }) => isAsked(id) || users.some((user) => isAsked(user.id)))
  const files = await input.render(handlers, extended)
  const again = await trials.results({
    blueprint: extended,
    handlers,
    specs: changed,
    files: async () => files,
  })
  if (again === null) return asIs
  if (judge !== null) {
    const examples = { extended, before: blueprint, specs: changed, results: again, all: specs }
    const build = () => input.verify(extended, files)
    const passing = await contested(examples, {
      handlers,
      build,
      repair: input.repair,
      judge: judge(context),
    })
    if (passing !== null) {
      const { repaired, blueprint: agreed } = passing
      const { handlers: code } = repaired.written
      const after = { blueprint: agreed, handlers: code, specs, files: async () => repaired.built.files }
      const last = await trials.results(after)
      return { blueprint: agreed, built: repaired.built, mutants: sumOf(last ?? first, specs), repaired }
    }
  }
  const kept = dropExamples({ extended, before: blueprint, specs: changed, results: again })
  if (!hasFurtherExamples(kept, blueprint)) return asIs
  const isAll = isDeepStrictEqual(kept, extended)
  const rebuilt = await input.verify(kept, isAll ? files : await input.render(handlers, kept))
  if (!rebuilt.verification.passed) return asIs
  return { blueprint: kept, built: rebuilt, mutants: sumOf(better(first, again), specs), repaired: null }
}

/** By operation; a fault in a helper is noticed by an example of what calls it. */
function unnoticedIn(
  results: readonly MutationResult[],
  specs: readonly HandlerSpec[],
  codeOf: (path: string) => string,
): Unnoticed[] {
  const found = new Map<string, Unnoticed>()
  for (const { path, survivors } of results) {
    const spec = specs.find((one) => one.path === path)
    const { id } = (spec?.kind === 'helper' ? spec.users?.find(isOperation) : spec) ?? {}
    if (spec === undefined || id === undefined || spec.kind === 'task' || survivors.length === 0) continue
    const before = found.get(id)
    const faults = spec.kind === 'helper' ? survivors.map((one) => `${spec.path}, ${one}`) : survivors
    found.set(id, {
      operation: id,
      code: [before?.code, codeOf(path)].filter(Boolean).join('\n'),
      faults: [...(before?.faults ?? []), ...faults],
    })
  }
  return [...found.values()]
  function isOperation(user: { readonly id: string }): boolean {
    return specs.some(({ id, kind }) => id === user.id && kind === 'operation')
  }
}

/** The second result of each, unless less was tried. */
const better = (first: readonly MutationResult[], again: readonly MutationResult[]) =>
  first.map(
    (one) =>
      again.find(({ path, all, untried }) => path === one.path && all >= one.all && untried <= one.untried) ??
      one,
  )

/** Of a report. */
const MOST_SURVIVORS = 100

function sumOf(results: readonly MutationResult[], specs: readonly HandlerSpec[]): Tested['mutants'] {
  const all = results.reduce((sum, one) => sum + one.all, 0)
  if (all === 0) return null
  return {
    killed: results.reduce((sum, { killed }) => sum + killed, 0),
    all,
    survivors: results
      .flatMap(({ path, survivors }) => {
        const title = specs.find((one) => one.path === path)?.title ?? path
        return survivors.map((description) => `${title}, ${description}`)
      })
      .slice(0, MOST_SURVIVORS),
  }
}
