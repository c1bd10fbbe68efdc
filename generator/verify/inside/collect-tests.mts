/** Stands in for node:test where the tests of a project are run again and again: collects what a file declares. */
import { mock } from 'node:test'

type Given = { readonly mock: typeof mock; readonly name: string; after(hook: Hook): void }
type Body = (t: Given) => unknown
type Hook = () => unknown
type Options = {
  readonly timeout?: number
  readonly skip?: boolean | string
  readonly todo?: boolean | string
}

export type Collected = {
  readonly name: string
  readonly mostMs: number
  /** Rejects with what failed, or with a `TestTimeout` after so many milliseconds. */
  readonly run: (mostMs: number) => Promise<void>
}

type Suite = { readonly name: string; readonly before: Hook[]; readonly after: Hook[] }

/** What a test may take that says nothing else. */
const MOST_MS = 10_000

let collected: Collected[] = []
let suites: readonly Suite[] = []

/** What `load` declares. */
export async function collect(load: () => Promise<unknown>): Promise<Collected[]> {
  collected = []
  suites = [{ name: '', before: [], after: [] }]
  await load()
  return collected
}

/** That a test took too long. It may still run. */
export class TestTimeout extends Error {}

export const it = withVariants(declareTest)
export const test = withVariants(declareTest)
export const describe = withVariants(declareSuite)
export const suite = withVariants(declareSuite)
// Each test may run by itself and again, so what is done once for a suite is done for each.
export const before = (hook: Hook) => void suites.at(-1)?.before.push(hook)
export const beforeEach = (hook: Hook) => void suites.at(-1)?.before.push(hook)
export const after = (hook: Hook) => void suites.at(-1)?.after.push(hook)
export const afterEach = (hook: Hook) => void suites.at(-1)?.after.push(hook)
export { mock }

/** With the variants that declare nothing to run. */
function withVariants<Given extends unknown[]>(declare: (...given: Given) => void) {
  return Object.assign((...given: Given) => declare(...given), { skip() {}, todo() {} })
}

function declareTest(name: string, options: Options | Body, body?: Body): void {
  const run = typeof options === 'function' ? options : body
  const { timeout = MOST_MS, skip, todo } = typeof options === 'function' ? ({} as Options) : options
  if (run === undefined || (skip ?? false) !== false || (todo ?? false) !== false) return
  const within = suites
  const title = [...within.map((suite) => suite.name), name].filter((part) => part !== '').join(' > ')
  collected.push({
    name: title,
    mostMs: timeout,
    run: (mostMs) => inTime(() => runOne(title, within, run), Math.min(timeout, mostMs)),
  })
}

function declareSuite(name: string, options: Options | Hook, body?: Hook): void {
  const declare = typeof options === 'function' ? options : body
  const outside = suites
  suites = [...suites, { name, before: [], after: [] }]
  declare?.()
  suites = outside
}

async function runOne(name: string, within: readonly Suite[], body: Body): Promise<void> {
  const cleanups: Hook[] = []
  try {
    for (const one of within) for (const hook of one.before) await hook()
    await body({ mock, name, after: (hook) => void cleanups.push(hook) })
  } finally {
    for (const hook of cleanups) await hook()
    for (const one of within.toReversed()) for (const hook of one.after) await hook()
    mock.reset()
  }
}

async function inTime(work: () => Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TestTimeout(`took longer than ${ms} ms`)), ms)
  })
  try {
    await Promise.race([work(), late])
  } finally {
    clearTimeout(timer)
  }
}
