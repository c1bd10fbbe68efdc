import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Blueprint } from '#contract'
import { lintBlueprint } from '../worker/generate/design/lint-blueprint.ts'
import {
  arbitraryBlueprint,
  arbitraryExactBlueprint,
} from '../worker/generate/design/testing/arbitrary-blueprint.ts'
import { renderProject } from '../worker/generate/render/render-project.ts'
import { makeVerify } from '../worker/generate/verify.ts'
import { parseTypeErrors } from '../worker/generate/verify/gate-types.ts'
import { chooseSandbox } from '../worker/sandbox/choose-sandbox.ts'
import { kitDirectory } from '../worker/stacks/fastify/stack.ts'

/**
 * Whatever a sound Blueprint says, its project passes every gate. The names of the tests have the seed, and a
 * failure shows the Blueprint. Longer runs, and the same one again:
 *
 * RANDOM_BLUEPRINTS=200 npx vitest run test/random-blueprints.test.ts -t gate
 * RANDOM_RENDERED=1000 npx vitest run test/random-blueprints.test.ts -t type-check
 * RANDOM_SEED=4242 npx vitest run test/random-blueprints.test.ts
 */
const RUNS = Number(process.env['RANDOM_BLUEPRINTS'] ?? 6)
const RENDERED = Number(process.env['RANDOM_RENDERED'] ?? 40)
/** The same in every run of CI, so that a change is judged by what it changes; search with others by hand. */
const SEED = Number(process.env['RANDOM_SEED'] ?? 20_261)
/** A project of six entities takes up to three seconds on two busy cores. */
const MS_A_RUN = 10_000
/** One type-check holds so many projects: 50 take a gigabyte of memory and ten seconds on two idle cores. */
const BATCH = 50
const MS_A_BATCH = 180_000

describe.each([
  ['random Blueprints', arbitraryBlueprint],
  ['random Blueprints with rows as documents have them', arbitraryExactBlueprint],
])('%s', (_, arbitrary) => {
  it(`render to projects that pass every gate (seed ${SEED})`, { timeout: RUNS * MS_A_RUN }, async () => {
    const nodePath = process.execPath
    const signal = AbortSignal.timeout(RUNS * MS_A_RUN)
    const { pick } = await chooseSandbox({
      setting: 'auto',
      nodePath,
      kitDirectory,
      tempDirectory: tmpdir(),
      searchPath: process.env['PATH'] ?? '',
      platform: process.platform,
      userId: process.getuid?.(),
      signal,
    })
    const verify = makeVerify({ pickSandbox: pick, kitDirectory, nodePath, tempDirectory: tmpdir() })
    await fc.assert(
      fc.asyncProperty(arbitrary(), async (blueprint) => {
        expect(lintBlueprint(blueprint).diagnostics).toEqual([])
        const report = await verify({ files: await renderProject(blueprint), signal })
        expect(report.diagnostics).toEqual([])
        expect(report.gates.filter((gate) => gate.status !== 'passed')).toEqual([])
      }),
      // What fails is shown as it is: shrinking would run a whole project hundreds of times.
      { numRuns: RUNS, seed: SEED, endOnFailure: true },
    )
  })

  const timeout = Math.ceil(RENDERED / BATCH) * MS_A_BATCH
  it(`render to projects that type-check, ${RENDERED} of them (seed ${SEED})`, { timeout }, async () => {
    const signal = AbortSignal.timeout(timeout)
    const blueprints = fc.sample(arbitrary(), { numRuns: RENDERED, seed: SEED })
    for (let start = 0; start < RENDERED; start += BATCH) {
      const batch = blueprints.slice(start, start + BATCH)
      const errors = await typeErrorsOf(batch, signal)
      const [first] = errors
      const at = Number(/^p(\d+)\//.exec(first?.file ?? '')?.[1])
      expect(errors, `Blueprint ${start + at}: ${JSON.stringify(batch[at])}`).toEqual([])
    }
  })
})

/** Renders all of them into one folder, each into its own, and type-checks them at once. */
async function typeErrorsOf(blueprints: readonly Blueprint[], signal: AbortSignal) {
  const folder = await mkdtemp(join(tmpdir(), 'random-blueprints-'))
  try {
    await symlink(join(kitDirectory, 'node_modules'), join(folder, 'node_modules'), 'junction')
    for (const [at, blueprint] of blueprints.entries()) {
      for (const { path, content } of await renderProject(blueprint)) {
        if (!/\.ts$|^(package|tsconfig)\.json$/.test(path)) continue
        const file = join(folder, `p${at}`, path)
        await mkdir(dirname(file), { recursive: true })
        await writeFile(file, path === 'src/auth/authentication.ts' ? keepApart(content, at) : content)
      }
    }
    const config = { extends: './p0/tsconfig.json', include: ['p*/src', 'p*/tests'] }
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config))
    const tsc = join(kitDirectory, 'node_modules/typescript/bin/tsc')
    const { code, output } = await run([tsc, '--project', folder, '--pretty', 'false'], folder, signal)
    const errors = parseTypeErrors(output, folder)
    if (code !== 0 && errors.length === 0) throw new Error(`tsc ended with ${code}: ${output.slice(0, 2000)}`)
    return errors
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** Every project adds its account to Fastify's one request, so within one program the property needs a name of its own. */
function keepApart(authentication: string, at: number): string {
  return authentication
    .replace('{ account }: Pick', `{ account${at}: account }: Pick`)
    .replace(/^( +)account: (?=\w+ \| null;$)/m, `$1account${at}: `)
    .replaceAll("'account'", `'account${at}'`)
    .replaceAll('request.account', `request.account${at}`)
}

function run(argv: string[], cwd: string, signal: AbortSignal) {
  return new Promise<{ code: number; output: string }>((resolve, reject) => {
    const options = { cwd, signal, maxBuffer: 2 ** 26 }
    execFile(process.execPath, argv, options, (error, stdout, stderr) => {
      if (error && typeof error.code !== 'number') reject(error)
      else resolve({ code: Number(error?.code ?? 0), output: `${stdout}\n${stderr}` })
    })
  })
}
