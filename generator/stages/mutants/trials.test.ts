import { setImmediate as settled } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Once } from '../../attempt/checkpoint.ts'
import { completeTodo, todoWithComplete } from '../../codegen/testing/operations.ts'
import type { MeasureMutants, MutationResult } from '../../ports.ts'
import { defaultStack } from '../../stacks/registry.ts'
import { callContext } from '../../testing/call-context.ts'
import { makeMutantTrials, type Tryable } from './trials.ts'

const operations = ['one', 'two', 'three'].map((id) => ({ ...completeTodo, id, path: `/todos/:id/${id}` }))
const blueprint = { ...todoWithComplete, operations }
const specs = defaultStack.handlerSpecs(blueprint, [])
const project = (handlers: Tryable['handlers'], over: Partial<Tryable> = {}): Tryable => ({
  blueprint,
  handlers,
  specs: specs.filter(({ id }) => Object.hasOwn(handlers, id)),
  files: async () => [],
  ...over,
})
const all = { one: '1', two: '2', three: '3' }

/** Runs that end when the test says so. */
function setUp(over: { once?: Once; cut?: (budgetMs: number) => boolean; fails?: () => boolean } = {}) {
  const runs: { ids: string[]; budgetMs: number; signal: AbortSignal; end: () => void }[] = []
  let started = Promise.withResolvers<void>()
  let clock = 0
  const measure: MeasureMutants = async ({ targets, budgetMs, signal }) => {
    const ended = Promise.withResolvers<void>()
    const ids = targets.map(({ path }) => specs.find((one) => one.path === path)!.id)
    runs.push({ ids, budgetMs, signal, end: ended.resolve })
    signal.addEventListener('abort', () => ended.reject(signal.reason))
    started.resolve()
    started = Promise.withResolvers()
    await ended.promise
    clock += 1000
    if (over.fails?.()) throw new Error('the disk is full')
    const untried = over.cut?.(budgetMs) ? 5 : 0
    return targets.map((target): MutationResult => ({
      ...target,
      killed: 4,
      all: 4,
      survivors: [],
      untried,
      failing: [],
    }))
  }
  const trials = makeMutantTrials({
    measure,
    budgetMs: 10_000,
    projectOf: () => ({ environment: {}, services: [] }),
    gatherMs: 0,
    now: () => clock,
    ...callContext(over.once && { once: over.once }),
  })
  return { trials, runs, nextRun: () => started.promise }
}

test('handlers that come together are tried together, and nothing is tried twice', async () => {
  const { trials, runs, nextRun } = setUp()
  const begun = nextRun()
  trials.begin(project({ one: '1' }))
  trials.begin(project({ one: '1', two: '2' }))
  await begun
  // What comes during a run is tried after it.
  trials.begin(project(all))
  const last = nextRun()
  runs[0]!.end()
  await last
  const results = trials.results(project(all))
  runs[1]!.end()
  expect((await results)!.map(({ path }) => path)).toEqual(specs.map(({ path }) => path))
  expect(runs.map(({ ids }) => ids)).toEqual([['one', 'two'], ['three']])
})

test('what was written again, or has other examples, is tried again', async () => {
  const { trials, runs, nextRun } = setUp()
  const ask = async (given: Tryable) => {
    const begun = nextRun()
    const results = trials.results(given)
    await begun
    runs.at(-1)!.end()
    return results
  }
  await ask(project(all))
  await ask(project({ ...all, two: 'repaired' }))
  const [one, ...others] = operations
  const extended = { ...blueprint, operations: [{ ...one!, examples: [] }, ...others] }
  await ask(project({ ...all, two: 'repaired' }, { blueprint: extended }))
  expect(runs.map(({ ids }) => ids)).toEqual([['one', 'two', 'three'], ['two'], ['one']])
})

test('nothing begins in the background after a rest, until it is asked for', async () => {
  const { trials, runs, nextRun } = setUp()
  trials.begin(project({ one: '1' }))
  trials.rest()
  await settled()
  expect(runs).toEqual([])
  const begun = nextRun()
  const results = trials.results(project(all))
  await begun
  runs[0]!.end()
  expect(await results).toHaveLength(3)
  expect(runs.map(({ ids }) => ids.length)).toEqual([3])
})

test('the background takes half of the time, and what that did not suffice for has the rest', async () => {
  const { trials, runs, nextRun } = setUp({ cut: (budgetMs) => budgetMs < 6000 })
  const first = nextRun()
  trials.begin(project({ one: '1' }))
  await first
  const second = nextRun()
  const results = trials.results(project({ one: '1' }))
  runs[0]!.end()
  await second
  runs[1]!.end()
  expect(await results).toMatchObject([{ untried: 0 }])
  expect(runs.map(({ budgetMs }) => budgetMs)).toEqual([5000, 9000])
})

test('a later attempt starts from the results of the one before', async () => {
  const stored = new Map<string, unknown>()
  const once: Once = async (stage, inputs, _schema, work) => {
    const key = JSON.stringify([stage, inputs])
    if (!stored.has(key)) stored.set(key, await work())
    return stored.get(key) as never
  }
  const first = setUp({ once })
  const begun = first.nextRun()
  const results = first.trials.results(project(all))
  await begun
  first.runs[0]!.end()
  await results
  const second = setUp({ once })
  expect(await second.trials.results(project(all))).toEqual(await results)
  expect(second.runs).toEqual([])
})

test('a run that fails in the background is repeated when its result is asked for', async () => {
  let isFull = true
  const { trials, runs, nextRun } = setUp({ fails: () => isFull })
  const first = nextRun()
  trials.begin(project({ one: '1' }))
  await first
  runs[0]!.end()
  await settled()
  isFull = false
  const second = nextRun()
  const results = trials.results(project({ one: '1' }))
  await second
  runs[1]!.end()
  expect(await results).toMatchObject([{ killed: 4 }])
})

test('a run ends with the job', async () => {
  const { trials, runs, nextRun } = setUp()
  const begun = nextRun()
  trials.begin(project({ one: '1' }))
  await begun
  await trials[Symbol.asyncDispose]()
  expect(runs[0]!.signal.aborted).toBe(true)
})
