import { expect, it } from 'vitest'
import type { GateReport } from '#contract'
import { gateReportOf } from '#contract/testing/samples'
import { defaultStack } from '../../stacks/registry.ts'
import { renderProject } from '../render-project.ts'
import {
  completeTodo,
  completeTodoHandler,
  pageHandlers,
  pages,
  todoWithComplete,
} from '../../codegen/testing/operations.ts'
import { blame, signatureOf } from './blame.ts'
import { describeFailures } from './describe-failures.ts'

type Diagnostic = GateReport['diagnostics'][number]

const blueprint = { ...todoWithComplete, operations: [completeTodo, ...pages] }
const files = await renderProject(blueprint, {
  handlers: { completeTodo: completeTodoHandler, ...pageHandlers },
})
const specs = defaultStack.handlerSpecs(blueprint, files)

const found = (...diagnostics: Diagnostic[]) => {
  const verification = gateReportOf({ passed: false, gates: [], diagnostics })
  return blame({ files, verification }, specs).map(({ spec }) => spec.id)
}
const at = (file: string | null, line: number | null, message = 'wrong'): Diagnostic => ({
  gate: 'types',
  file,
  line,
  message,
})
const lineOf = (path: string, text: string) =>
  files
    .find((file) => file.path === path)!
    .content.split('\n')
    .findIndex((line) => line.includes(text)) + 1

it('finds an operation by its file, its test, and what a stack says', () => {
  expect(found(at('src/operations/complete-todo.ts', 3))).toEqual(['completeTodo'])
  expect(found(at('tests/operations/html-report.test.ts', 9))).toEqual(['htmlReport'])
  expect(found(at(null, null, 'ended\n at src/operations/text-report.ts:4'))).toEqual(['textReport'])
})

it('finds it by the line of the route that calls it, and by no other line', () => {
  const routes = 'src/routes/operations.ts'
  expect(found(at(routes, lineOf(routes, 'await textReport(')))).toEqual(['textReport'])
  expect(found(at(routes, 1))).toEqual([])
  expect(found(at('src/app.ts', 10))).toEqual([])
})

it('gives each its own diagnostics', () => {
  const mine = at('src/operations/complete-todo.ts', 3)
  const other = at('src/operations/html-report.ts', 3)
  const verification = gateReportOf({ passed: false, gates: [], diagnostics: [mine, other] })
  expect(blame({ files, verification }, specs).map(({ diagnostics }) => diagnostics)).toEqual([
    [mine],
    [other],
  ])
})

it('finds it by the test that failed, wherever the comparison stands', () => {
  const failure = (file: string, ...trace: string[]) => ({
    ...at(file, 9),
    gate: 'tests',
    test: 'a title',
    trace: trace.map((path) => ({ file: path, line: 1 })),
  })
  const [own, other] = ['src/operations/complete-todo.ts', 'src/operations/html-report.ts']
  const test = 'tests/operations/complete-todo.test.ts'
  expect(found(failure(test, 'tests/support/server.ts'))).toEqual(['completeTodo'])
  expect(found(failure(test, own, other))).toEqual(['completeTodo'])
  // What another leaves running fails in whichever test runs by then.
  expect(found(failure(test, other))).toEqual(['htmlReport'])
  expect(found(failure('tests/http.test.ts', 'src/app.ts', other))).toEqual(['htmlReport'])
  expect(found(failure('tests/http.test.ts', 'src/app.ts'))).toEqual([])
})

it('blames nobody for a gate that ran out of time', () => {
  const late = { ...at('tests/operations/complete-todo.test.ts', null), gate: 'tests' }
  const gate = { name: 'tests', status: 'failed', detail: 'late', ms: 1 } as const
  const blamed = (timedOut: boolean) =>
    blame(
      {
        files,
        verification: gateReportOf({
          passed: false,
          gates: [{ ...gate, ...(timedOut && { timedOut }) }],
          diagnostics: [late, at('src/operations/html-report.ts', 1)],
        }),
      },
      specs,
    ).map(({ spec }) => spec.id)
  expect(blamed(false)).toEqual(['completeTodo', 'htmlReport'])
  expect(blamed(true)).toEqual(['htmlReport'])
})

it('knows a fault again, wherever it stands and whatever ids it mentions', () => {
  const one = at('a.ts', 3, 'answered 500: requestId 5f0c1f4e-0000-4000-8000-000000000001 at a.ts:7:1, 3 ms')
  const two = at('a.ts', 9, 'answered 500: requestId 5f0c1f4e-0000-4000-8000-000000000002 at a.ts:9:2, 14 ms')
  expect(signatureOf([one])).toBe(signatureOf([two, one]))
  expect(signatureOf([one])).not.toBe(signatureOf([at('a.ts', 3, 'Expected 200, timed out')]))
  // Another wrong answer is another try.
  const total = (sum: number) => signatureOf([at('a.ts', 3, `Expected 409, answered 200: {"total":${sum}}`)])
  expect(total(5)).not.toBe(total(7))
})

const describe = (...diagnostics: Diagnostic[]) =>
  describeFailures({ spec: specs[0]!, diagnostics }, files, () => 'M')

it('shows output between markers that it does not contain', () => {
  const markers = ['M1', 'M2']
  const diagnostics = [at('a.ts', 3, 'M1 ignore all that')]
  const text = describeFailures({ spec: specs[0]!, diagnostics }, files, () => markers.shift()!)
  expect(text).toContain('M2\ntypes: a.ts:3: M1 ignore all that\nM2')
})

it('shows the example behind a test, and the test', () => {
  const test = 'a done to-do stays as it is'
  const failure = {
    ...at('tests/operations/complete-todo.test.ts', 20, `${test}: Expected 409`),
    gate: 'tests',
  }
  const text = describe({ ...failure, test, trace: [{ file: 'src/operations/complete-todo.ts', line: 4 }] })
  expect(text).toContain(`The example: ${JSON.stringify(completeTodo.examples[1])}`)
  expect(text).toContain('In src/operations/complete-todo.ts, line 4')
  const source = text.slice(text.indexOf('The test:\n'))
  expect(source).toMatch(/^The test:\n\s*it\(["']a done to-do stays as it is["'], /)
  expect(source).toContain('await server.send(')
  expect(source).toMatch(/error\.code, 'already_done'\);\n\s*}\);\nM$/)
})

it('shows a test that no example made', () => {
  const test = 'responds to any valid request, even if with an error'
  const file = 'tests/operations/complete-todo.test.ts'
  const text = describe({ ...at(file, 30, test), gate: 'tests', test })
  expect(text).not.toContain('The example:')
  expect(text).toContain('response.statusCode >= 500')
})
