/**
 * A process that loads a project once and runs tests of it with one mutant after the other in place of a function. What is
 * tested is a model's code, which shares this process and can forge any message: figures, not verdicts.
 */
import { writeSync } from 'node:fs'
import { registerHooks } from 'node:module'
import process from 'node:process'
import { text } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import type { MutantEvent, MutantOrders } from '../mutant-messages.ts'
import { collect, TestTimeout, type Collected } from './collect-tests.mts'

const CHANNEL = 3
const ORIGINAL = 'original'
/** How long a test may take at least, whatever it takes with its own function. */
const LEAST_MS = 1_000

// Taken now, so that a project that replaces them later changes nothing here.
const send = makeSend(writeSync)
const { files, order, from } = JSON.parse(await text(process.stdin)) as MutantOrders & { from: number }

// Where nothing else ends this process with the one that started it, it ends itself.
const parent = process.ppid
setInterval(() => {
  if (process.ppid !== parent) process.exit(1)
}, 500).unref()

type Run = (...given: unknown[]) => unknown
/** The function that stands in for the one of each file; null for its own. */
const chosen: (Run | null)[] = files.map(() => null)
Reflect.set(globalThis, Symbol.for('mutants'), chosen)

const urls = files.map(({ path }) => pathToFileURL(`${process.cwd()}/${path}`).href)
const collector = new URL('collect-tests.mjs', import.meta.url).href
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'node:test' && context.parentURL !== collector
      ? { url: collector, shortCircuit: true }
      : next(specifier, context),
  load(url, context, next) {
    const [path = '', which] = url.split('?mutant=')
    const at = urls.indexOf(path)
    const file = files[at]
    if (file === undefined || which === ORIGINAL) return next(url, context)
    if (which !== undefined)
      return { format: 'module-typescript', source: file.mutants[Number(which)] ?? '', shortCircuit: true }
    const { functionName: name } = file
    const source = `import { ${name} as original } from ${JSON.stringify(`${path}?mutant=${ORIGINAL}`)}
const chosen = globalThis[Symbol.for('mutants')]
export const ${name} = (...given) => (chosen[${at}] ?? original)(...given)`
    return { format: 'module', source, shortCircuit: true }
  },
})

/** The tests of a file that pass with its own function. */
const passing = new Map<number, Promise<Collected[]>>()
const testsOf = (at: number) => {
  const known = passing.get(at) ?? loadTests(at)
  passing.set(at, known)
  return known
}

/** Of each file of tests: a module is run once, and two functions may have the same tests. */
const collected = new Map<string, readonly Collected[]>()
const collectFrom = (path: string): Promise<Collected[]> =>
  collect(() => import(pathToFileURL(`${process.cwd()}/${path}`).href)).catch(() => [])

async function loadTests(at: number): Promise<Collected[]> {
  const declared: Collected[] = []
  for (const path of files[at]!.testPaths) {
    const known = collected.get(path) ?? (await collectFrom(path))
    collected.set(path, known)
    declared.push(...known)
  }
  const good: Collected[] = []
  for (const one of declared) {
    let started = performance.now()
    let failure = await failureOf(one)
    // The first one loads what all need, on a busy machine for longer than a test may take.
    if (failure instanceof TestTimeout) {
      started = performance.now()
      failure = await failureOf(one)
    }
    if (failure !== null) {
      send({ kind: 'failing', file: at, name: one.name.slice(0, 2000) })
      continue
    }
    good.push({ ...one, mostMs: Math.max(LEAST_MS, 20 * (performance.now() - started)) })
  }
  return good
}

const failureOf = (one: Collected): Promise<unknown> =>
  one.run(one.mostMs).then(
    () => null,
    (error: unknown) => error ?? 'nothing',
  )

async function failingOf(tests: readonly Collected[]) {
  for (const by of tests) {
    const failure = await failureOf(by)
    if (failure !== null) return { by, failure }
  }
  return null
}

let at = from
let isRunning = false
/** A mutant that breaks the process itself is noticed. The next one gets a new process. */
const end = (): never => {
  if (isRunning) send({ kind: 'ended', at, noticed: true })
  process.exit(0)
}
process.on('uncaughtException', end)
process.on('unhandledRejection', end)

for (; at < order.length; at += 1) {
  const [file, mutant] = order[at]!
  const tests = await testsOf(file)
  if (tests.length === 0) {
    send({ kind: 'untested', at })
    continue
  }
  send({ kind: 'begun', at, mostMs: tests.reduce((sum, { mostMs }) => sum + mostMs, LEAST_MS) })
  isRunning = true
  const module = (await import(`${urls[file]}?mutant=${mutant}`).catch(() => null)) as Record<
    string,
    Run
  > | null
  chosen[file] = module?.[files[file]!.functionName] ?? null
  const failing = chosen[file] === null ? null : await failingOf(tests)
  const isNoticed = failing !== null || chosen[file] === null
  chosen[file] = null
  // What a test that ran out of time left behind would disturb the next one, as would a process that is no longer sound.
  if (failing !== null && (failing.failure instanceof TestTimeout || (await failureOf(failing.by)) !== null))
    end()
  isRunning = false
  send({ kind: 'ended', at, noticed: isNoticed })
}
send({ kind: 'done' })
process.exit(0)

function makeSend(write: typeof writeSync) {
  const { stringify } = JSON
  return (event: MutantEvent): void => void write(CHANNEL, `${stringify(event)}\n`)
}
