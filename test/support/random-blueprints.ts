import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Blueprint, GateReport } from '#contract'
import { lintBlueprint } from '../../generator/blueprint/lint-blueprint.ts'
import { renderProject } from '../../generator/stages/render-project.ts'
import { parseTypeErrors } from '../../generator/verify/gate-types.ts'
import { defaultStack } from '../../generator/stacks/registry.ts'
import { verifyHere } from './verify-here.ts'

const { kitDirectory } = defaultStack

/** Checks for the project of every valid Blueprint. */

/** Projects per type check: 50 take a gigabyte of memory and ten seconds on two idle cores. */
export const BATCH = 50

/** An error in a project: `p3/src/app.ts(12): …` is in the Blueprint with index 3. */
export type Failure = { readonly at: number; readonly what: string }

/** Renders each into its own subfolder, then type-checks and lints all at once. */
export async function faultsOf(blueprints: readonly Blueprint[], signal: AbortSignal): Promise<Failure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'random-blueprints-'))
  try {
    await symlink(join(kitDirectory, 'node_modules'), join(folder, 'node_modules'), 'junction')
    const faults: Failure[] = []
    for (const [at, blueprint] of blueprints.entries()) {
      for (const { what } of lintBlueprint(blueprint).diagnostics) faults.push({ at, what })
      const files = await renderProject(blueprint).catch((error: Error) => {
        faults.push({ at, what: `does not render: ${error.message}` })
        return []
      })
      for (const { path, content } of files) {
        if (!/\.ts$|^(package|tsconfig)\.json$/.test(path)) continue
        const file = join(folder, `p${at}`, path)
        await mkdir(dirname(file), { recursive: true })
        await writeFile(file, path === 'src/auth/authentication.ts' ? keepApart(content, at) : content)
      }
    }
    const [types, lint] = await Promise.all([typeErrors(folder, signal), lintErrors(folder, signal)])
    return [...faults, ...types, ...lint]
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function typeErrors(folder: string, signal: AbortSignal): Promise<Failure[]> {
  const config = { extends: './p0/tsconfig.json', include: ['p*/src', 'p*/tests'] }
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config))
  const tsc = join(kitDirectory, 'node_modules/typescript/bin/tsc')
  const { code, output } = await run([tsc, '--project', folder, '--pretty', 'false'], folder, signal)
  const errors = parseTypeErrors(output, folder)
  if (code !== 0 && errors.length === 0) throw new Error(`tsc ended with ${code}: ${output.slice(0, 2000)}`)
  return errors.map(({ file, line, message }) => ({
    at: projectOf(file ?? ''),
    what: `${file}(${line}): ${message}`,
  }))
}

/** Lint rules for correctness, independent of style; sources only. */
const LINT_RULES = {
  // False positive for 99999999999999740000, the shortest form of that number.
  rules: { 'no-loss-of-precision': 'off' },
  ignorePatterns: ['node_modules/**'],
  categories: { correctness: 'error' },
  plugins: ['typescript', 'unicorn', 'oxc', 'promise'],
}

async function lintErrors(folder: string, signal: AbortSignal): Promise<Failure[]> {
  await writeFile(join(folder, '.oxlintrc.json'), JSON.stringify(LINT_RULES))
  const oxlint = join(import.meta.dirname, '../../node_modules/oxlint/bin/oxlint')
  const { code, output } = await run([oxlint, '--format', 'unix', '--deny-warnings', '.'], folder, signal)
  if (code === 0) return []
  const found = output.split('\n').filter((line) => /^\S+:\d+:\d+: /.test(line))
  if (found.length === 0) throw new Error(`oxlint ended with ${code}: ${output.slice(0, 2000)}`)
  return found.map((what) => ({ at: projectOf(what), what }))
}

const projectOf = (path: string): number => Number(/(?:^|\/)p(\d+)\//.exec(path)?.[1] ?? 0)

/** Every project augments FastifyRequest with its account, so the property needs a unique name in one type check. */
function keepApart(authentication: string, at: number): string {
  return authentication
    .replaceAll('{ account }: Pick', `{ account${at}: account }: Pick`)
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

/** Renders a Blueprint and runs all gates. */
export async function makeTrial(signal: AbortSignal): Promise<(blueprint: Blueprint) => Promise<GateReport>> {
  const verify = await verifyHere(signal)
  return async (blueprint) =>
    verify({
      files: await renderProject(blueprint),
      environment: defaultStack.requiredEnvironment(blueprint),
      services: blueprint.services.map(({ baseUrl }) => baseUrl),
      signal,
    })
}
