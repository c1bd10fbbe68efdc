import type { Blueprint } from '#contract'
import type { MutationResult } from '../../ports.ts'
import type { HandlerSpec } from '../../stacks/stack.ts'

const countExamples = ({ operations }: Blueprint): number =>
  operations.reduce((sum, { examples }) => sum + examples.length, 0)

export const hasFurtherExamples = (extended: Blueprint, before: Blueprint): boolean =>
  countExamples(extended) > countExamples(before)

/** Without those further examples that the code fails as it stands: it passed its gates, so they say something else. */
export function dropExamples(input: {
  readonly extended: Blueprint
  readonly before: Blueprint
  readonly specs: readonly HandlerSpec[]
  readonly results: readonly MutationResult[]
}): Blueprint {
  const { extended, before, specs, results } = input
  return {
    ...extended,
    operations: extended.operations.map((operation) => {
      const path = specs.find(({ id }) => id === operation.id)?.path
      const failing = results.find((one) => one.path === path)?.failing ?? []
      const known = before.operations.find(({ id }) => id === operation.id)?.examples ?? []
      const titles = new Set(known.map(({ title }) => title))
      const fails = (title: string) => failing.some((name) => name === title || name.endsWith(` > ${title}`))
      return {
        ...operation,
        examples: operation.examples.filter(({ title }) => titles.has(title) || !fails(title)),
      }
    }),
  }
}
