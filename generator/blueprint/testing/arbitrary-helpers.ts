import * as fc from 'fast-check'
import type { Blueprint, Helper } from '#contract'

/** Some are not valid function names, or are declared by the modules around an operation or task. */
const IDS = ['priceOf', 'assertOpen', 'switch', 'now', 'notFound', 'con', 'sharedHelper', 'context']

type HelperDraft = Omit<Helper, 'usedBy'> & { readonly users: number }

/** Up to three helpers; `text` gives what they are for. */
export function arbitraryHelpers(text: fc.Arbitrary<string>): fc.Arbitrary<HelperDraft[]> {
  const rest = fc.record({
    description: text,
    rules: fc.array(text, { minLength: 1, maxLength: 3 }),
    users: fc.integer({ min: 1, max: 63 }),
  })
  return fc
    .uniqueArray(fc.constantFrom(...IDS), { maxLength: 3 })
    .chain((ids) => fc.tuple(...ids.map((id) => rest.map((one): HelperDraft => ({ id, ...one })))))
}

/** Gives each helper some of the operations and tasks whose code is written; without one there is no helper. */
export function withHelpers(blueprint: Blueprint, drafts: readonly HelperDraft[]): Blueprint {
  const { operations, schedules } = blueprint
  const taken = new Set([...operations, ...schedules].map(({ id }) => id.toLowerCase()))
  const callers = [
    ...operations.filter(
      ({ implementation, signIn }) => implementation === undefined && signIn === undefined,
    ),
    ...schedules,
  ].map(({ id }) => id)
  const helpers = drafts.flatMap(({ users, ...helper }): Helper[] => {
    const usedBy = callers.filter((_, at) => (users >> at) % 2 === 1)
    return usedBy.length === 0 || taken.has(helper.id.toLowerCase()) ? [] : [{ ...helper, usedBy }]
  })
  return helpers.length === 0 ? blueprint : { ...blueprint, helpers }
}
