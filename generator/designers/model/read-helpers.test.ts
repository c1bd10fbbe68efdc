import { expect, it } from 'vitest'
import type { Blueprint } from '#contract'
import { describeChanges } from '../../blueprint/describe-changes.ts'
import { emptyRefinement } from '../../blueprint/testing/empty-refinement.ts'
import { pagesWithHelper } from '../../codegen/testing/helpers.ts'
import { pages } from '../../codegen/testing/operations.ts'
import type { LlmRefinement } from './llm-refinement-schema.ts'
import { readDesign } from './read-design.ts'
import { readRefinement } from './read-refinement.ts'
import { operationToTransport, toLlm } from './testing/to-llm.ts'

const { id, description, rules } = pagesWithHelper.helpers![0]!
const refined = (changes: Partial<LlmRefinement>): Blueprint => {
  const reading = readRefinement({ ...emptyRefinement, ...changes }, pagesWithHelper)
  if (reading.kind !== 'sound') throw new Error(JSON.stringify(reading))
  return reading.refinement.blueprint
}
const usersIn = ({ helpers = [] }: Blueprint) => helpers.map(({ usedBy }) => usedBy)
const changesTo = (after: Blueprint) =>
  describeChanges(pagesWithHelper, after, { entities: [], properties: [] }).other

it('a design names shared helpers, in the forms that a model may give their names', () => {
  const llm = toLlm(pagesWithHelper)
  const helpers = [{ id: 'describe todos', description, rules, usedBy: ['html-report', 'textReport'] }]
  expect(readDesign({ ...llm, helpers }, { options: {} })).toMatchObject({
    design: { blueprint: { helpers: pagesWithHelper.helpers } },
  })
})

it('an answer without a word of helpers has none', () => {
  const { helpers: _helpers, ...llm } = toLlm({ ...pagesWithHelper, helpers: undefined })
  const reading = readDesign(llm, { options: {} })
  expect(reading).toMatchObject({ kind: 'sound' })
  expect(JSON.stringify(reading)).not.toContain('helpers')
})

it('a refinement that is not about helpers keeps them', () => {
  expect(refined({ title: 'Others' }).helpers).toEqual(pagesWithHelper.helpers)
})

it('a further operation may use a helper', () => {
  const usedBy = ['htmlReport', 'textReport', 'binaryReport']
  const after = refined({
    operations: [operationToTransport(pages[2]!)],
    helpers: [{ id, description, rules, usedBy }],
  })
  expect(usersIn(after)).toEqual([usedBy])
  expect(changesTo(after)).toEqual(['shared helper changed: describeTodos'])
})

it('a helper loses what is removed, and goes with the last that uses it', () => {
  expect(usersIn(refined({ removedOperations: ['htmlReport'] }))).toEqual([['textReport']])
  for (const changes of [
    { removedOperations: ['htmlReport', 'textReport'] },
    { removedHelpers: ['describeTodos'] },
  ]) {
    const after = refined(changes)
    expect(after).not.toHaveProperty('helpers')
    expect(changesTo(after)).toContain('shared helper removed: describeTodos')
  }
})
