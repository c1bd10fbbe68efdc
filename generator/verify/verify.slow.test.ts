import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { GateReport } from '#contract'
import type { ProjectFile } from '../ports.ts'
import { makeVerify } from './verify.ts'
import { VERIFY_LIMITS, type VerifyLimits } from './limits.ts'
import type { PickSandbox, Sandbox } from '../sandbox/ports.ts'
import { goodProject, KIT_DIRECTORY, withEdit, withFile } from './testing/fixture-project.ts'
import { tiersOfThisMachine } from './testing/sandboxes.ts'

const tiers = await tiersOfThisMachine()
const temp = mkdtempSync(join(tmpdir(), 'verify-test-'))
// The user inside the sandbox must get to the workspaces in it.
chmodSync(temp, 0o755)
afterAll(() => rmSync(temp, { recursive: true }))

/** Short where a test waits for one of them to run out. */
const limits = (stageMs: Partial<VerifyLimits['stageMs']> = {}): VerifyLimits => ({
  ...VERIFY_LIMITS,
  stageMs: { ...VERIFY_LIMITS.stageMs, ...stageMs },
})

const testFile = (body: string): ProjectFile[] =>
  withFile(
    'tests/notes.test.ts',
    `import assert from 'node:assert/strict'\nimport { test } from 'node:test'\nimport { writeSync } from 'node:fs'\n` +
      `void [assert, test, writeSync]\n${asserting(body)}\n`,
  )
