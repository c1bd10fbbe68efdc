import { expect, test } from 'vitest'
import type { ProjectFile } from '../ports.ts'
import {
  checkoutHandler,
  completeTodoHandler,
  pageHandlers,
  pages,
  shopWithCheckout,
  showRoomHandler,
  todoWithComplete,
  todoWithConfig,
} from '../codegen/testing/operations.ts'
import { renderProject } from '../stages/render-project.ts'
import { rateHandlers, shopWithRates } from '../codegen/testing/services.ts'
import { defaultStack } from '../stacks/registry.ts'
import * as replay from './replay.ts'

const replayOf = (files: readonly ProjectFile[]) => replay.replayOf(files, defaultStack.replay)

test.each([
  ['a to-do list', todoWithComplete, { completeTodo: completeTodoHandler }],
  ['a shop with signing in', shopWithCheckout, { checkout: checkoutHandler }],
  ['pages', { ...todoWithComplete, operations: pages }, pageHandlers],
  ['configuration', todoWithConfig, { showRoom: showRoomHandler }],
  ['services', shopWithRates, rateHandlers],
])('every test of an operation is repeated from outside: %s', async (_what, blueprint, handlers) => {
  const files = await renderProject(blueprint, { handlers })
  const operations = files.map(({ path }) => path).filter((path) => path.startsWith('tests/operations/'))
  const replay = replayOf(files)!
  expect(operations.length).toBeGreaterThan(0)
  expect(replay.tests).toEqual(expect.arrayContaining(operations))
})

test('the words of an example do not keep its test from being repeated', async () => {
  const operations = todoWithComplete.operations.map((operation) => ({
    ...operation,
    examples: operation.examples.map((example) => ({
      ...example,
      title: `${example.title} as in notes.app, startOwnServer`,
    })),
  }))
  const handlers = { completeTodo: completeTodoHandler }
  const files = await renderProject({ ...todoWithComplete, operations }, { handlers })
  const path = 'tests/operations/complete-todo.test.ts'
  expect(files.find((file) => file.path === path)?.content).toContain('notes.app, startOwnServer')
  expect(replayOf(files)!.tests).toContain(path)
})

test('nothing of what a model wrote is in the copy, and another server stands behind its tests', async () => {
  const files = await renderProject(todoWithComplete, { handlers: { completeTodo: completeTodoHandler } })
  const replay = replayOf(files)!
  expect(replay.files.filter(({ origin }) => origin === 'model')).toEqual([])
  expect(replay.files.map(({ path }) => path)).not.toContain('src/operations/complete-todo.ts')
  const server = replay.files.find(({ path }) => path === defaultStack.replay.server)!
  expect(server.content).toBe(defaultStack.replay.remoteServer())
})

test('where a model wrote nothing, nothing is repeated', async () => {
  expect(replayOf(await renderProject(todoWithComplete))).toBeNull()
})

test('a test that needs the application itself stays in its process', async () => {
  const files = await renderProject(shopWithCheckout, { handlers: { checkout: checkoutHandler } })
  const { tests } = replayOf(files)!
  for (const path of ['tests/http.test.ts', 'tests/documentation.test.ts', 'tests/config.test.ts'])
    expect(tests).not.toContain(path)
})
