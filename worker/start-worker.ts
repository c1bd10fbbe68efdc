import { notStarted, type WorkerInfo } from '#contract'
import type { Logger } from '#lib/log'
import type { Machine } from '#lib/machine'
import type { QueueBackend } from '#queue/backend'
import { runGenerateWorker } from '#queue/consumer/generate-worker'
import type { JobStore } from '#store/job-store'
import { ulid } from 'ulid'
import { openGenerator } from '../generator/open-generator.ts'
import type { WorkerConfig } from './config.ts'
import { notificationTargets } from './notify/config.ts'
import { startNotifier } from './notify/start-notifier.ts'

export type RunningWorker = AsyncDisposable & {
  /** How generated code is isolated, in one line. Null when this worker generates nothing. */
  readonly sandbox: string | null
  /** The model it calls; null without one. */
  readonly model: string | null
  /** A notice about that model, such as its retirement date; null for none. */
  readonly modelNote: string | null
  /** The chats that it notifies. */
  readonly chats: readonly string[]
}

type Deps = {
  readonly backend: QueueBackend
  readonly store: JobStore
  readonly config: WorkerConfig
  readonly machine: Machine
  readonly log: Logger
  /** Called with a short line during slow steps. */
  readonly onStatus?: (text: string) => void
  readonly signal?: AbortSignal
  /** Clock for the model retirement check; set by tests. */
  readonly now?: () => Date
}

/** Generates, notifies chats, or both, until it is disposed of. Resolves when it takes jobs. */
export async function startWorker(deps: Deps): Promise<RunningWorker> {
  const { generates, deliver } = deps.config
  await using stack = new AsyncDisposableStack()
  // Started first, so that it stops last: it reports how the last jobs ended.
  if (deliver !== null)
    stack.use(await startNotifier({ ...deps, config: deliver, dataDir: deps.config.dataDir }))
  const generate = generates ? stack.use(await startGenerate(deps)) : null
  const owned = stack.move()
  return {
    sandbox: generate?.sandbox ?? null,
    model: generate?.model ?? null,
    modelNote: generate?.modelNote ?? null,
    chats: deliver === null ? [] : notificationTargets(deliver),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

async function startGenerate({ backend, store, config, log, ...rest }: Deps) {
  const { concurrency } = config
  await using stack = new AsyncDisposableStack()
  const generator = stack.use(
    await openGenerator({ ...rest, config, concurrency, store, log, inSpan: backend.telemetry.inSpan }),
  )
  // Copies getters instead of their values: each heartbeat reads the generator's present state.
  const info: WorkerInfo = Object.defineProperties(
    { id: ulid().toLowerCase(), startedAt: new Date().toISOString(), concurrency, ...generator.info },
    Object.getOwnPropertyDescriptors(generator.info),
  )
  const worker = runGenerateWorker({
    backend,
    store,
    log,
    info,
    concurrency,
    run: generator.run,
    failureOutcome: ({ lastProgress, error }) => ({
      state: 'failed',
      finishedAt: new Date().toISOString(),
      startedAt: lastProgress?.steps[0]?.startedAt ?? null,
      percent: lastProgress?.percent ?? 0,
      stage: lastProgress?.stage ?? null,
      steps: lastProgress?.steps ?? notStarted.steps,
      report: null,
      ...generator.describeFailure(error),
    }),
  })
  stack.defer(() => worker.stop({ graceMs: config.shutdownGraceMs }))
  await worker.ready()

  const owned = stack.move()
  return {
    sandbox: generator.sandboxDescription,
    model: generator.info.model ?? null,
    modelNote: generator.info.modelNote ?? null,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}
