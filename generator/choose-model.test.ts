import { describe, expect, it } from 'vitest'
import { recordOf } from '#contract/testing/samples'
import { budgetOf, makeModelChoice } from './choose-model.ts'
import type { ModelStatus } from './llm/model-status.ts'
import type { StructuredModel } from './llm/structured-model.ts'

const gone = (model: string): ModelStatus => ({
  kind: 'gone',
  model,
  message: 'Retired.',
  hint: 'Set another.',
})
const served = (model: string): ModelStatus => ({ kind: 'served', model, message: null })
const modelOf = (status: () => ModelStatus): StructuredModel => ({
  get name() {
    return status().model
  },
  ask: async () => {
    throw new Error('not asked here')
  },
})

function choiceWith(retired: readonly string[] = []) {
  const status = (other = 'usual') => (retired.includes(other) ? gone(other) : served(other))
  return makeModelChoice({
    models: modelOf,
    watch: { status },
    model: modelOf(() => status()),
    allowed: ['usual', 'large', 'old'],
  })
}
const preferring = (model: string) =>
  recordOf({
    preferences: { applied: { model: { value: model, from: 'channel' } }, ignored: [], monthLimits: [] },
  })

describe('the model of a job', () => {
  it('is the configured one without a choice', () => {
    const { model, notice } = choiceWith().choose(recordOf())
    expect([model?.name, notice()]).toEqual(['usual', null])
  })

  it('is the one of the request, before the one of the channel', () => {
    const record = { ...preferring('large'), options: { model: 'old' } }
    expect(choiceWith().choose(record).model?.name).toBe('old')
    expect(choiceWith().choose(preferring('large')).model?.name).toBe('large')
  })

  it.each(['old', 'never-allowed'])(
    'is the configured one where %s cannot be used, and the report says so',
    (name) => {
      const { model, notice } = choiceWith(['old']).choose(preferring(name))
      expect(model?.name).toBe('usual')
      expect(notice()).toBe(`The model ${name} can’t be used any more, so usual was used.`)
    },
  )

  it('can be chosen among those that are served', () => {
    expect(choiceWith(['old']).served()).toEqual(['usual', 'large'])
  })

  it('is none where none is configured', () => {
    const choice = makeModelChoice({ models: null, watch: null, model: null, allowed: [] })
    expect(choice.choose(preferring('large')).model).toBeNull()
  })
})

describe('the budget of a job', () => {
  const config = (costUsd: number | null) =>
    ({ model: { budget: { tokens: null, costUsd } } }) as Parameters<typeof budgetOf>[0]

  it.each([
    [null, null, null, undefined],
    [2, null, 2, undefined],
    [2, 5, 2, undefined],
    [5, 2, 2, true],
    [null, 2, 2, true],
  ])('of the installation %s and the channel %s is %s', (ours, theirs, costUsd, isPreferred) => {
    const budget = budgetOf(config(ours), theirs)
    expect([budget.costUsd, budget.isPreferred]).toEqual([costUsd, isPreferred])
  })
})
