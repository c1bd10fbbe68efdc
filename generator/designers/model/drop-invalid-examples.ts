import type { z } from 'zod'
import { MAX_EXAMPLES, OperationExample, TaskExample } from '#contract'

type Examples = readonly { readonly id: string; readonly examples?: readonly unknown[] }[]
type Candidate = { readonly operations: Examples; readonly schedules: Examples }

/**
 * Removes the examples that the contract rejects, so that they do not fail the whole design. `dropped` says which, as
 * sentences.
 */
export function dropInvalidExamples(design: unknown): { candidate: unknown; dropped: string[] } {
  const candidate = design as Candidate
  const dropped: string[] = []
  const keep = (list: Examples, schema: z.ZodType) =>
    list.map((one) => {
      if (one.examples === undefined) return one
      const valid = one.examples.filter((example) => {
        const [issue] = schema.safeParse(example).error?.issues ?? []
        if (issue === undefined) return true
        dropped.push(
          `An example of ${one.id} is not valid: ${issue.path.join('.')}: ${issue.message}. Removed the example.`,
        )
        return false
      })
      if (valid.length > MAX_EXAMPLES)
        dropped.push(`${one.id} has ${valid.length} examples. Kept the first ${MAX_EXAMPLES}.`)
      return { ...one, examples: valid.slice(0, MAX_EXAMPLES) }
    })
  return {
    candidate: {
      ...candidate,
      operations: keep(candidate.operations, OperationExample),
      schedules: keep(candidate.schedules, TaskExample),
    },
    dropped,
  }
}
