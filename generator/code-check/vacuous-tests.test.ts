import { expect, it } from 'vitest'
import { vacuousTests } from './vacuous-tests.ts'
import { readSource } from './source.ts'

const idle = (text: string) => {
  const source = readSource(text)
  if ('message' in source) throw new Error(source.message)
  return vacuousTests(source)
}

it.each([
  "it('a', () => { assert.equal(response.statusCode, 200) })",
  "it('a', async () => { server.expectStatus(await server.send('GET', '/'), 200) })",
  "test('a', { timeout: 5 }, async () => { if (x > 1) assert(x) })",
  "it('a', function () { assert.rejects(() => run()) })",
  "it('a', () => { expectSorted(rows) })",
  "describe('a', () => { run() })",
  "it.todo('a')",
])('a test that can fail: %s', (text) => {
  expect(idle(text)).toEqual([])
})

it.each([
  "it('a', () => {})",
  "it('a', async () => { await server.send('GET', '/') })",
  "test('a', () => { assert.equal(1, 1); assert.ok(true) })",
  "it('a', { timeout: 5_000 }, () => { console.log('assert') })",
  "it('a', () => { assertion })",
  "import { test as spec } from 'node:test'; spec('a', () => {})",
])('a test that asserts nothing: %s', (text) => {
  expect(idle(`\n${text}`)).toEqual([{ line: 2, message: 'the test "a" asserts nothing, so it cannot fail' }])
})

it('each of several', () => {
  const text = "describe('x', () => {\nit('a', () => { assert.ok(x) })\nit('b', () => { x() })\n})"
  expect(idle(text)).toMatchObject([{ line: 3 }])
})
