import { tmpdir } from 'node:os'
import { env, execPath, getuid, platform } from 'node:process'
import { describe, expect, test } from 'vitest'
import { completeTodoHandler, todoWithComplete } from '../../../generator/codegen/testing/operations.ts'
import { renderProject } from '../../../generator/stages/render-project.ts'
import { makeVerify } from '../../../generator/verify/verify.ts'
import { readKit } from '../../../generator/verify/kit.ts'
import type { PickSandbox } from '../../../generator/sandbox/ports.ts'
import { chooseSandbox } from '../../../generator/sandbox/choose-sandbox.ts'
import { defaultStack } from '../../../generator/stacks/registry.ts'
import { ensureKit } from '../../../generator/stacks/install-kit.ts'
import { EVERYTHING } from '../../support/everything.ts'
import { FORGERIES, type Forgery } from './forgeries.ts'
import { naiveVerdict } from './naive-verdict.ts'

const { kitDirectory } = defaultStack

const shared = { kitDirectory, nodePath: execPath, tempDirectory: tmpdir() }
await ensureKit({ kitDirectory, env, signal: AbortSignal.timeout(480_000) })
const { nodeModules } = await readKit(kitDirectory)
const chosen = await chooseSandbox({
  ...shared,
  setting: 'auto',
  searchPath: env['PATH'] ?? '',
  platform,
  userId: getuid?.(),
  signal: AbortSignal.timeout(300_000),
})
const isIsolated = chosen.tier === 'bubblewrap'
const why = isIsolated ? '' : ` (skipped: ${chosen.description})`

/** Type errors are found by another gate; these are about runtime. */
const pickSandbox: PickSandbox = (files) => {
  const choice = chosen.pick(files)
  const run = async () => ({ ending: { kind: 'exited', code: 0 } as const, stdout: '', stderr: '', ms: 0 })
  return { ...choice, tools: { tier: 'none', user: choice.tools.user, run } }
}
const verify = makeVerify({ ...shared, pickSandbox })

const BROKEN = `export function completeTodo() { throw new Error('broken'); }`
/** Simulates a bypass: the judge relies on nothing in the project. */
const WITHOUT_LOCKDOWN = 'export function forgetEnvironment(): void {}\n'
const filesOf = async ({ code, handler }: Pick<Forgery, 'code' | 'handler'>) => {
  const files = await renderProject(todoWithComplete, {
    handlers: {
      completeTodo: `${handler === 'works' ? completeTodoHandler : BROKEN}
const node = (name) => process.getBuiltinModule('node:' + name);
{ ${code} }
`,
    },
  })
  return files
    .filter(({ path }) => path !== 'tests/lockdown.test.ts')
    .map((file) => (file.path === 'src/lockdown.ts' ? { ...file, content: WITHOUT_LOCKDOWN } : file))
}

describe(`made-up results${why}`, { timeout: 960_000 }, () => {
  test('come in at least ten ways', () => {
    expect(new Set(FORGERIES.map(({ name }) => name)).size).toBe(FORGERIES.length)
    expect(FORGERIES.length).toBeGreaterThanOrEqual(10)
  })

  test.skipIf(!isIsolated)('neither judge fails what works, nor passes what is only broken', async () => {
    const [good, bad] = await Promise.all([filesOf({ code: '', handler: 'works' }), filesOf({ code: '' })])
    for (const [files, expected] of [
      [good, true],
      [bad, false],
    ] as const) {
      expect(await naiveVerdict('results', files, nodeModules)).toBe(expected)
      expect(await naiveVerdict('exit code', files, nodeModules)).toBe(expected)
      const { gates } = await verify({ files, signal: AbortSignal.timeout(480_000) })
      // Findings of static gates do not matter here.
      const failed = gates.filter(({ name, status }) => status === 'failed' && name !== 'code')
      expect(failed.map(({ name }) => name)).toEqual(expected ? [] : ['tests'])
    }
  })

  // Every fourth one; the soak runs all.
  test.skipIf(!isIsolated).each(FORGERIES.filter((_, at) => EVERYTHING || at % 4 === 0))(
    'a handler that $name: a judge in its process believes it, ours does not',
    async (forgery) => {
      const files = await filesOf(forgery)
      expect(await naiveVerdict(forgery.against, files, nodeModules)).toBe(true)
      const report = await verify({ files, signal: AbortSignal.timeout(480_000) })
      expect(report.passed).toBe(false)
      expect(report.gates.filter(({ status }) => status !== 'passed')).toContainEqual(
        expect.objectContaining({ name: forgery.caughtBy, status: 'failed' }),
      )
    },
  )
})