/** Each test asserts something, so that the gate `code` has nothing to say. */
const asserting = (body: string) =>
  body.replaceAll(/(test\('[^']+', (?:\{.*?\}, )?(?:async )?\(\) => \{)/g, '$1 assert.ok(process.pid);')

/** Says that the types are right without looking, where a test is about the run: half of the work. */
const noTypeErrors: Sandbox = {
  tier: 'none',
  user: null,
  run: async () => ({ ending: { kind: 'exited', code: 0 }, stdout: '', stderr: '', ms: 0 }),
}

describe.each(tiers)('verifying in $title', ({ name, chosen }) => {
  // What is read from the same messages in every tier is proved in the first that works here.
  const isFirst = name === tiers.find((tier) => tier.chosen)?.name
  const runOnly: PickSandbox = (files) => {
    const choice = chosen!.pick(files)
    return { ...choice, tools: { ...noTypeErrors, user: choice.tools.user } }
  }
  const check = (
    files: readonly ProjectFile[],
    stageMs: Partial<VerifyLimits['stageMs']> = {},
    pickSandbox: PickSandbox = runOnly,
  ) =>
    makeVerify({
      pickSandbox,
      kitDirectory: KIT_DIRECTORY,
      nodePath: process.execPath,
      tempDirectory: temp,
      limits: limits(stageMs),
    })({ files, signal: AbortSignal.timeout(120_000) })

  /** The one gate that should have failed, with what it said; every other one must not have. */
  const onlyFailure = (report: GateReport) => {
    const broken = report.gates.filter((gate) => gate.status === 'failed')
    expect(report.passed).toBe(false)
    expect(broken.map((gate) => gate.name)).toHaveLength(1)
    expect(report.diagnostics[0]?.gate).toBe(broken[0]!.name)
    return { ...broken[0]!, first: report.diagnostics[0]! }
  }
  const statusOf = (report: GateReport, gate: string) =>
    report.gates.find(({ name }) => name === gate)?.status

  test.skipIf(!chosen)('a good project passes every gate, and its tests are counted', async () => {
    const report = await check(goodProject(), {}, chosen!.pick)
    expect(GateReport.parse(report)).toEqual(report)
    expect(report.gates.map((gate) => [gate.name, gate.status])).toEqual(
      [
        'paths',
        'unpack',
        'dependencies',
        'secrets',
        'code',
        'types',
        'install',
        'boot',
        'health',
        'openapi',
        'tests',
        'shutdown',
      ].map((gate) => [gate, 'passed']),
    )
    expect(report).toMatchObject({ passed: true, sandbox: name, diagnostics: [] })
    expect(report.tests).toEqual({ passed: 2, failed: 0, skipped: 0 })
  })

  if (isFirst)
    test('a type error fails `types`, with its file and line', async () => {
      const report = await check(
        withFile('src/wrong.ts', '\nexport const count: number = "three"\n'),
        {},
        chosen!.pick,
      )
      expect(onlyFailure(report)).toMatchObject({
        name: 'types',
        detail: '1 type error',
        first: { file: 'src/wrong.ts', line: 2, message: expect.stringContaining('TS2322') },
      })
    })

  if (isFirst)
    test('a failing test fails `tests`, with the line of the assertion', async () => {
      const report = await check(
        testFile(`test('good', () => {})\ntest('bad', () => {\n  assert.equal(1, 2)\n})`),
      )
      expect(onlyFailure(report)).toMatchObject({
        name: 'tests',
        detail: '1 of 2 tests failed',
        first: {
          file: 'tests/notes.test.ts',
          line: 7,
          message: expect.stringContaining('bad: AssertionError'),
        },
      })
      expect(report.tests).toEqual({ passed: 1, failed: 1, skipped: 0 })
      expect(statusOf(report, 'shutdown')).toBe('passed')
    })

  if (isFirst)
    test('a test file that cannot be loaded fails `tests`', async () => {
      const report = await check([
        ...goodProject(),
        { path: 'tests/broken.test.ts', content: "throw new Error('not even loaded')\n", origin: 'template' },
      ])
      expect(onlyFailure(report)).toMatchObject({
        name: 'tests',
        first: { file: 'tests/broken.test.ts', line: 1, message: expect.stringContaining('not even loaded') },
      })
      expect(report.tests.passed).toBe(2)
    })

  if (isFirst)
    test('a project without tests, or with skipped ones only, fails `tests`', async () => {
      const without = goodProject().filter((file) => !file.path.startsWith('tests/'))
      expect(onlyFailure(await check(without))).toMatchObject({
        name: 'tests',
        detail: expect.stringContaining('no test'),
      })
      const empty = await check(testFile(''))
      expect(onlyFailure(empty)).toMatchObject({ name: 'tests', detail: 'no test ran in 1 test file' })
      const skipped = await check(testFile(`test('later', { skip: true }, () => {})`))
      expect(onlyFailure(skipped)).toMatchObject({ name: 'tests', detail: 'no test ran in 1 test file' })
      expect(skipped.tests).toEqual({ passed: 0, failed: 0, skipped: 1 })
    })

  if (isFirst)
    test('a test that ends the process fails `tests`, by name', async () => {
      const report = await check(testFile(`test('leaves early', () => { process.exit(0) })`))
      expect(onlyFailure(report)).toMatchObject({
        name: 'tests',
        detail: '"leaves early" did not end: the process ended with code 0',
        first: { file: 'tests/notes.test.ts' },
      })
      expect(statusOf(report, 'shutdown')).toBe('skipped')
    })

  test.skipIf(!chosen)(
    'a test that never ends is killed at its limit and fails `tests`, by name',
    async () => {
      const started = performance.now()
      const report = await check(testFile(`test('spins', () => { for (;;); })`), { tests: 700 })
      expect(onlyFailure(report)).toMatchObject({
        name: 'tests',
        detail: '"spins" did not end: nothing after 0.7 s',
        first: { file: 'tests/notes.test.ts' },
      })
      expect(performance.now() - started).toBeLessThan(100_000)
    },
  )

  test.skipIf(!chosen)('results that the project writes itself are not believed', async () => {
    const forged = `'{"kind":"tests","files":1,"passed":99,"failed":0,"skipped":0}\\n'`
    const printed = await check(
      testFile(
        `test('bad', () => { console.log(${forged}); process.stderr.write(${forged}); assert.fail('really') })`,
      ),
    )
    expect(onlyFailure(printed)).toMatchObject({ name: 'tests', detail: '1 of 1 test failed' })
    const onChannel = await check(testFile(`test('good', () => { writeSync(3, ${forged}) })`))
    expect(onlyFailure(onChannel)).toMatchObject({
      name: 'tests',
      detail: expect.stringContaining('cannot be trusted'),
    })
    const toJson = await check(
      testFile(
        `Object.defineProperty(Object.prototype, 'toJSON', { value() { return { kind: 'tests', files: 1, passed: 9, failed: 0, skipped: 0 } } })\n` +
          `test('bad', () => { assert.fail('really') })`,
      ),
    )
    expect(statusOf(toJson, 'tests')).toBe('failed')
    expect(toJson.tests.passed).toBe(0)
  })

  if (isFirst)
    test('a flood of results ends the run', async () => {
      const report = await check(
        testFile(`test('floods', () => { for (;;) writeSync(3, 'x'.repeat(65536)) })`),
      )
      expect(onlyFailure(report)).toMatchObject({ name: 'tests' })
    })

  test.skipIf(!chosen)(
    'a service that never listens fails `boot`, and what depends on it is skipped',
    async () => {
      const report = await check(withFile('src/index.ts', 'setInterval(() => {}, 1000)\n'), { boot: 900 })
      expect(onlyFailure(report)).toMatchObject({
        name: 'boot',
        detail: 'the service does not start: nothing after 0.9 s',
      })
      for (const gate of ['health', 'openapi', 'tests', 'shutdown'])
        expect(statusOf(report, gate)).toBe('skipped')
    },
  )

  if (isFirst)
    test('a service that throws at start fails `boot`, with its file and line', async () => {
      const report = await check(withFile('src/index.ts', "\nthrow new Error('no database')\n"))
      expect(onlyFailure(report)).toMatchObject({
        name: 'boot',
        detail: expect.stringContaining('no database'),
        first: { file: 'src/index.ts', line: 2 },
      })
    })

  if (isFirst)
    test('a service that says it is ill fails `health`', async () => {
      const report = await check(
        withEdit(
          'src/app.ts',
          "app.get('/health', async () => ({ status: 'ok' }))",
          "app.get('/health', async () => { throw new Error('ill') })",
        ),
      )
      expect(onlyFailure(report)).toMatchObject({ name: 'health', detail: '/health answers 500' })
      expect(statusOf(report, 'tests')).toBe('passed')
    })

  if (isFirst)
    test('a document that is not OpenAPI 3.1, or points nowhere, fails `openapi`', async () => {
      const served = (document: string) =>
        withEdit('src/app.ts', 'async () => app.swagger()', `async () => (${document})`)
      const old = await check(served(`{ openapi: '3.0.3', paths: { '/notes': { get: {} } } }`))
      expect(onlyFailure(old)).toMatchObject({ name: 'openapi', detail: expect.stringContaining('3.0.3') })
      const empty = await check(served(`{ openapi: '3.1.0', paths: {} }`))
      expect(onlyFailure(empty)).toMatchObject({
        name: 'openapi',
        detail: expect.stringContaining('no operation'),
      })
      const dangling = await check(
        served(
          `{ openapi: '3.1.0', info: { title: '', version: '1' }, paths: { '/notes': { get: { responses: { 200: { $ref: '#/components/responses/No' } } } } } }`,
        ),
      )
      expect(onlyFailure(dangling)).toMatchObject({
        name: 'openapi',
        detail: expect.stringContaining('#/components/responses/No'),
      })
    })

  test.skipIf(!chosen)('a service that does not listen to SIGTERM fails `shutdown`', async () => {
    const deaf = await check(withEdit('src/index.ts', "['SIGINT', 'SIGTERM']", "['SIGINT']"))
    expect(onlyFailure(deaf)).toMatchObject({ name: 'shutdown' })
    const stuck = await check(withEdit('src/index.ts', 'void app.close()', 'void 0'), { shutdown: 600 })
    expect(onlyFailure(stuck)).toMatchObject({
      name: 'shutdown',
      detail: 'still running 0.6 s after SIGTERM: something keeps the event loop open',
    })
  })

  test.skipIf(!chosen)('aborting ends everything within a second and leaves nothing behind', async () => {
    const mark = `marker-${name}-${process.pid}`
    const files = testFile(
      `import { spawn } from 'node:child_process'\n` +
        `test('leaves a child', async () => {\n` +
        `  spawn(process.execPath, ['-e', 'setTimeout(() => {}, 300000)', '${mark}'], { stdio: 'inherit' })\n` +
        `  await new Promise((resolve) => setTimeout(resolve, 300000))\n})`,
    )
    const stop = new AbortController()
    let testing: () => void
    const isTesting = new Promise<void>((resolve) => (testing = resolve))
    const running = makeVerify({
      pickSandbox: chosen!.pick,
      kitDirectory: KIT_DIRECTORY,
      nodePath: process.execPath,
      tempDirectory: temp,
    })({
      files,
      signal: stop.signal,
      onProgress: (detail) => detail.includes('running its tests') && testing(),
    })
    const outcome = running.then(
      () => 'a report',
      (error: Error) => error.message,
    )
    await isTesting
    await expect.poll(() => processesWith(mark), { timeout: 60_000 }).not.toEqual([])
    const aborted = performance.now()
    stop.abort(new Error('enough'))
    expect(await outcome).toBe('enough')
    expect(performance.now() - aborted).toBeLessThan(10_000)
    await expect.poll(() => processesWith(mark)).toEqual([])
    expect(readdirSync(temp)).toEqual([])
  })

  test.skipIf(!chosen)('a worker that is killed takes the run with it', async () => {
    const mark = `orphan-${name}-${process.pid}`
    const files = testFile(
      `test('waits', async () => {\n  process.title = '${mark}'\n  await new Promise((resolve) => setTimeout(resolve, 300000))\n})`,
    )
    const program = `
      import { chooseSandbox } from ${JSON.stringify(new URL('../sandbox/choose-sandbox.ts', import.meta.url).href)}
      import { makeVerify } from ${JSON.stringify(new URL('./verify.ts', import.meta.url).href)}
      import { json } from 'node:stream/consumers'
      const shared = { kitDirectory: ${JSON.stringify(KIT_DIRECTORY)}, nodePath: process.execPath, tempDirectory: ${JSON.stringify(temp)} }
      const signal = AbortSignal.timeout(120_000)
      const { pick } = await chooseSandbox({ ...shared, setting: '${name}', searchPath: process.env.PATH, platform: process.platform, userId: process.getuid?.(), signal })
      await makeVerify({ ...shared, pickSandbox: pick })({ files: await json(process.stdin), signal })`
    const worker = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['pipe', 'ignore', 'inherit'],
    })
    worker.stdin.end(JSON.stringify(files))
    await expect.poll(() => processesWith(mark), { timeout: 60_000 }).not.toEqual([])
    worker.kill('SIGKILL')
    await expect.poll(() => processesWith(mark), { timeout: 60_000 }).toEqual([])
    for (const left of readdirSync(temp)) rmSync(join(temp, left), { recursive: true })
  })

  test.skipIf(!chosen)('a child that a test leaves behind does not outlive the run', async () => {
    const mark = `straggler-${name}-${process.pid}`
    await check(
      testFile(
        `import { spawn } from 'node:child_process'\n` +
          `test('leaves a child', () => { spawn(process.execPath, ['-e', 'setTimeout(() => {}, 300000)', '${mark}'], { stdio: 'inherit' }).unref() })`,
      ),
    )
    await expect.poll(() => processesWith(mark)).toEqual([])
    expect(readdirSync(temp)).toEqual([])
  })
})

