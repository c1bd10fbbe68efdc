import { describe, expect, it } from 'vitest'
import type { CustomOperation } from '#contract'
import { signInHandlers, notesWithSignIn } from '../../../codegen/testing/accounts.ts'
import { listsWithExamples } from '../../../codegen/testing/examples.ts'
import { priceIn, shopWithRates } from '../../../codegen/testing/services.ts'
import { makeModel } from '../model.ts'
import {
  failingTables,
  isRunAtOnce,
  newPasswordExample,
  otherAccountExample,
  ownValueExample,
  unknownRowExample,
} from './derived-examples.ts'

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

  it('that a row may have the text that it has, where another row with it is refused', () => {
    const taken = { status: 409, code: 'title_taken', when: 'Another item has this title.' }
    const renaming = (change: (one: CustomOperation) => CustomOperation = (one) => one) =>
      lists((one) =>
        change({
          ...one,
          method: 'PUT',
          responses: { ...one.responses, errors: [taken] },
          examples: [
            {
              title: 'is renamed',
              rows: [{ name: 'item', entity: 'Item', values: { title: 'Milk' } }],
              request: { params: { id: '$item.id' }, query: {}, body: { title: ' Bread' } },
              expect: { status: 200 },
              rowsAfter: [{ change: 'changed', row: 'item', values: { title: 'Bread' } }],
            },
          ],
        }),
      ).customs.map(ownValueExample)[0]
    expect(renaming()).toMatchObject({ example: { title: 'is renamed' }, status: 409 })
    const other = { status: 409, code: 'already_done', when: 'It is finished.' }
    expect(
      renaming((one) => ({ ...one, responses: { ...one.responses, errors: [taken, other] } })),
    ).toBeNull()
    expect(renaming((one) => ({ ...one, responses: { ...one.responses, errors: [other] } }))).toBeNull()
    expect(renaming((one) => ({ ...one, method: 'POST' }))).toBeNull()
  })

  it('that a new password signs in, where there is a route to sign in at', () => {
    const text = { kind: 'string' as const, nullable: false }
    const change = (name: string): CustomOperation => ({
      ...listsWithExamples.operations[0]!,
      id: 'finishItem',
      method: 'PUT',
      path: '/password',
      params: [],
      body: {
        kind: 'object',
        nullable: false,
        properties: ['password', name].map((one) => ({ name: one, shape: text, required: true })),
      },
      examples: [
        {
          title: 'is changed',
          rows: [],
          request: { params: {}, query: {}, body: { password: 'old', [name]: 'a longer secret' } },
          expect: { status: 200 },
        },
      ],
    })
    const found = (name: string) => {
      const model = lists(() => change(name))
      return newPasswordExample(model.customs[0]!, model)
    }
    expect(found('newPassword')).toMatchObject({ example: { title: 'is changed' }, property: 'newPassword' })
    expect(found('new_password')).toMatchObject({ property: 'new_password' })
    expect(found('passwordHint')).toBeNull()
  })

  it('that a row of another account is refused, which only its owner reads', () => {
    const model = lists()
    const [finishItem, renameProfile] = model.customs
    const found = otherAccountExample(finishItem!, model)
    expect(found?.statuses).toEqual([404])
    expect(found?.example.rows.slice(0, 2)).toMatchObject([
      { name: 'stranger', entity: 'User' },
      { entity: 'Item', values: { userId: '$stranger.id' } },
    ])
    expect(found?.example).not.toHaveProperty('rowsAfter')
    const owned = lists((one) => ({
      ...one,
      examples: one.examples.map((example) => ({
        ...example,
        rows: example.rows.map((row) =>
          row.entity === 'Item' ? { ...row, values: { ...row.values, userId: '$me.id' } } : row,
        ),
      })),
    }))
    expect(otherAccountExample(owned.customs[0]!, owned)?.example.rows[1]?.values['userId']).toBe(
      '$stranger.id',
    )
    // Everybody reads profiles.
    expect(otherAccountExample(renameProfile!, model)).toBeNull()
  })

  it.each<[string, (one: CustomOperation) => CustomOperation]>([
    ['no refusal says so', (one) => ({ ...one, responses: { ...one.responses, errors: [] } })],
    ['anybody asks', (one) => ({ ...one, access: 'public' })],
    [
      'something else than ownership may decide',
      (one) => ({
        ...one,
        examples: one.examples.map((example) => ({
          ...example,
          rows: example.rows.map((row) => ({ ...row, values: { ...row.values, title: '$me.email' } })),
        })),
      }),
    ],
    [
      'the row of the example belongs to another account',
      (one) => ({
        ...one,
        examples: one.examples.map((example) => ({
          ...example,
          rows: [
            { name: 'seller', entity: 'User', values: {} },
            ...example.rows.map((row) =>
              row.entity === 'Item' ? { ...row, values: { ...row.values, userId: '$seller.id' } } : row,
            ),
          ],
        })),
      }),
    ],
    [
      'an example says so already',
      (one) => ({
        ...one,
        examples: [
          ...one.examples,
          {
            title: 'is not found',
            rows: [
              { name: 'other', entity: 'User', values: {} },
              { name: 'item', entity: 'Item', values: { userId: '$other.id' } },
            ],
            request: { params: { id: '$item.id' }, query: {} },
            expect: { status: 404 },
          },
        ],
      }),
    ],
  ])('nothing about other accounts where %s', (_why, change) => {
    const model = lists(change)
    expect(otherAccountExample(model.customs[0]!, model)).toBeNull()
  })

  it('what belongs to another account through the row above', () => {
    const operation: CustomOperation = {
      ...listsWithExamples.operations[0]!,
      id: 'finishItem',
      entity: 'Entry',
      path: '/entries/:id/undo',
      examples: [
        {
          title: 'is undone',
          rows: [
            { name: 'item', entity: 'Item', values: { title: 'Milk' } },
            { name: 'entry', entity: 'Entry', values: { itemId: '$item.id', action: 'finish' } },
          ],
          request: { params: { id: '$entry.id' }, query: {} },
          expect: { status: 200 },
        },
      ],
    }
    const model = lists(() => operation)
    expect(otherAccountExample(model.customs[0]!, model)?.example.rows).toEqual([
      { name: 'other', entity: 'User', values: {} },
      { name: 'item', entity: 'Item', values: { title: 'Milk', userId: '$other.id' } },
      { name: 'entry', entity: 'Entry', values: { itemId: '$item.id', action: 'finish' } },
    ])
  })
})
