import { expect, test } from 'vitest'
import type { Blueprint } from '#contract'
import { todo } from '../codegen/testing/blueprints.ts'
import { designFromDocument } from './import/design-from-document.ts'
import { importSql } from './import/sql/import-sql.ts'
import { lintOrThrow } from './lint-or-throw.ts'

const spec = 'CREATE TABLE items (id INTEGER PRIMARY KEY, title TEXT NOT NULL);'

test.each([
  [true, 'Change this in the attached document and send it again.'],
  [false, 'Say it in the prompt in other words and try again.'],
])('a fault of the design says where to correct it (from a document: %s)', (fromDocument, hint) => {
  const { blueprint } = importSql(spec, {})
  blueprint.entities[0]!.key!.name = 'valueOf'
  const lint = () => lintOrThrow({ designed: blueprint, before: null, fromDocument })
  expect(lint).toThrow(expect.objectContaining({ code: 'design_invalid', hint }))
  expect(lint).toThrow(/valueOf/)
})

test('a design that violates the contract is rejected before anything is built', async () => {
  const { blueprint } = await designFromDocument({
    prompt: '',
    spec: 'CREATE TABLE items (id INTEGER PRIMARY KEY, title TEXT NOT NULL);',
    options: {},
  })
  const designed: Blueprint = structuredClone(blueprint)
  designed.entities[0]!.fields[0]!.type = { kind: 'string', maxLength: 1e9 }
  expect(() => lintOrThrow({ designed, before: null, fromDocument: true })).toThrow(
    expect.objectContaining({
      code: 'design_invalid',
      message: expect.stringMatching(/^The design .*entities\.0\.fields\.0\.type\.maxLength.*100000/),
    }),
  )
})

test('what was fixed is said', () => {
  const { entities: _none, ...rest } = todo
  const [entity] = todo.entities
  const fields = [...entity!.fields, { ...entity!.fields[0]!, name: 'apiToken', label: 'Token' }]
  const designed = { ...rest, entities: [{ ...entity!, fields }] }
  const { blueprint, fixed } = lintOrThrow({ designed, before: null, fromDocument: false })
  expect(blueprint).toEqual(todo)
  expect(fixed).toEqual([
    'apiToken of Todo looks like a secret. It is not stored, and no route reads or writes it.',
  ])
})
