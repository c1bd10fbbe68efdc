import type { Blueprint, OperationExample } from '#contract'
import type { MutationResult } from '../../ports.ts'
import type { HandlerSpec } from '../../stacks/stack.ts'

const countExamples = ({ operations }: Blueprint): number =>
  operations.reduce((sum, { examples }) => sum + examples.length, 0)

export const hasFurtherExamples = (extended: Blueprint, before: Blueprint): boolean =>
  countExamples(extended) > countExamples(before)

type Extended = {
  readonly extended: Blueprint
  readonly before: Blueprint
  readonly specs: readonly HandlerSpec[]
  readonly results: readonly MutationResult[]
}
export type FailedExample = { readonly spec: HandlerSpec; readonly example: OperationExample }

/** The further examples that the code fails as it stands. */
export function failedExamples({ extended, before, specs, results }: Extended): FailedExample[] {
  return extended.operations.flatMap((operation) => {
    const spec = specs.find(({ id }) => id === operation.id)
    const failing = results.find((one) => one.path === spec?.path)?.failing ?? []
    const known = before.operations.find(({ id }) => id === operation.id)?.examples ?? []
    const titles = new Set(known.map(({ title }) => title))
    const fails = (title: string) => failing.some((name) => name === title || name.endsWith(` > ${title}`))
    return operation.examples.flatMap((example) =>
      spec === undefined || titles.has(example.title) || !fails(example.title) ? [] : [{ spec, example }],
    )
  })
}

export const withoutExamples = (blueprint: Blueprint, dropped: readonly FailedExample[]): Blueprint => ({
  ...blueprint,
  operations: blueprint.operations.map((operation) => ({
    ...operation,
    examples: operation.examples.filter((one) => !dropped.some(({ example }) => example === one)),
  })),
})

/** Without those further examples that the code fails as it stands. */
export const dropExamples = (input: Extended): Blueprint =>
  withoutExamples(input.extended, failedExamples(input))
