import { expect, test } from 'vitest'
import { aCompletedView, aView } from '../../testing/views.ts'
import { threadName } from './parent-message.ts'

test('a thread keeps its name after its job has ended, so that it can be found again', () => {
  const prompt = 'a shop for used bicycles'
  expect(aCompletedView({ prompt }).report?.title).not.toBe(prompt)
  expect(threadName(aCompletedView({ prompt }))).toBe(threadName(aView({ prompt })))
})
