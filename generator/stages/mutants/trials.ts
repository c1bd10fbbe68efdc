import { createHash } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import type { Blueprint } from '#contract'
import type { Once } from '../../attempt/checkpoint.ts'
import type { MeasureMutants, MutationResult, ProjectFile } from '../../ports.ts'
import type { HandlerSpec } from '../../stacks/stack.ts'
import type { Written } from '../write-handlers.ts'

/** Handlers that are written at about the same time are tried in one run. */
const GATHER_MS = 300

const StoredResult: z.ZodType<MutationResult> = z.object({
  path: z.string(),
  testPaths: z.array(z.string()),
  functionName: z.string(),
  killed: z.number(),
  all: z.number(),
  survivors: z.array(z.string()),
  untried: z.number(),
  failing: z.array(z.string()),
})

/** Handlers of a project, and the files to try them in. */
export type Tryable = {
  readonly blueprint: Blueprint
  readonly handlers: Written['handlers']
  readonly specs: readonly HandlerSpec[]
  /** Called only if something is not known yet. */
  readonly files: () => Promise<readonly ProjectFile[]>
}

export type MutantTrials = AsyncDisposable & {
  /** Tries the handlers in the background, one run at a time, in half of the time that is left. */
  begin(project: Tryable): void
  /** Starts no further run in the background. The one that runs ends by itself. */
  rest(): void
  /** A result for each specification, in their order; null where nothing can be tried. */
  results(project: Tryable): Promise<readonly MutationResult[] | null>
  hasTime(): boolean
}

type Waiting = {
  readonly key: string
  readonly project: Tryable
  readonly spec: HandlerSpec
  readonly settle: PromiseWithResolvers<MutationResult | null>
}

/**
 * Tries faults in the code of handlers, that of each once: its result is stored under what it depends on. So handlers may be
 * tried while others are still being written, or while a model repairs or compares.
 */
