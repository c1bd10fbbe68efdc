import { expect, test } from 'vitest'
import type { JobNeeds } from '#contract'
import { jobId, planOf } from '#contract/testing/samples'
import { toPlanCard, type PlanEnd } from './plan-card.ts'

const questionOf = (text: string): JobNeeds['questions'][number] => ({
  id: 'receipts',
  text,
  choices: [
    { id: 'smtp', label: 'An SMTP server', assumed: true },
    { id: 'none', label: 'None for now', assumed: false },
  ],
  freeText: true,
})
const cardOf = (text: string) => {
  const names = ['Product', 'Order', 'Customer', 'Review', 'OrderLine']
  const entities = names.map((name) => ({ name, fields: [], relations: [] }))
  const plan = planOf({
    title: 'Bike shop',
    entities,
    routes: [
      { resource: 'Shop', routes: [...Array(31)].map(() => ({ method: 'GET', path: '/', summary: null })) },
    ],
    rules: ['Customers sign in.', 'Only admins delete.'],
    assumptions: ['One.', 'Two.', 'Three.', 'Four.'],
    notUnderstood: ['make it pop'],
  })
  const asks = { requester: 'U1', picture: null, end: null }
  return toPlanCard({ jobId }, { plan, questions: [questionOf(text)] }, asks)
}

test('a question is asked however long it is', () => {
  expect(cardOf('Why? '.repeat(100)).lines[0]?.text).toBe('One question')
})

test('a question has its place before the reason why it is asked', () => {
  const { lines, answers } = cardOf('Which service sends the receipts?')
  expect(lines.slice(0, 2).map(({ text }) => text)).toEqual([
    'One question',
    expect.stringContaining('Which service sends the receipts?'),
  ])
  expect(answers).toHaveLength(1)
})

const textsOf = (version: number, end: PlanEnd | null) => {
  const plan = planOf({ version, reasons: ['You changed the plan.'] })
  const { says, lines } = toPlanCard(
    { jobId },
    { plan, questions: [] },
    { requester: 'U1', picture: null, end },
  )
  return [says, ...lines.map(({ text }) => text)]
}

test('a later plan does not repeat what the message above says', () => {
  expect(textsOf(1, null)).toContain('You changed the plan.')
  expect(textsOf(2, null)).not.toContain('You changed the plan.')
})

test('no further plan is announced when the job ended before there was one', () => {
  const end = { kind: 'change', by: null, words: 'Add tags' } as const
  expect(textsOf(1, { ...end, isLast: false })).toEqual([
    'was changed',
    '“Add tags”',
    'Plan 2 follows below.',
  ])
  expect(textsOf(1, { ...end, isLast: true })).toEqual(['was changed', '“Add tags”'])
})
