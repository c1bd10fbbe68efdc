import { expect, it } from 'vitest'
import { listsWithExamples } from '../../../codegen/testing/examples.ts'
import { makeModel } from '../model.ts'
import { customTestsFile } from './operation-tests.ts'
import { taskTestsFile } from './tasks.ts'

const item = (due: string, doneAt: string) => ({ name: 'item', entity: 'Item', values: { due, doneAt } })
const rowsAfter = [{ change: 'changed' as const, row: 'item', values: { due: '$now+7d', doneAt: '$now' } }]

it('times of an example are counted from its request', () => {
  const [finishItem] = listsWithExamples.operations
  const timed = {
    ...finishItem!.examples[0]!,
    rows: [item('$now', '$now-90m')],
    expect: { status: 200, body: { due: '$now+7d', doneAt: '$now+2h' } },
    rowsAfter,
  }
  const operations = [{ ...finishItem!, examples: [timed] }]
  const model = makeModel({ ...listsWithExamples, operations }, new Set(['finishItem']))
  const tests = customTestsFile(model.customs[0]!, model)
  expect(tests).toContain(`{ "due": dayAfterNow({ days: 0 }), "doneAt": instantAfterNow({ minutes: -90 }) }`)
  expect(tests).toContain(`{ "due": afterNow({ days: 7 }), "doneAt": afterNow({ hours: 2 }) }`)
  expect(tests).toContain(`{ "due": afterNow({ days: 7 }), "doneAt": justNow }`)
})

it('times of a task are counted from its run', () => {
  const [schedule] = listsWithExamples.schedules
  const timed = {
    title: 'moves what is due',
    now: '2030-01-31T02:00:00Z',
    rows: [item('$now-1d', '$now-90m')],
    rowsAfter,
  }
  const model = makeModel(
    { ...listsWithExamples, schedules: [{ ...schedule!, examples: [timed] }] },
    new Set([schedule!.id]),
  )
  const tests = taskTestsFile(model.tasks[0]!, model)
  expect(tests).toContain(`"due": "2030-01-30", "doneAt": "2030-01-31T00:30:00.000Z"`)
  expect(tests).toContain(`"due": timeOf("2030-02-07T02:00:00.000Z")`)
})
