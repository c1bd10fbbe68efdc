import { notStarted, type WorkerInfo } from '#contract'
import type { Logger } from '#lib/log'
import type { Machine } from '#lib/machine'
import { priceOf } from '#lib/model-prices'
import type { QueueBackend } from '#queue/backend'
import { runGenerateWorker } from '#queue/consumer/generate-worker'
import type { JobStore } from '#store/job-store'
import { ulid } from 'ulid'
import type { WorkerConfig } from './config.ts'
import { toldBy } from './notify/config.ts'
import { startDeliver } from './notify/start-deliver.ts'
import { makeOfflineDesigner } from '../generator/designers/offline/offline-designer.ts'
import { makeTaskPool } from '../generator/tasks/task-pool.ts'
import { makeOpenAiDesigner } from '../generator/designers/model/openai-designer.ts'
import { toFailure } from '../generator/attempt/failure.ts'
import { packProject } from '../generator/stages/pack.ts'
import { makePipeline } from '../generator/pipeline/pipeline.ts'
import { makeRepair } from '../generator/stages/repair.ts'
import { makeVerify } from '../generator/verify/verify.ts'
import { removeAbandoned } from '../generator/sandbox/workspace.ts'
import { makeWrite } from '../generator/stages/write.ts'
import { UNLIMITED_BUDGET, openAccount } from '../generator/llm/account.ts'
import { makeConcurrencyLimiter } from '../generator/llm/concurrency-limiter.ts'
import { ModelError } from '../generator/llm/model-error.ts'
import { noticeOf } from '../generator/llm/model-status.ts'
import { makeOpenAiModel } from '../generator/llm/openai.ts'
import { watchModel } from '../generator/llm/watch-model.ts'
import { chooseSandbox } from '../generator/sandbox/choose-sandbox.ts'
import { watchSandbox } from '../generator/sandbox/watch-sandbox.ts'
import { defaultStack } from '../generator/stacks/registry.ts'
import { ensureKit } from '../generator/stacks/install-kit.ts'
import { npmForBun } from '../generator/stacks/npm-for-bun.ts'

const { kitDirectory } = defaultStack

export type RunningWorker = AsyncDisposable & {
  /** How it isolates what it runs; one line. Null when it runs nothing. */
  readonly sandbox: string | null
  /** The model that it asks; null where it asks none. */
  readonly model: string | null
  /** What is to be said of that model, such as the day of its end; null for nothing. */
  readonly modelNote: string | null
  /** The chats that it tells. */
  readonly chats: readonly string[]
}

type Deps = {
  readonly backend: QueueBackend
  readonly store: JobStore
  readonly config: WorkerConfig
  readonly machine: Machine
  readonly log: Logger
  /** Called with a short line when a step takes long. */
  readonly onStatus?: (text: string) => void
  readonly signal?: AbortSignal
  /** Decides whether a model is still served; tests set it. */
  readonly now?: () => Date
}

