import { expect, test } from 'vitest'
import { makeGateRecorder } from './gate-recorder.ts'
import { failed } from './outcome.ts'

test('one file that fails a lot does not hide the others', () => {
  const of = (file: string, count: number) =>
    Array.from({ length: count }, (_, line) => ({ gate: 'tests', file, line, message: 'no' }))
  const recorder = makeGateRecorder()
  const others = Array.from({ length: 30 }, (_, at) => `tests/${at}.test.ts`)
  const all = [...of('tests/a.test.ts', 100), ...others.flatMap((file) => of(file, 2))]
  recorder.add('tests', failed('tests', 'many failed', all), 1)
  const { diagnostics } = recorder.report('none', 'not reached')
  expect(diagnostics.length).toBeLessThanOrEqual(60)
  expect([...new Set(diagnostics.map(({ file }) => file))]).toEqual(['tests/a.test.ts', ...others])
  expect(diagnostics.filter(({ file }) => file === 'tests/a.test.ts')).toHaveLength(30)
})
