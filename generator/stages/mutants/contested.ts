import type { Blueprint } from '#contract'
import type { MutationResult } from '../../ports.ts'
import type { HandlerSpec } from '../../stacks/stack.ts'
import type { Judge } from '../repair/disputes.ts'
import type { Repaired } from '../repair/repair-loop.ts'
import type { Built } from '../repair/trials.ts'
import type { Written } from '../write-handlers.ts'
import { failedExamples, withoutExamples, type FailedExample } from './further-examples.ts'

/** Makes a project that fails its further examples pass them. */
export type RepairFurther = (input: {
  readonly specs: readonly HandlerSpec[]
  readonly blueprint: Blueprint
  readonly built: Built
}) => Promise<Repaired>

/** Of one job: each is a call of a model. */
const MOST_JUDGED = 4

/**
 * Settles further examples that the code fails, although it passed its gates: either the example or the code is wrong. One
 * that follows from the rules, by a judgement without regard to the code, is a test that the code is repaired for. Null if
 * there is none, or if the code could not be repaired without losing any.
 */
export async function contested(
  examples: {
    readonly extended: Blueprint
    readonly before: Blueprint
    readonly specs: readonly HandlerSpec[]
    readonly results: readonly MutationResult[]
    readonly all: readonly HandlerSpec[]
  },
  project: {
    readonly handlers: Written['handlers']
    /** Verifies the project with all of the examples. */
    readonly build: () => Promise<Built>
    readonly repair: RepairFurther
    readonly judge: Judge
  },
): Promise<{ readonly repaired: Repaired; readonly blueprint: Blueprint } | null> {
  const { handlers, build, repair, judge } = project
  const failed = failedExamples(examples)
  if (failed.length === 0) return null
  const built = await build()
  const { diagnostics } = built.verification
  const messagesOf = ({ spec, example }: FailedExample) =>
    diagnostics.flatMap(({ file, test, message }) =>
      spec.testPaths.includes(file ?? '') && test === example.title ? [message] : [],
    )
  // What only measuring found says nothing that could be repaired.
  const open = failed.filter((one) => messagesOf(one).length > 0).slice(0, MOST_JUDGED)
  const verdicts = await Promise.all(
    open.map(async (one) => {
      const { spec, example } = one
      const objection = { example: example.title, why: WHY }
      const { kind, reason } = await judge({ spec, example, objection, found: messagesOf(one) })
      // Without a reason, nothing was judged: the model could not be asked.
      return { one, isUpheld: kind === 'keep' && reason !== '' }
    }),
  )
  const upheld = verdicts.filter(({ isUpheld }) => isUpheld).map(({ one }) => one)
  if (upheld.length === 0) return null

  const dropped = failed.filter((one) => !upheld.includes(one))
  const blueprint = withoutExamples(examples.extended, dropped)
  const isDropped = (file: string | null, test: string | undefined) =>
    dropped.some(({ spec, example }) => spec.testPaths.includes(file ?? '') && example.title === test)
  const repaired = await repair({
    specs: examples.all.map((spec) => withExamplesOf(blueprint, spec)),
    blueprint,
    built: {
      ...built,
      verification: {
        ...built.verification,
        diagnostics: diagnostics.filter(({ file, test }) => !isDropped(file, test)),
      },
    },
  })
  const isWhole = Object.keys(handlers).every((id) => Object.hasOwn(repaired.written.handlers, id))
  return isWhole && repaired.built.verification.passed ? { repaired, blueprint } : null
}

const WHY = 'The code was written by the same rules and passes all other tests, but not this example.'

const withExamplesOf = ({ operations }: Blueprint, spec: HandlerSpec): HandlerSpec => {
  const operation = operations.find(({ id }) => id === spec.id)
  return operation === undefined ? spec : { ...spec, examples: operation.examples }
}
