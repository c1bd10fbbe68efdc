import { describe, expect, it } from 'vitest'
import { Blueprint } from '#contract'
import { pages, todoWithComplete } from '../../codegen/testing/operations.ts'
import { lintBlueprint } from '../lint-blueprint.ts'

const helper = { id: 'nextDay', description: 'The day after.', rules: ['Takes a day, answers the next.'] }
const lint = (usedBy: string[], id = helper.id) =>
  lintBlueprint(
    Blueprint.parse({
      ...todoWithComplete,
      operations: [...todoWithComplete.operations, ...pages],
      helpers: [{ ...helper, id, usedBy }],
    }),
  )

describe('shared helpers', () => {
  it('are kept with the operations that use them, each once', () => {
    const { blueprint, diagnostics } = lint(['completeTodo', pages[0]!.id, 'completeTodo'])
    expect(diagnostics).toEqual([])
    expect(blueprint.helpers).toEqual([{ ...helper, usedBy: ['completeTodo', pages[0]!.id] }])
  })

  it('have a name of their own, whatever its case', () => {
    expect(lint(['completeTodo'], 'completetodo').diagnostics).toMatchObject([
      { severity: 'error', code: 'helper.name-taken', path: 'helpers.completetodo.id' },
    ])
  })

  it('lose what does not exist, and are left out where nothing uses them', () => {
    const some = lint(['completeTodo', 'gone'])
    expect(some.blueprint.helpers).toMatchObject([{ usedBy: ['completeTodo'] }])
    expect(some.diagnostics).toMatchObject([{ severity: 'fixed', code: 'helper.unknown-user' }])
    const none = lint(['gone'])
    expect(none.blueprint).not.toHaveProperty('helpers')
    expect(lintBlueprint(none.blueprint)).toEqual({ blueprint: none.blueprint, diagnostics: [] })
  })
})
