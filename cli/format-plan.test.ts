import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { JobNeeds } from '#contract'
import { planOf } from '#contract/testing/samples'
import { planText, readDecision } from './format-plan.ts'

const needs: JobNeeds = {
  plan: planOf({
    version: 2,
    entities: [
      {
        name: 'Order',
        fields: [{ name: 'note', type: 'text', required: false, unique: false }],
        relations: [
          { name: 'customerId', target: 'Customer', kind: 'one', required: true },
          { name: 'tags', target: 'Tag', kind: 'many', required: false },
        ],
      },
    ],
    routes: [
      {
        resource: 'Order',
        routes: [
          { method: 'GET', path: '/orders', summary: null },
          { method: 'POST', path: '/orders', summary: null },
          { method: 'POST', path: '/orders/:id/pay', summary: 'Pay' },
        ],
      },
    ],
    assumptions: ['Payment is\u001b[31m by invoice.'],
  }),
  questions: [
    {
      id: 'sign-in',
      text: 'Who may use it?',
      choices: [
        { id: 'none', label: 'Everyone', assumed: true },
        { id: 'jwt', label: 'People with an account', assumed: false },
      ],
      freeText: false,
    },
  ],
}

describe('a plan in the terminal', () => {
  it('shows everything that is to be decided', () => {
    const text = planText(needs)
    expect(text).not.toContain('\u001b[31m by')
    const plain = stripVTControlCharacters(text)
    for (const line of [
      'Plan 2: Todo API',
      '  Order: note?, → Customer, → many Tag',
      '  Order: GET, POST /orders; POST /orders/:id/pay',
      '  1. Who may use it?',
      '     a) Everyone (assumed)',
      '     b) People with an account',
      'Estimate: no cost, 5 to 20 s.',
    ])
      expect(plain).toContain(line)
  })

  it.each([
    ['approve', { decision: 'approve', version: 2 }],
    [' Y ', { decision: 'approve', version: 2 }],
    ['cancel', 'cancel'],
    ['', null],
    ['1b', { decision: 'change', version: 2, answers: [{ question: 'sign-in', choice: 'jwt' }] }],
    ['Orders have a date', { decision: 'change', version: 2, words: 'Orders have a date' }],
  ])('reads %j', (line, decision) => {
    expect(readDecision(line, needs)).toEqual(decision)
  })

  it.each(['2a', '1c'])('says that there is no answer %s', (line) => {
    expect(() => readDecision(line, needs)).toThrow(`There is no answer ${line}.`)
  })
})
