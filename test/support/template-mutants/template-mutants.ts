import { spawn } from 'node:child_process'
import { mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Blueprint } from '#contract'
import { writeFiles } from '../../../generator/sandbox/workspace.ts'
import { defaultStack } from '../../../generator/stacks/registry.ts'
import { renderProject } from '../../../generator/stages/render-project.ts'
import { mutantsOf } from '../../../generator/verify/mutants/mutants-of.ts'

export type TemplateOrders = {
  readonly mutants: readonly { readonly path: string; readonly source: string }[]
  /** Test files, relative to the project. */
  readonly tests: readonly string[]
  readonly from: number
}
export type TemplateResult =
  | { readonly kind: 'excluded'; readonly names: readonly string[] }
  | { readonly kind: 'begun'; readonly at: number }
  | { readonly kind: 'ended'; readonly at: number; readonly noticedBy: string | null }

export type TemplateMutant = {
  /** `routes`, `sign-in`, `database`, `operations` */
  readonly kind: string
  readonly path: string
  readonly description: string
  readonly isNoticed: boolean
}

/** The templates that decide what a request does, by the paths of their files. */
const KINDS: readonly (readonly [kind: string, path: RegExp])[] = [
  ['routes', /^src\/routes\//],
  ['sign-in', /^src\/auth\//],
  ['database', /^src\/(database|repositories)\/(?!seeds|open|migrate)/],
  ['operations', /^src\/operation-context\.ts$/],
]
/** Tests of the clock, of settings and of what is taken from built-in objects stop or change the process. */
const LEFT_OUT = /^tests\/(scheduler|lockdown|config|config-values|upgrade|services\/.*)\.test\.ts$/
/** Of one file of one project; which ones differs between projects. */
const MOST_OF_A_FILE = 8
/** A mutant that says nothing for so long hangs. */
const STALL_MS = 120_000

/** Tries mutants of the templates of one project against its own tests. */
export async function measureTemplates(random: Blueprint, turn: number): Promise<TemplateMutant[]> {
  // Behind an operation that nobody has written, nothing is reached.
  const blueprint = { ...random, operations: random.operations.filter((one) => one.implementation) }
  const files = await renderProject(blueprint)
  const mutants = files.flatMap(({ path, content }) => {
    const kind = KINDS.find(([, pattern]) => pattern.test(path))?.[0]
    if (kind === undefined || !path.endsWith('.ts')) return []
    const all = mutantsOf(content, 500)
    const step = Math.max(1, Math.ceil(all.length / MOST_OF_A_FILE))
    return all.filter((_, index) => (index + turn) % step === 0).map((one) => ({ kind, path, ...one }))
  })
  const tests = files
    .map(({ path }) => path)
    .filter((path) => /^tests\/.*\.test\.ts$/.test(path) && !LEFT_OUT.test(path))
  const root = await mkdtemp(join(tmpdir(), 'template-mutants-'))
  try {
    await writeFiles(root, files)
    await symlink(join(defaultStack.kitDirectory, 'node_modules'), join(root, 'node_modules'), 'junction')
    const env = {
      ...defaultStack.requiredEnvironment(blueprint),
      ...Object.fromEntries(blueprint.services.map(({ baseUrl }) => [baseUrl, 'http://127.0.0.1:9'])),
      ...defaultStack.verifyEnvironment({ scratch: root, apiKey: 'a key for tests' }),
    }
    const noticed = await runAll(root, env, { mutants, tests })
    return mutants.map(({ kind, path, description }, at) => ({
      kind,
      path,
      description,
      isNoticed: noticed.get(at) !== null,
    }))
  } finally {
    await rm(root, { recursive: true, force: true })
  }
}

async function runAll(
  root: string,
  env: Readonly<Record<string, string>>,
  orders: Omit<TemplateOrders, 'from'>,
): Promise<Map<number, string | null>> {
  const noticed = new Map<number, string | null>()
  while (noticed.size < orders.mutants.length) {
    const from = noticed.size
    await runFrom(root, env, { ...orders, from }, noticed)
    if (noticed.size === from) throw new Error(`no mutant could be tried in ${root}`)
  }
  return noticed
}

function runFrom(
  cwd: string,
  env: Readonly<Record<string, string>>,
  orders: TemplateOrders,
  noticed: Map<number, string | null>,
): Promise<void> {
  const program = join(import.meta.dirname, 'template-mutants-run.mts')
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program], {
    cwd,
    env,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  child.stdin.end(JSON.stringify(orders))
  let running: number | null = null
  let timer: NodeJS.Timeout | undefined
  const watch = () => {
    clearTimeout(timer)
    timer = setTimeout(() => child.kill('SIGKILL'), STALL_MS)
  }
  watch()
  const lines = createInterface({ input: child.stdout })
  lines.on('line', (line) => {
    if (!line.startsWith('{"kind":')) return
    watch()
    const result = JSON.parse(line) as TemplateResult
    if (result.kind === 'excluded' && result.names.length > 0)
      console.error(`tests that cannot be repeated: ${result.names.join('; ')}`)
    if (result.kind === 'begun') running = result.at
    if (result.kind !== 'ended') return
    running = null
    noticed.set(result.at, result.noticedBy)
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    lines.once('close', () => {
      clearTimeout(timer)
      child.kill('SIGKILL')
      if (running !== null) noticed.set(running, 'the process')
      resolve()
    })
  })
}