/** Makes itself ready, then generates, tells chats, or both, until it is disposed of. */
export async function startWorker(deps: Deps): Promise<RunningWorker> {
  const { generates, deliver } = deps.config
  await using stack = new AsyncDisposableStack()
  // First, so that it stops last: it tells how the last jobs ended.
  if (deliver !== null)
    stack.use(await startDeliver({ ...deps, config: deliver, dataDir: deps.config.dataDir }))
  const generate = generates ? stack.use(await startGenerate(deps)) : null
  const owned = stack.move()
  return {
    sandbox: generate?.sandbox ?? null,
    model: generate?.model ?? null,
    modelNote: generate?.modelNote ?? null,
    chats: deliver === null ? [] : toldBy(deliver),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

/** Needs the kit's packages and a sandbox first. */
async function startGenerate(
  deps: Deps,
): Promise<AsyncDisposable & Pick<RunningWorker, 'model' | 'modelNote'> & { readonly sandbox: string }> {
  const { backend, store, config, machine, log, onStatus } = deps
  const signal = deps.signal ?? new AbortController().signal
  const { env, nodePath, bunPath, platform, userId, tempDirectory } = machine

  await removeAbandoned(tempDirectory)
  await ensureKit({
    kitDirectory,
    env,
    signal,
    npm:
      bunPath === undefined ? undefined : (folder) => npmForBun({ bunPath, nodePath, folder, env, signal }),
    onProgress: (detail) => onStatus?.(`Once, for a few seconds: ${detail}…`),
  })
  await using stack = new AsyncDisposableStack()
  const sandbox = stack.use(
    await watchSandbox({
      choose: (untilStopped) =>
        chooseSandbox({
          setting: config.sandbox,
          nodePath,
          kitDirectory,
          tempDirectory,
          searchPath: env['PATH'] ?? '',
          platform,
          userId,
          signal: untilStopped,
        }),
      // A tier that lets something through is to be seen by whoever looks at warnings alone.
      onChosen: ({ tier, memoryBound, description, undecided }) =>
        log[tier === 'bubblewrap' ? 'info' : 'warn'](
          { tier, memory: memoryBound },
          `sandbox: ${description}${undecided ? '; it will be tested again in a minute' : ''}`,
        ),
      onError: (error) => log.warn({ err: error }, 'sandbox: could not be tested again'),
      signal,
    }),
  )

  // Nothing but what the system and Node itself need.
  const forPool = Object.fromEntries(
    ['SystemRoot', 'NODE_COMPILE_CACHE'].flatMap((name) => (env[name] ? [[name, env[name]]] : [])),
  )
  const { compute } = stack.use(makeTaskPool({ size: config.concurrency, log, env: forPool }))
  const watch =
    config.model === null
      ? null
      : stack.use(await watchModel({ config: config.model, log, signal, ...(deps.now && { now: deps.now }) }))
  const model =
    config.model === null || watch === null
      ? null
      : makeOpenAiModel({ config: config.model, log, status: watch.status })
  const modelNotice = () => (watch === null ? null : noticeOf(watch.status()))
  const openai = model === null ? null : makeOpenAiDesigner({ model, log, compute })
  const writer =
    model === null ? null : { write: makeWrite({ model, log }), repair: makeRepair({ model, log }) }
  const verify = makeVerify({
    pickSandbox: sandbox.pick,
    kitDirectory,
    nodePath,
    tempDirectory,
    limits: config.limits,
    compute,
    ownSecrets: config.model?.apiKey ? [config.model.apiKey] : [],
  })
  const verifications = makeConcurrencyLimiter(machine.processors)
  const run = makePipeline({
    store,
    designers: { offline: makeOfflineDesigner(compute), openai },
    render: (blueprint, { signal: aborted = signal, ...options } = {}) =>
      compute('render', { blueprint, ...options }, aborted),
    compute,
    // Jobs mostly wait for a model; what they run would only hold each other up beyond the number of processors.
    verify: (input) => verifications.run(input.signal, () => verify(input)),
    pack: packProject,
    writer,
    modelNotice,
    openAccount: (kept) =>
      openAccount({
        budget: config.model?.budget ?? UNLIMITED_BUDGET,
        price: model === null ? null : priceOf(model.name, config.model?.prices ?? {}),
        ...kept,
      }),
    log,
    inSpan: backend.telemetry.inSpan,
  })

  const info: WorkerInfo = {
    id: ulid().toLowerCase(),
    startedAt: new Date().toISOString(),
    concurrency: config.concurrency,
    // Read at every sign of life: a busy machine may get its sandbox later.
    get sandbox() {
      return sandbox.current().tier
    },
    get sandboxNote() {
      const { undecided, description } = sandbox.current()
      return undecided ? `${description}. It is tested again every minute.` : undefined
    },
    designer: openai ? 'openai' : 'offline',
    // Read at every sign of life as well: a model may leave while the worker runs.
    get model() {
      return model?.name
    },
    get modelPriced() {
      return model === null ? undefined : priceOf(model.name, config.model?.prices ?? {}) !== null
    },
    get modelNote() {
      return modelNotice() ?? undefined
    },
  }
  const worker = runGenerateWorker({
    backend,
    store,
    log,
    info,
    concurrency: config.concurrency,
    run,
    failureOutcome: ({ lastProgress, error }) => ({
      state: 'failed',
      finishedAt: new Date().toISOString(),
      startedAt: lastProgress?.steps[0]?.startedAt ?? null,
      percent: lastProgress?.percent ?? 0,
      stage: lastProgress?.stage ?? null,
      steps: lastProgress?.steps ?? notStarted.steps,
      failure: toFailure(error),
      report: null,
      ...(error instanceof ModelError && { ledger: error.usage }),
    }),
  })
  stack.defer(() => worker.stop({ graceMs: config.shutdownGraceMs }))
  await worker.ready()

  const owned = stack.move()
  return {
    sandbox: sandbox.current().description,
    model: model?.name ?? null,
    modelNote: modelNotice(),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}
