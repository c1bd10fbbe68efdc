import { expect, test } from 'vitest'
import { completeTodo, todoWithComplete } from '../../codegen/testing/operations.ts'
import { toLlm } from './testing/to-llm.ts'
import { readFurtherExamples } from './read-further-examples.ts'

/** An example as the model writes it. */
const [sent] = toLlm(todoWithComplete).operations[0]!.examples
const answer = (...examples: { operation?: string; [name: string]: unknown }[]) => ({
  examples: examples.map(({ operation = 'completeTodo', ...over }) => ({
    operation,
    example: { ...sent, title: 'another one', ...over },
  })),
})
const titlesAfter = (value: unknown) =>
  readFurtherExamples({ value, blueprint: todoWithComplete }).operations[0]!.examples.map(
    ({ title }) => title,
  )
const before = completeTodo.examples.map(({ title }) => title)

test('an example that fits is added, and nothing else changes', () => {
  const read = readFurtherExamples({ value: answer({}), blueprint: todoWithComplete })
  expect(read.operations[0]!.examples.at(-1)).toEqual({ ...completeTodo.examples[0], title: 'another one' })
  expect({ ...read, operations: [] }).toEqual({ ...todoWithComplete, operations: [] })
})

test.each([
  ['an answer of another form', { examples: 'none' }],
  ['another operation', answer({ operation: 'deleteTodo' })],
  ['a title that is taken', answer({ title: before[0] })],
  ['a status that the operation does not declare', answer({ status: 418 })],
  ['a row of no entity', answer({ rows: [{ name: 'cat', entity: 'Cat', values: '{}' }] })],
  ['values that are not JSON', answer({ params: '{id}' })],
])('%s adds nothing', (_what, value) => {
  expect(titlesAfter(value)).toEqual(before)
})

test('of many, a few are added, each title once', () => {
  const titles = ['a', 'a', 'b', 'c', 'd', 'e', 'f']
  expect(titlesAfter(answer(...titles.map((title) => ({ title }))))).toEqual([...before, 'a', 'b', 'c', 'd'])
})
