import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { Sandbox } from '../sandbox/ports.ts'
import { makeMeasureMutants } from './measure-mutants.ts'
import { KIT_DIRECTORY, withFile } from './testing/fixture-project.ts'
import { tiersOfThisMachine } from './testing/sandboxes.ts'

const tiers = await tiersOfThisMachine()
const temp = mkdtempSync(join(tmpdir(), 'mutants-test-'))
// The user inside the sandbox must get to the workspaces in it.
chmodSync(temp, 0o755)
afterAll(() => rmSync(temp, { recursive: true }))

const PATH = 'src/operations/price.ts'
const TEST_PATH = 'tests/operations/price.test.ts'

/** What a project of one function says of its tests. */
const project = (body: string, tests: string) => [
  ...withFile(
    PATH,
    `export function price(total: number, isMember: boolean): number {\n${body}\n}\n`,
    'model',
  ),
  {
    path: TEST_PATH,
    content: `import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { price } from '../../src/operations/price.ts'

describe('price', () => {
${tests}
})
`,
    origin: 'template' as const,
  },
]

const DISCOUNT = `  if (total < 0) throw new RangeError('negative')
  return isMember ? total - 10 : total`
/** What loads much, for longer than the test may take, the first time. */
const MEMBERS_SLOWLY = `  let loading
  it('members pay less', { timeout: 300 }, async () => {
    loading ??= delay(400)
    await loading
    assert.equal(price(50, true), 40)
  })`
const MEMBERS = `  it('members pay less', () => assert.equal(price(50, true), 40))`
const OTHERS = `  it('others do not', () => assert.equal(price(50, false), 50))`
const NEGATIVE = `  it('refuses', () => assert.throws(() => price(-1, false)))`
const ZERO = `  it('takes nothing', () => assert.equal(price(0, false), 0))`

describe.each(tiers)('faults in $title', ({ chosen }) => {
  const measure = async (files: ReturnType<typeof project>, budgetMs = 240_000, testPaths = [TEST_PATH]) => {
    const results = await makeMeasureMutants({
      pickSandbox: chosen!.pick,
      kitDirectory: KIT_DIRECTORY,
      nodePath: process.execPath,
      tempDirectory: temp,
    })({
      files,
      targets: [{ path: PATH, testPaths, functionName: 'price' }],
      budgetMs,
      signal: AbortSignal.timeout(300_000),
    })
    return results![0]!
  }
  const pick = chosen?.pick([{ path: PATH, content: '', origin: 'model' }])
  const cannotRun = pick === undefined || pick.tier === 'static'

  test.skipIf(cannotRun)(
    'are all noticed by tests that look at everything, also where the first is slow at first',
    async () => {
      const tests = [MEMBERS_SLOWLY, OTHERS, NEGATIVE, ZERO]
      const result = await measure(project(DISCOUNT, tests.join('\n')))
      expect(result).toMatchObject({ survivors: [], untried: 0, failing: [] })
      expect(result.killed).toBe(result.all)
      expect(result.all).toBeGreaterThan(3)
      expect(readdirSync(temp)).toEqual([])
    },
  )

  test.skipIf(cannotRun)('are named where no test looks', async () => {
    const result = await measure(project(DISCOUNT, MEMBERS))
    const survivors = result.survivors
    expect(survivors).toContain("line 2: `new RangeError('negative')` is not refused")
    expect(survivors).toContain('line 2: `total < 0` reads `total <= 0`')
    expect(survivors).not.toContain('line 3: `total - 10` reads `total + 10`')
    expect(result.killed).toBe(result.all - survivors.length)
  })

  test.skipIf(cannotRun)(
    'that never end, or end the process, are noticed, and the others still tried',
    async () => {
      const body = `  let left = total
  for (;;) {
    if (left <= 0) break
    left -= 1
  }
  if (isMember) process.exit(0)
  return total > 1000 ? 1000 : left`
      const result = await measure(project(body, MEMBERS.replaceAll('true', 'false').replace('40', '0')))
      expect(result).toMatchObject({ untried: 0 })
      // Found by the process after those that were killed or ended.
      expect(result.survivors).toEqual(['line 8: `total > 1000` reads `total >= 1000`'])
    },
  )

  test.skipIf(cannotRun)(
    'are tried against the tests that pass without them, and the others are named',
    async () => {
      const wrong = `  it('is wrong', () => assert.equal(price(1, false), 2))`
      const result = await measure(project(DISCOUNT, [MEMBERS, wrong].join('\n')))
      expect(result.failing).toEqual(['price > is wrong'])
      expect(result.survivors).toContain('line 2: `total < 0` reads `total <= 0`')
      expect(result.killed).toBeGreaterThan(0)
    },
  )

  test.skipIf(cannotRun)('in a shared helper are noticed by the tests of all that call it', async () => {
    const more = 'tests/operations/more.test.ts'
    const [, test] = project(DISCOUNT, [OTHERS, NEGATIVE].join('\n')).slice(-2)
    const files = [...project(DISCOUNT, [MEMBERS, ZERO].join('\n')), { ...test!, path: more }]
    const result = await measure(files, 240_000, [TEST_PATH, more])
    expect(result).toMatchObject({ survivors: [], untried: 0 })
    expect(result.all).toBeGreaterThan(3)
  })

  test.skipIf(cannotRun)('are left untried where there is no time', async () => {
    const result = await measure(project(DISCOUNT, MEMBERS), 1)
    expect(result).toMatchObject({ all: 0, killed: 0 })
    expect(result.untried).toBeGreaterThan(3)
  })
})

test('nothing is tried where the code of a model is not run', async () => {
  const tools: Sandbox = { tier: 'none', user: null, run: () => Promise.reject(new Error('it was run')) }
  const measured = makeMeasureMutants({
    pickSandbox: () => ({ tier: 'static', tools, reason: 'no sandbox' }),
    kitDirectory: KIT_DIRECTORY,
    nodePath: process.execPath,
    tempDirectory: temp,
  })({ files: project(DISCOUNT, MEMBERS), targets: [], budgetMs: 1000, signal: AbortSignal.timeout(10_000) })
  await expect(measured).resolves.toBeNull()
})
