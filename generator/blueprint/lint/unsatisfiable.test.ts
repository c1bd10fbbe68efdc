import { describe, expect, it } from 'vitest'
import type { Blueprint, Shape } from '#contract'
import { todo } from '../../codegen/testing/blueprints.ts'
import { completeTodo } from '../../codegen/testing/operations.ts'
import { lintBlueprint } from '../lint-blueprint.ts'

const nullable = false
const text = { kind: 'string', nullable } as const
const endless: Shape = { kind: 'object', nullable, properties: [property({ ...text, min: 1e9 })] }

function property(shape: Shape) {
  return { name: 'note', shape, required: true }
}

const operation = (more: Partial<typeof completeTodo>): Blueprint => ({
  ...todo,
  operations: [{ ...completeTodo, method: 'POST', examples: [], ...more }],
})
const stored = (shape: Shape): Blueprint => ({
  ...todo,
  entities: todo.entities.map((entity, at) =>
    at > 0
      ? entity
      : {
          ...entity,
          fields: [
            ...entity.fields,
            { name: 'note', label: 'Note', required: true, unique: false, type: { kind: 'json', shape } },
          ],
        },
  ),
})
const answered = (shape: Shape) =>
  operation({ responses: { success: { kind: 'json', status: 200, shape }, errors: [] } })
const calling = (call: { body: Shape | null; answer: Shape | null }): Blueprint => ({
  ...todo,
  services: [
    {
      name: 'bank',
      description: 'A bank.',
      baseUrl: 'BANK_URL',
      auth: { kind: 'none' },
      timeoutMs: 1_000,
      retries: 0,
      calls: [{ id: 'pay', method: 'POST', path: '/pay', params: [], query: [], summary: 'Pays.', ...call }],
    } as unknown as Blueprint['services'][number],
  ],
})
const demands = (given: Blueprint) =>
  lintBlueprint(given).diagnostics.filter(({ code }) => code === 'shape.demand')

describe('an unsatisfiable constraint', () => {
  it.each<[string, Blueprint, string]>([
    ['a body', operation({ body: endless }), 'operations.completeTodo.body.note'],
    ['a query', operation({ query: [property({ ...text, min: 1e9 })] }), 'operations.completeTodo.note'],
    ['an answer', answered(endless), 'operations.completeTodo.answer.note'],
    [
      'a field',
      stored({ kind: 'array', nullable, min: 1e9, items: text }),
      `entities.${todo.entities[0]!.name}.fields.note`,
    ],
    [
      'what is sent to a service',
      calling({ body: endless, answer: null }),
      'services.bank.calls.pay.body.note',
    ],
    ['the answer of one', calling({ body: null, answer: endless }), 'services.bank.calls.pay.answer.note'],
  ])('is a fault with a sentence: %s', (_what, given, path) => {
    expect(demands(given)).toEqual([
      expect.objectContaining({
        severity: 'error',
        path,
        what: expect.stringMatching(/requires a value of more than 10,000 characters\.$/),
        fix: 'Lower the minimum, or remove it.',
      }),
    ])
  })

  it.each<Shape>([
    { ...text, min: 1, max: 10_000 },
    { kind: 'array', nullable, min: 3, items: { ...text, min: 100 } },
  ])('is none where it can be met: %j', (shape) => {
    expect(demands(operation({ body: shape }))).toEqual([])
  })
})
