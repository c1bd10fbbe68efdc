import { expect, test } from 'vitest'
import { aCompletedView, aView } from '../../testing/views.ts'
import { threadName } from './parent-message.ts'

test('a thread keeps its name after its job has ended, so that it can be found again', () => {
  const prompt = 'a shop for used bicycles'
  expect(aCompletedView({ prompt }).report?.title).not.toBe(prompt)
  expect(threadName(aCompletedView({ prompt }))).toBe(threadName(aView({ prompt })))
})

test.each([
  ['**A shop** for `used` _bicycles_', 'A shop for used bicycles'],
  ['# Requirements', 'Requirements'],
  ['A shop for used bikes: products with a price, orders and customers', 'A shop for used bikes'],
  ['Track invoices. Remind people by email.', 'Track invoices'],
  ['- a [shop](https://example.com/a_b) for *all* boxes', 'a shop for all boxes'],
  ['snake_case and other_names stay', 'snake_case and other_names stay'],
])('the thread of %j is named %j', (prompt, name) => {
  expect(threadName(aView({ prompt }))).toBe(name)
})
