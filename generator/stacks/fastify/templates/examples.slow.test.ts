import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { lintBlueprint } from '../../../blueprint/lint-blueprint.ts'
import { listHandlers, listsWithExamples } from '../../../codegen/testing/examples.ts'
import { renderProject } from '../../../stages/render-project.ts'
import { kitDirectory } from '../kit.ts'

/** The tests that examples become: they pass with the right code, and fail where it forgets something. */

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

type Handlers = typeof listHandlers

const folder = mkdtempSync(join(tmpdir(), 'examples-'))
afterAll(() => rmSync(folder, { recursive: true }))
const paths: Record<keyof Handlers, { code: string; test: string }> = {
  finishItem: { code: 'src/operations/finish-item.ts', test: 'tests/operations/finish-item.test.ts' },
  renameProfile: {
    code: 'src/operations/rename-profile.ts',
    test: 'tests/operations/rename-profile.test.ts',
  },
  purgeItems: { code: 'src/scheduled/purge-items.ts', test: 'tests/scheduled/purge-items.test.ts' },
}

beforeAll(async () => {
  for (const { path, content } of await renderProject(listsWithExamples, { handlers: listHandlers })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  symlinkSync(join(kitDirectory, 'node_modules'), join(folder, 'node_modules'), 'junction')
})

const run = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' })
  return { passed: status === 0, output: stdout + stderr }
}
const testsOf = (name: keyof Handlers) => run('--test', '--test-isolation=none', paths[name].test)

/** The tests of a handler in which one part is another. */
function testsWith(name: keyof Handlers, from: string | RegExp, to: string) {
  const file = join(folder, paths[name].code)
  const changed = listHandlers[name].replace(from, to)
  expect(changed).not.toBe(listHandlers[name])
  writeFileSync(file, changed)
  try {
    return testsOf(name)
  } finally {
    writeFileSync(file, listHandlers[name])
  }
}

it('the examples are valid', () => {
  expect(lintBlueprint(listsWithExamples)).toEqual({ blueprint: listsWithExamples, diagnostics: [] })
})

it('a project with them type-checks', () => {
  expect(run('node_modules/typescript/bin/tsc', '--singleThreaded').output).toBe('')
})

it.each(Object.keys(paths) as (keyof Handlers)[])('the tests of %s pass with the right code', (name) => {
  expect(testsOf(name)).toMatchObject({ passed: true })
})

describe('a test notices', () => {
  it.each<[string, keyof Handlers, string | RegExp, string]>([
    ['that a write is missing', 'renameProfile', /repositories\.profiles\.update\(.*\);/, ''],
    ['that an entry is missing', 'finishItem', /repositories\.entries\.insert\(.*\);/, ''],
    ['that an entry is written twice', 'finishItem', /(repositories\.entries\.insert\(.*\);)/, '$1 $1'],
    [
      'that only the answer is changed',
      'finishItem',
      /return repositories\.items\.update\(item\.id, (.*)\) \?\? item/,
      'return { ...item, ...$1 }',
    ],
    [
      'that another row is changed',
      'finishItem',
      'const at =',
      "for (const { id } of repositories.items.page({ limit: 9, offset: 0, sort: 'createdAt', order: 'asc' }).data) repositories.items.update(id, { title: 'Milk' });\n const at =",
    ],
    ['another code', 'finishItem', "'already_done'", "'locked'"],
    ['another code that only the errors state', 'finishItem', "'not_found'", "'gone'"],
    [
      'that a refusal writes',
      'finishItem',
      'return transaction(',
      "repositories.items.update(params.id, { due: '2026-01-01' });\n return transaction(",
    ],
    [
      'that a write stays when a later one fails',
      'finishItem',
      /return transaction\(\(\) => \{([\s\S]*?)\n {2}\}\);/,
      '$1',
    ],
    ['another time', 'finishItem', 'const at = now()', 'const at = new Date(0)'],
    ['that deleted rows are found', 'finishItem', ', deletedAt: null', ''],
    ['that a task does nothing', 'purgeItems', 'data.filter(', '[].filter('],
    ['that a task removes too much', 'purgeItems', '> 30', '> 3'],
    ['that a call is missing', 'purgeItems', /if \(old\.length > 0\) await .*;/, ''],
    ['that a call is made in vain', 'purgeItems', 'if (old.length > 0) ', ''],
    ['that a call says something else', 'purgeItems', 'count: old.length', 'count: 0'],
  ])('%s', (_what, name, from, to) => {
    const { passed, output } = testsWith(name, from, to)
    expect(passed).toBe(false)
    expect(output).toContain('AssertionError')
  })
})
