import { z } from 'zod'
import { MAX_EXAMPLES, OperationExample, type Blueprint, type CustomOperation } from '#contract'
import { lintBlueprint } from '../../blueprint/lint-blueprint.ts'
import { toExample } from './decode-operation.ts'
import { LlmOperation } from './llm-schema.ts'

/** Of one operation in one answer. */
export const MOST_FURTHER_EXAMPLES = 4

/** A model's answer. */
export const FurtherExamples = z.strictObject({
  examples: z.array(z.strictObject({ operation: z.string(), example: LlmOperation.shape.examples.element })),
})

/** The Blueprint with those examples of a model's answer that the contract and the linter accept. Nothing else changes. */
export function readFurtherExamples({
  value,
  blueprint,
}: {
  readonly value: unknown
  readonly blueprint: Blueprint
}): Blueprint {
  const { data } = FurtherExamples.safeParse(value)
  if (data === undefined) return blueprint
  const given = new Map(
    blueprint.operations.map(({ id, examples }) => {
      const titles = new Set(examples.map(({ title }) => title))
      const read = data.examples
        .filter(({ operation }) => operation === id)
        .flatMap(({ example }) => OperationExample.safeParse(toExample(example)).data ?? [])
        .filter(({ title }) => !titles.has(title) && titles.add(title))
        .slice(0, Math.min(MOST_FURTHER_EXAMPLES, MAX_EXAMPLES - examples.length))
      return [id, read]
    }),
  )
  const added = (operation: CustomOperation, further: readonly OperationExample[]): CustomOperation =>
    further.length === 0 ? operation : { ...operation, examples: [...operation.examples, ...further] }
  const operations = blueprint.operations.map((one) => added(one, given.get(one.id) ?? []))
  const { blueprint: linted, diagnostics } = lintBlueprint({ ...blueprint, operations })
  if (diagnostics.some(({ severity }) => severity === 'error')) return blueprint
  const kept = new Map(linted.operations.map(({ id, examples }) => [id, examples]))
  return {
    ...blueprint,
    operations: blueprint.operations.map((one) => {
      const titles = new Set((given.get(one.id) ?? []).map(({ title }) => title))
      return added(
        one,
        (kept.get(one.id) ?? []).filter(({ title }) => titles.has(title)),
      )
    }),
  }
}
