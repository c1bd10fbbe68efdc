import { describe, expect, it } from 'vitest'
import type { CustomOperation } from '#contract'
import { signInHandlers, notesWithSignIn } from '../../../codegen/testing/accounts.ts'
import { listsWithExamples } from '../../../codegen/testing/examples.ts'
import { priceIn, shopWithRates } from '../../../codegen/testing/services.ts'
import { makeModel } from '../model.ts'
import { failingTables, isRunAtOnce, unknownRowExample } from './derived-examples.ts'

const lists = (change: (finishItem: CustomOperation) => CustomOperation = (one) => one) => {
  const operations = listsWithExamples.operations.map((one) => (one.id === 'finishItem' ? change(one) : one))
  return makeModel({ ...listsWithExamples, operations }, new Set(['finishItem', 'renameProfile']))
}
const rates = (examples: CustomOperation['examples']) =>
  makeModel({ ...shopWithRates, operations: [{ ...priceIn, examples }] }, new Set(['getPrice']))

describe('from an example that goes well follows', () => {
  it('that its request is 404 for what does not exist', () => {
    const [finishItem, renameProfile] = lists().customs
    expect(unknownRowExample(finishItem!)).toMatchObject({
      request: { params: { id: '00000000-0000-4000-8000-000000000000' } },
      expect: { status: 404, code: 'not_found' },
    })
    expect(unknownRowExample(renameProfile!)).toBeNull()
  })

  it('nothing of the kind where an example says so already, or no error is not_found', () => {
    const unknown = lists().customs.map(unknownRowExample)[0]!
    const stated = lists((one) => ({ ...one, examples: [...one.examples, unknown] }))
    const undeclared = lists((one) => ({ ...one, responses: { ...one.responses, errors: [] } }))
    for (const { customs } of [stated, undeclared]) expect(unknownRowExample(customs[0]!)).toBeNull()
  })

  it('that a failing write leaves nothing, where several tables change', () => {
    const model = lists()
    expect(model.customs.map((one) => failingTables(one, model))).toEqual([['items', 'entries'], []])
  })

  it('that two requests at once are as two in turn, where an operation waits', () => {
    const [waiting] = notesWithSignIn.operations
    const example = {
      ...waiting!.examples[0]!,
      rowsAfter: [{ change: 'created' as const, entity: 'Member', values: {} }],
    }
    const operations = [{ ...waiting!, examples: [example] }]
    const model = makeModel({ ...notesWithSignIn, operations }, new Set(Object.keys(signInHandlers)))
    expect(model.customs.map(isRunAtOnce)).toEqual([true])
    expect(lists().customs.map(isRunAtOnce)).toEqual([false, false])
  })

  it('nothing about rows where a service is called and none change', () => {
    const model = rates(priceIn.examples)
    expect(model.customs.map((one) => [failingTables(one, model), isRunAtOnce(one)])).toEqual([[[], false]])
  })
})
