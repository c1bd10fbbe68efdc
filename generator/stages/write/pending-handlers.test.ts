import { expect, it } from 'vitest'
import { countWritten } from './pending-handlers.ts'

it.each([
  [2, ['operation', 'operation', 'operation'], '2 of 3 operations'],
  [1, ['operation'], '1 of 1 operation'],
  [2, ['task', 'task'], '2 of 2 tasks'],
  [9, [...Array.from({ length: 8 }, () => 'operation' as const), 'task'], '9 of 9 operations and tasks'],
] as const)('counts the written among all that are to be written: %i', (written, kinds, words) => {
  expect(
    countWritten(
      written,
      kinds.map((kind) => ({ kind })),
    ),
  ).toBe(words)
})