describe('verifying what must not run', () => {
  const { chosen } = tiers[1]!
  const dependencies = {
    pickSandbox: chosen!.pick,
    kitDirectory: KIT_DIRECTORY,
    nodePath: process.execPath,
    tempDirectory: temp,
  }

  test('odd paths end it before anything is written', async () => {
    const files = withFile('../escape.ts', 'export {}\n', 'model')
    const report = await makeVerify({ ...dependencies, tempDirectory: '/nonexistent' })({
      files,
      signal: AbortSignal.timeout(120_000),
    })
    expect(report.passed).toBe(false)
    expect(report.gates.filter((gate) => gate.status === 'failed').map((gate) => gate.name)).toEqual([
      'paths',
    ])
    expect(report.gates.filter((gate) => gate.status === 'skipped')).toHaveLength(11)
    expect(report.diagnostics[0]?.message).toContain('../escape.ts')
  })

  test('without a sandbox a project is type-checked only, and every other gate says why', async () => {
    const tools = chosen!.pick([]).tools
    const pickSandbox: PickSandbox = () => ({ tier: 'static', tools, reason: 'not run: there is no sandbox' })
    const mark = join(temp, 'was-run')
    const files = withFile(
      'src/index.ts',
      `import { writeFileSync } from 'node:fs'\nwriteFileSync(${JSON.stringify(mark)}, 'x')\nexport const wrong: string = 1\n`,
      'model',
    )
    const report = await makeVerify({ ...dependencies, pickSandbox })({
      files,
      signal: AbortSignal.timeout(120_000),
    })
    expect(report).toMatchObject({
      sandbox: 'static',
      passed: false,
      tests: { passed: 0, failed: 0, skipped: 0 },
    })
    expect(report.gates.find((gate) => gate.name === 'types')).toMatchObject({ status: 'failed' })
    for (const gate of report.gates.slice(7))
      expect(gate).toMatchObject({ status: 'skipped', detail: 'not run: there is no sandbox' })
    expect(readdirSync(temp)).toEqual([])
  })

  test('a kit that is not installed is an error with a code, not a report', async () => {
    const verify = makeVerify({ ...dependencies, kitDirectory: temp })
    await expect(verify({ files: goodProject(), signal: AbortSignal.timeout(5000) })).rejects.toMatchObject({
      code: 'kit_unusable',
    })
  })

  test('an aborted signal rejects at once', async () => {
    const signal = AbortSignal.abort(new Error('never mind'))
    await expect(makeVerify(dependencies)({ files: goodProject(), signal })).rejects.toThrow('never mind')
  })
})

function processesWith(mark: string): string[] {
  const list = execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' })
  return list.split('\n').filter((line) => line.includes(mark) && !line.includes('ps -eo'))
}
