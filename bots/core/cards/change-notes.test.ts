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
  [
    'cancelled',
    [tags],
    ['Not applied, because version 1 was cancelled: “add tags”. Retry applies it afterwards.'],
  ],
] as const)('a job that has %s says what became of its changes', (state, changes, notes) => {
  const error = { code: 'model_refused', message: '' }
  expect(changeNotes({ state, version: 1, error, ledger: undefined }, changes)).toEqual(notes)
})

it('says that Retry takes changes along, where there is one', () => {
  const error = { code: 'model_timeout', message: '' }
  expect(changeNotes({ state: 'failed', version: 1, error, ledger: undefined }, [tags])).toEqual([
    'Not applied, because version 1 failed: “add tags”. Retry applies it afterwards.',
  ])
})
