import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { run } from './support/process.ts'

/** What runs in production may import neither development packages nor tests; `npm run check` says so. */

type Outcome = { readonly code: number | null; readonly output: string }

/** Runs a tool of `npm run check`, as its script says, in a project of these files with this project's settings. */
async function check(script: 'lint' | 'knip', files: Readonly<Record<string, string>>): Promise<Outcome> {
  const dir = await mkdtemp(join(tmpdir(), 'production-imports-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  for (const settings of ['knip.json', '.oxlintrc.json', '.oxlintrc.production.json'])
    await cp(settings, join(dir, settings))
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(dir, path)), { recursive: true })
    await writeFile(join(dir, path), content)
  }
  const { scripts } = JSON.parse(await readFile('package.json', 'utf8')) as {
    scripts: Record<string, string>
  }
  const PATH = `${resolve('node_modules/.bin')}:${process.env['PATH']}`
  // The half of the script that looks at production alone.
  const program = run('/bin/sh', ['-c', scripts[script]!.split(' && ')[1]!], { cwd: dir, env: { PATH } })
  const { code } = await program.exited
  return { code, output: program.output() }
}

const manifest = JSON.stringify({
  name: 'planted',
  type: 'module',
  dependencies: { zod: '1.0.0' },
  devDependencies: { yauzl: '1.0.0' },
})

it('a program that imports a devDependency fails the check, however far down', async () => {
  const project = (name: string) => ({
    'package.json': manifest,
    'worker/main.ts': "import '../generator/unzip.ts'\nimport 'zod'\n",
    'generator/unzip.ts': `import { open } from '${name}'\nopen()\n`,
  })
  const breach = await check('knip', project('yauzl'))
  expect(breach.output).toMatch(/Unlisted dependencies.*\n.*yauzl +generator\/unzip\.ts/)
  expect(breach.code).not.toBe(0)
  expect(await check('knip', project('zod'))).toEqual({ code: 0, output: '' })
})

it('a file that no program imports fails the check where only tests and benches use it', async () => {
  const { code, output } = await check('knip', {
    'package.json': manifest,
    'worker/main.ts': "import 'zod'\n",
    'worker/floor.ts': 'export const floor = 1\n',
    'worker/floor.test.ts': "import { floor } from './floor.ts'\nfloor\n",
  })
  expect(output).toMatch(/Unused files.*\n.*worker\/floor\.ts/)
  expect(code).not.toBe(0)
})

it.each([
  ['generator/breach.ts', './testing/call-context.ts'],
  ['generator/breach-up.ts', '../models/testing/service.ts'],
  ['generator/sandbox/breach.ts', './attacks/attack.ts'],
  ['api/breach.ts', './app.test.ts'],
  ['lib/breach.ts', '../test/support/process.ts'],
  ['cli/breach.ts', '../scripts/example-main.ts'],
  ['main.ts', './bench/figures.ts'],
])('%s may not import %s', async (path, target) => {
  const { code, output } = await check('lint', {
    [path]: `import { x } from '${target}'\nexport const y = x\n`,
  })
  expect(output).toContain('This runs in production')
  expect(code).not.toBe(0)
})

it.each([
  "import { execPath } from 'node:process'\nexport const argv = [execPath]\n",
  'export const argv = [process.execPath]\n',
])('what runs in production may not take its own runtime for Node: %j', async (code) => {
  const outcome = await check('lint', { 'worker/breach.ts': code })
  expect(outcome.output).toContain('Generated projects run on Node')
  expect(outcome.code).not.toBe(0)
})

it.each([
  ['generator/fine.test.ts', './testing/call-context.ts'],
  ['generator/testing/fine.ts', '../../models/testing/service.ts'],
  ['generator/fine.ts', './render/test-data.ts'],
])('%s may import %s', async (path, target) => {
  const code = `import { x } from '${target}'\nexport const y = x\n`
  // Beside a file that is looked at: a linter without any ends with an error.
  expect(await check('lint', { [path]: code, 'lib/empty.ts': '' })).toMatchObject({ code: 0 })
})