export function makeMutantTrials(deps: {
  readonly measure: MeasureMutants
  /** Milliseconds of running for one job. */
  readonly budgetMs: number
  readonly projectOf: (blueprint: Blueprint) => {
    readonly environment: Readonly<Record<string, string>>
    readonly services: readonly string[]
  }
  readonly once: Once
  readonly signal: AbortSignal
  readonly onProgress: (detail: string) => void
  readonly gatherMs?: number
  readonly now?: () => number
}): MutantTrials {
  const { once, gatherMs = GATHER_MS, now = () => performance.now() } = deps
  const stop = new AbortController()
  const signal = AbortSignal.any([deps.signal, stop.signal])
  const known = new Map<string, Promise<MutationResult | null>>()
  /** Of those that there was too little time for. */
  const partly = new Map<string, MutationResult>()
  /** A stage waits for the results. */
  const wanted = new Set<string>()
  let waiting: Waiting[] = []
  let gathering = new AbortController()
  let isRunning = false
  let lookups = 0
  let isResting = false
  let leftMs = deps.budgetMs

  const resultOf = (project: Tryable, spec: HandlerSpec) => {
    const key = keyOf(project, spec)
    const before = known.get(key)
    if (before !== undefined) return before
    const isFound = lookUp()
    const result = once('mutants', key, StoredResult, async () => {
      const queued = enqueue(key, project, spec)
      isFound()
      const found = await queued
      if (found === null || found.untried > 0) throw new Unfinished(found)
      return found
    })
      .finally(isFound)
      .catch((error: unknown) => {
        known.delete(key)
        if (!(error instanceof Unfinished)) throw error
        if (error.found !== null) partly.set(key, error.found)
        return error.found
      })
    known.set(key, result)
    return result
  }

  /** Until each that was asked for is found or queued, none starts: they run together. */
  const lookUp = () => {
    let isOpen = true
    lookups += 1
    return () => {
      if (!isOpen) return
      isOpen = false
      lookups -= 1
      if (lookups === 0 && waiting.length > 0 && !isRunning) void runAll()
    }
  }

  const enqueue = (key: string, project: Tryable, spec: HandlerSpec) => {
    if (leftMs <= 0 || (isResting && !wanted.has(key))) return partly.get(key) ?? untried(spec)
    const settle = Promise.withResolvers<MutationResult | null>()
    waiting.push({ key, project, spec, settle })
    return settle.promise
  }

  const isAnyWanted = (some: readonly Waiting[]) => some.some(({ key }) => wanted.has(key))

  const runAll = async () => {
    isRunning = true
    gathering = new AbortController()
    // What comes soon after the first runs with it.
    if (!isAnyWanted(waiting))
      await delay(gatherMs, undefined, { signal: AbortSignal.any([signal, gathering.signal]) }).catch(
        () => {},
      )
    while (waiting.length > 0) await runSome()
    isRunning = false
  }

  /** All that are part of the latest project. */
  const runSome = async () => {
    const { project } = waiting.at(-1)!
    const batch = waiting.filter(({ key, spec }) => keyOf(project, spec) === key)
    waiting = waiting.filter((one) => !batch.includes(one))
    try {
      const results = await measureAll(project, batch)
      for (const { spec, settle } of batch)
        settle.resolve(results && (results.find(({ path }) => path === spec.path) ?? untried(spec)))
    } catch (error) {
      for (const { settle } of batch) settle.reject(error)
    }
  }

  const measureAll = async (project: Tryable, batch: readonly Waiting[]) => {
    signal.throwIfAborted()
    const files = await project.files()
    const started = now()
    try {
      return await deps.measure({
        files,
        targets: batch.map(({ spec: { path, testPaths, functionName } }) => ({
          path,
          testPaths,
          functionName,
        })),
        ...deps.projectOf(project.blueprint),
        budgetMs: isAnyWanted(batch) ? leftMs : leftMs / 2,
        signal,
        onProgress: deps.onProgress,
      })
    } finally {
      leftMs -= now() - started
    }
  }

  return {
    begin(project) {
      isResting = false
      const isAsked = lookUp()
      for (const spec of project.specs)
        if (Object.hasOwn(project.handlers, spec.id)) resultOf(project, spec).catch(() => {})
      isAsked()
    },
    rest() {
      isResting = true
      for (const { key, spec, settle } of waiting)
        if (!wanted.has(key)) settle.resolve(partly.get(key) ?? untried(spec))
      waiting = waiting.filter(({ key }) => wanted.has(key))
      gathering.abort()
    },
    async results(project) {
      const ask = async (spec: HandlerSpec) => {
        const key = keyOf(project, spec)
        // In the background it may have had half of the time.
        const isBegun = known.has(key)
        wanted.add(key)
        const found = await resultOf(project, spec)
        return isBegun && found !== null && found.untried > 0 ? resultOf(project, spec) : found
      }
      gathering.abort()
      const isAsked = lookUp()
      const asked = project.specs.map(ask)
      isAsked()
      const found = await Promise.all(asked)
      return found.some((one) => one === null) ? null : (found as MutationResult[])
    },
    hasTime: () => leftMs > 0,
    async [Symbol.asyncDispose]() {
      stop.abort()
      await Promise.allSettled(known.values())
    },
  }
}

/** There was too little time, or nothing can be tried. */
class Unfinished extends Error {
  readonly code = 'unfinished'
  readonly found: MutationResult | null
  constructor(found: MutationResult | null) {
    super('not every mutant was tried')
    this.found = found
  }
}

const untried = ({ path, testPaths, functionName }: HandlerSpec): MutationResult => ({
  path,
  testPaths,
  functionName,
  killed: 0,
  all: 0,
  survivors: [],
  untried: 1,
  failing: [],
})

/** What the result for a handler depends on: its code, its tests, what both reach, and what it calls or is called by. */
function keyOf({ blueprint, handlers }: Tryable, { id, helpers = [], users = [] }: HandlerSpec): string {
  const { operations, schedules, helpers: _, ...shared } = blueprint
  const near = [...helpers, ...users].map((one) => one.id)
  const own = [...operations, ...schedules].filter(
    (one) => one.id === id || users.some((user) => user.id === one.id),
  )
  return hash([
    handlers[id],
    own,
    shared,
    ...(near.length > 0 ? [near.map((one) => handlers[one] ?? null)] : []),
  ])
}

const hash = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex')
