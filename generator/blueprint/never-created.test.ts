import { expect, it } from 'vitest'
import type { Blueprint, CustomOperation, Entity } from '#contract'
import { blueprint, entity } from '../codegen/testing/blueprints.ts'
import { completeTodo } from '../codegen/testing/operations.ts'
import { describeNeverCreated, neverCreated } from './never-created.ts'

const readOnly = (name: string, more: Partial<Entity> = {}) =>
  entity(name, { operations: ['list', 'read'], ...more })
const names = (given: Blueprint) => neverCreated(given).map(({ name }) => name)
const shopOf = (more: Partial<Blueprint> = {}) =>
  blueprint('shop', [entity('Customer'), readOnly('OrderItem')], more)
const operation = (more: Partial<CustomOperation>): CustomOperation => ({
  ...completeTodo,
  entity: undefined,
  summary: 'Do it',
  rules: ['Does it.'],
  examples: [],
  responses: { success: { kind: 'none', status: 204 }, errors: [] },
  ...more,
})
const bound = (action: 'create' | 'update', name = 'OrderItem') =>
  operation({
    implementation: {
      kind: 'crud',
      entity: name,
      action,
      row: null,
      scope: [],
      bodyAt: [],
      query: [],
      answer: [],
    },
  })

it('names what no route, seed, operation or task creates', () => {
  expect(names(shopOf())).toEqual(['OrderItem'])
  expect(describeNeverCreated(shopOf())).toEqual([
    'Nothing creates rows of OrderItem: no route, seed, operation or task adds any, so /orderitems stays empty. Ask for a way to add them, or for rows to start with.',
  ])
  const unrelated = [
    operation({ entity: 'Customer' }),
    operation({ method: 'GET', entity: 'OrderItem' }),
    operation({ rules: ['Orders every item again.'] }),
    bound('update'),
    bound('create', 'Customer'),
  ]
  for (const one of unrelated) expect(names(shopOf({ operations: [one] }))).toEqual(['OrderItem'])
})

it.each<[string, Partial<Blueprint>]>([
  ['a seed', { seeds: [{ name: 'one', entity: 'OrderItem', values: {}, links: [] }] }],
  ['an operation of its own', { operations: [operation({ entity: 'OrderItem' })] }],
  ['an operation that speaks of it', { operations: [operation({ rules: ['Adds an order item.'] })] }],
  [
    'an operation that answers it',
    {
      operations: [
        operation({
          responses: {
            success: {
              kind: 'json',
              status: 201,
              shape: { kind: 'entity', entity: 'OrderItem', nullable: false },
            },
            errors: [],
          },
        }),
      ],
    },
  ],
  ['a route of a document', { operations: [bound('create')] }],
  [
    'a task',
    {
      schedules: [
        {
          id: 'restock',
          description: 'Restock',
          rules: ['Adds one OrderItem for each customer.'],
          when: { kind: 'daily', at: '02:00' },
        },
      ],
    },
  ],
])('finds nothing missing where there is %s', (_what, more) => {
  expect(names(shopOf(more))).toEqual([])
})

it('leaves accounts to registration', () => {
  const auth = { kind: 'jwt' as const, account: 'Customer' }
  const given = blueprint('shop', [readOnly('Customer')], { auth })
  expect(names(given)).toEqual([])
})
