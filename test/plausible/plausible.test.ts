import { describe, expect, it } from 'vitest'
import { lintBlueprint } from '../../generator/blueprint/lint-blueprint.ts'
import { withMistake } from './plausible-project.ts'
import { PROJECTS } from './projects/index.ts'

describe('a plausible model', () => {
  it('makes at least 40 mistakes, each of which changes good code', () => {
    const changed = PROJECTS.flatMap(({ handlers, mistakes }) =>
      mistakes.filter((mistake) => withMistake(mistake, handlers[mistake.in]!) !== handlers[mistake.in]),
    )
    expect(changed).toHaveLength(PROJECTS.flatMap(({ mistakes }) => mistakes).length)
    expect(changed.length).toBeGreaterThanOrEqual(40)
  })

  it.each(PROJECTS.map((project) => [project.blueprint.name, project] as const))(
    'has a design that nothing is wrong with: %s',
    (_name, { blueprint, further, handlers }) => {
      const operations = blueprint.operations.map((one) => ({
        ...one,
        examples: [...one.examples, ...(further[one.id] ?? [])],
      }))
      const { diagnostics } = lintBlueprint({ ...blueprint, operations })
      expect(diagnostics).toEqual([])
      const written = [...blueprint.operations, ...blueprint.schedules].map(({ id }) => id)
      expect(Object.keys(handlers).toSorted()).toEqual(written.toSorted())
    },
  )
})
