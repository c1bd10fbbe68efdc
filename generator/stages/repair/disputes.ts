import type { Blueprint } from '#contract'
import type { HandlerSpec } from '../../stacks/stack.ts'
import type { Objection } from '../write/request-code.ts'
import type { Failing } from './blame.ts'
import type { Example, Verdict } from './judge-example.ts'

/** The examples of operations and tasks that were changed, by ID: all that each has now. */
export type Examples = Readonly<Record<string, readonly Example[]>>
export type Judge = (given: {
  readonly spec: HandlerSpec
  readonly example: Example
  readonly objection: Objection
  readonly found: readonly string[]
}) => Promise<Verdict>

/**
 * Settles objections to examples. Each example is judged once; what became of it is a sentence for the report, or, where it
 * stays, one for the model that objected.
 */
export function makeDisputes(input: {
  readonly judge: Judge
  /** Whether the project can be built with these. */
  readonly accepts: (examples: Examples) => Promise<boolean>
}) {
  const { judge, accepts } = input
  let examples: Examples = {}
  const judged = new Set<string>()
  const kept = new Map<string, string[]>()

  const examplesOf = (spec: HandlerSpec) => examples[spec.id] ?? spec.examples
  return {
    examples: () => examples,
    /** The specification with the examples that it has now. */
    current: (spec: HandlerSpec): HandlerSpec =>
      Object.hasOwn(examples, spec.id) ? { ...spec, examples: examples[spec.id]! } : spec,
    /** The verdicts that its objections were not followed. */
    keptOf: ({ id }: HandlerSpec): readonly string[] => kept.get(id) ?? [],
    /** Null where there is nothing to judge: no such example, or judged before. */
    async settle(
      { spec, diagnostics }: Failing,
      objection: Objection,
    ): Promise<{ readonly note: string | null } | null> {
      const all = examplesOf(spec)
      const example = all.find(({ title }) => title === objection.example)
      const key = `${spec.id} ${objection.example}`
      if (example === undefined || judged.has(key)) return null
      judged.add(key)
      const { title } = example
      const found = diagnostics.filter(({ test }) => test === title).map(({ message }) => message)
      const verdict = await judge({ spec, example, objection, found })
      if (verdict.kind === 'keep') {
        const stays = `The example "${title}" was judged and stays. ${verdict.reason}`.trim()
        kept.set(spec.id, [...(kept.get(spec.id) ?? []), stays])
        return { note: null }
      }
      const without = { ...examples, [spec.id]: all.filter((one) => one !== example) }
      if (verdict.kind === 'correct') {
        // Checked when the project is built with it: `accepts` reads it as part of the Blueprint.
        const corrected = verdict.example as Example
        const changed = { ...examples, [spec.id]: all.map((one) => (one === example ? corrected : one)) }
        if (await accepts(changed)) {
          examples = changed
          const [before, after] = [example, corrected].map(outcomeOf)
          return {
            note: `The example "${title}" contradicted the rules and was corrected: expected ${after} instead of ${before}. ${verdict.reason}`,
          }
        }
      }
      examples = without
      return { note: `The example "${title}" contradicted the rules and was left out. ${verdict.reason}` }
    },
  }
}
export type Disputes = ReturnType<typeof makeDisputes>

/** What an example expects, as JSON. */
function outcomeOf(example: Example): string {
  const { rowsAfter } = example
  if ('expect' in example) return JSON.stringify({ ...example.expect, rowsAfter })
  return JSON.stringify({ rowsAfter, calls: example.calls })
}

export const withExamples = (blueprint: Blueprint, examples: Examples): Blueprint => ({
  ...blueprint,
  operations: blueprint.operations.map((operation) => withOwn(operation, examples)),
  schedules: blueprint.schedules.map((schedule) => withOwn(schedule, examples)),
})

/** The list is made of the own examples, and so has their type. */
const withOwn = <Part extends { readonly id: string }>(part: Part, examples: Examples): Part =>
  Object.hasOwn(examples, part.id) ? { ...part, examples: [...examples[part.id]!] } : part
