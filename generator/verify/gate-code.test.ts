import { describe, expect, test } from 'vitest'
import { renderProject } from '../stages/render-project.ts'
import { completeTodoHandler, shopWithCheckout, todoWithComplete } from '../codegen/testing/operations.ts'
import { gateCode } from './gate-code.ts'
import { goodProject, withFile } from './testing/fixture-project.ts'

describe('the code gate', () => {
  test.each([
    ['with a handler that a model wrote', todoWithComplete, { completeTodo: completeTodoHandler }],
    ['with accounts, owners and stubs', shopWithCheckout, {}],
  ])('passes a project %s', async (_what, blueprint, handlers) => {
    const files = await renderProject(blueprint, { handlers })
    expect(gateCode(files)).toMatchObject({ status: 'passed', diagnostics: [] })
  })

  test.each<[string, string, string, RegExp]>([
    ['reads the environment', 'src/operations/a.ts', 'export const a = process.env', /^process reaches out/],
    [
      'starts a program',
      'src/operations/a.ts',
      "import 'node:child_process'",
      /imports "node:child_process"/,
    ],
    ['opens files', 'src/operations/a.ts', "import { open } from 'node:fs'\nvoid open", /imports "node:fs"/],
    ['takes a package', 'src/operations/a.ts', "import pad from 'left-pad'\nvoid pad", /imports "left-pad"/],
    ['leaves src', 'src/operations/a.ts', "import '../../package.json'", /imports "\.\.\/\.\.\/package/],
    ['takes what is not there', 'src/operations/a.ts', "import './none.ts'", /imports "\.\/none\.ts"/],
    ['does not parse', 'src/operations/a.ts', 'export const', /does not parse/],
    ['is a test', 'tests/a.test.ts', "import { it } from 'node:test'", /no place for what a model wrote/],
    ['starts the service', 'src/index.js', 'export const a = 1', /no place for what a model wrote/],
  ])('fails a file of a model that %s', (_what, path, content, message) => {
    const verdict = gateCode(withFile(path, content, 'model'))
    expect(verdict.status).toBe('failed')
    expect(verdict.diagnostics[0]).toMatchObject({
      gate: 'code',
      file: path,
      message: expect.stringMatching(message),
    })
  })

  test('fails a file of a model that takes another one', () => {
    const files = [
      ...withFile('src/operations/a.ts', "import { b } from './b.ts'\nexport const a = b", 'model'),
      { path: 'src/operations/b.ts', content: 'export const b = 1', origin: 'model' as const },
    ]
    expect(gateCode(files).diagnostics).toMatchObject([{ file: 'src/operations/a.ts', line: 1 }])
  })

  test('lets a file of a model take what the project was rendered with', () => {
    const content = "import type { App } from '../app.ts'\nexport const run = (app: App): App => app"
    expect(gateCode(withFile('src/operations/a.ts', content, 'model')).status).toBe('passed')
  })

  test('fails a test that asserts nothing, no matter who wrote it', () => {
    const idle =
      "import { test } from 'node:test'\n\ntest('runs', async () => {\n  await import('../src/app.ts')\n})\n"
    expect(gateCode(withFile('tests/notes.test.ts', idle)).diagnostics).toEqual([
      {
        gate: 'code',
        file: 'tests/notes.test.ts',
        line: 3,
        message: 'the test "runs" asserts nothing, so it cannot fail',
      },
    ])
    expect(gateCode(goodProject()).status).toBe('passed')
  })
})
