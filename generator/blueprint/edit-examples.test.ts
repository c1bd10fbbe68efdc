import { describe, expect, it } from 'vitest'
import { listsWithExamples } from '../codegen/testing/examples.ts'
import { removeProperty, renameEntity, renameProperty } from './edit-blueprint.ts'
import { lintBlueprint } from './lint-blueprint.ts'

const count = ({ operations, schedules }: typeof listsWithExamples) =>
  [...operations, ...schedules].reduce((sum, { examples = [] }) => sum + examples.length, 0)

describe('examples', () => {
  it('keep up with a renamed entity', () => {
    const item = listsWithExamples.entities.find(({ name }) => name === 'Item')!
    const names = { ...item, name: 'Chore', plural: 'Chores', path: '/chores' }
    const renamed = renameEntity(listsWithExamples, 'Item', names)
    expect(lintBlueprint(renamed).diagnostics).toEqual([])
    expect(count(renamed)).toBe(count(listsWithExamples))
    expect(JSON.stringify(renamed.schedules)).not.toContain('"Item"')
  })

  it('keep up with a renamed property, before and after', () => {
    const renamed = renameProperty(listsWithExamples, 'Item', 'title', 'heading')
    expect(lintBlueprint(renamed).diagnostics).toEqual([])
    const [first] = renamed.operations[0]!.examples
    expect(first!.rows[0]!.values).toEqual({ heading: 'Milk' })
    expect(first!.rowsAfter![0]).toMatchObject({ values: { heading: 'Milk', isDone: true } })
  })

  it('of a property that is removed go too, and the linter says so', () => {
    const { blueprint, diagnostics } = lintBlueprint(removeProperty(listsWithExamples, 'Item', 'deletedAt'))
    const lost = diagnostics.filter(({ code }) => code === 'example.mismatch')
    expect(lost.length).toBeGreaterThan(0)
    expect(count(blueprint)).toBe(count(listsWithExamples) - lost.length)
  })
})
