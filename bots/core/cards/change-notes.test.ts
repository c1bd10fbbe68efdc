import { expect, it } from 'vitest'
import { changeNotes } from './change-notes.ts'

const tags = { prompt: 'add tags' }
const dates = { prompt: 'add due dates\nto todos' }

it.each([
  ['completed', [], []],
  ['completed', [tags], ['Next: version 2, with your change.']],
  ['completed', [tags, dates], ['Next: version 2, with your 2 changes.']],
  [
    'failed',
    [tags, dates],
    [
      'Not applied, because version 1 failed: “add tags”, “add due dates to todos”. Send them again once a version is ready.',
    ],
  ],
  ['cancelled', [tags], ['Not applied, because version 1 was cancelled: “add tags”.']],
] as const)('a job that has %s says what became of its changes', (state, changes, notes) => {
  expect(changeNotes({ state, version: 1 }, changes)).toEqual(notes)
})
