import { expect, it } from 'vitest'
import { intentOf } from './intent.ts'

it.each([
  'a todo app',
  'list of books api',
  'which books are overdue report',
  'how-to guides with authors and steps',
  'what we eat: a meal planner',
  'can you add comments?',
  'Hey, could you please build a blog?',
  'would you make titles unique?',
  'I want a shop. Can customers return items?',
  'we need a CRM',
  'add tags',
  'books have a publisher',
  'a quiz app. How many questions? Ten.',
  `A shop with products and orders. ${'Each order has lines. '.repeat(20)}What else?`,
])('builds at once: %j', (text) => {
  expect(intentOf(text)).toBe('build')
})

it.each([
  'how long will this take?',
  'What database does it use?',
  'why did the tests fail',
  'is this ready for production?',
  'does it have pagination?',
  'how do I run it',
  'can you explain the ownership rules?',
  'what’s the base path?',
  'I think the names are odd',
  'hmm, not what I expected',
  'maybe later',
  'any news?',
])('asks first: %j', (text) => {
  expect(intentOf(text)).toBe('unsure')
})
