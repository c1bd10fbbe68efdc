import type { JobOutcome, WorkerInfo } from '#contract'
import type { Logger } from '#lib/log'
import type { Machine } from '#lib/machine'
import { priceOf } from '#lib/model-prices'
import type { InSpan } from '#lib/telemetry'
import type { JobStore } from '#store/job-store'
import { toFailure } from './attempt/failure.ts'
import type { GeneratorConfig } from './config.ts'
import { makeCompleteDocument } from './designers/model/complete-document.ts'
import { makeOpenAiDesigner } from './designers/model/openai-designer.ts'
import { makeRequestFurtherExamples } from './designers/model/further-examples.ts'
import { makeOfflineDesigner } from './designers/offline/offline-designer.ts'
import { openAccount } from './llm/account.ts'
import { budgetOf, makeModelChoice, type ChosenModel } from './choose-model.ts'
import { makeConcurrencyLimiter } from './llm/concurrency-limiter.ts'
import { ModelError } from './llm/model-error.ts'
import { noticeOf } from './llm/model-status.ts'
import { makeOpenAiModels } from './llm/openai.ts'
import type { StructuredModel } from './llm/structured-model.ts'
import { watchModel } from './llm/watch-model.ts'
import { makePipeline } from './pipeline/pipeline.ts'
import type { Attempt, PlanWait } from './pipeline/pipeline-deps.ts'
import { chooseSandbox } from './sandbox/choose-sandbox.ts'
import { watchSandbox } from './sandbox/watch-sandbox.ts'
import { removeAbandoned } from './sandbox/workspace.ts'
import { ensureKit } from './stacks/install-kit.ts'
import { npmForBun } from './stacks/npm-for-bun.ts'
import { defaultStack } from './stacks/registry.ts'
import { packProject } from './stages/pack.ts'
import { judgeExample } from './stages/repair/judge-example.ts'
import { makeRepair } from './stages/repair.ts'
import { makeReview } from './stages/review.ts'
import { makeWrite } from './stages/write-handlers.ts'
import { makeTaskPool } from './tasks/task-pool.ts'
import { makeMeasureMutants } from './verify/measure-mutants.ts'
import { makeVerify } from './verify/verify.ts'

export type Generator = AsyncDisposable & {
  /** Runs one attempt. Throws only errors that another attempt may fix, or the signal's reason. */
  run(attempt: Attempt): Promise<JobOutcome | PlanWait>
  /** What a failed outcome says of an error that `run` threw. */
  describeFailure(error: unknown): Pick<JobOutcome & { state: 'failed' }, 'failure' | 'ledger'>
  /** Read it again for each heartbeat: the sandbox and the model may change while the generator runs. */
  readonly info: Readonly<Omit<WorkerInfo, 'id' | 'startedAt' | 'concurrency'>>
  /** How generated code is isolated, in one line. */
  readonly sandboxDescription: string
}

export type GeneratorDeps = {
  readonly config: GeneratorConfig
  /** Jobs that run at once. */
  readonly concurrency: number
  readonly store: JobStore
  readonly machine: Machine
  readonly log: Logger
  readonly inSpan: InSpan
  /** Called with a short line when a step takes long. */
  readonly onStatus?: (text: string) => void
  /** Aborts opening. */
  readonly signal?: AbortSignal
  /** Decides whether a model is still served; tests set it. */
  readonly now?: () => Date
}

/** Installs the kit, selects a sandbox, starts the compute pool and connects the model that is configured. */
export async function openGenerator(deps: GeneratorDeps): Promise<Generator> {
  const { config, store, machine, log } = deps
  const signal = deps.signal ?? new AbortController().signal
  const { nodePath, tempDirectory } = machine
  const { kitDirectory } = defaultStack

  await removeAbandoned(tempDirectory)
  await installKit(deps, signal)
  await using stack = new AsyncDisposableStack()
  const sandbox = stack.use(await openSandbox(deps, signal))
  const env = poolEnvironment(machine.env)
  const { compute } = stack.use(makeTaskPool({ size: deps.concurrency, log, env }))

  const watch =
    config.model === null
      ? null
      : stack.use(await watchModel({ config: config.model, log, signal, ...(deps.now && { now: deps.now }) }))
  const models = config.model === null ? null : makeOpenAiModels({ config: config.model, log })
  const model = models === null || watch === null ? null : models(watch.status)
  const modelNotice = () => (watch === null ? null : noticeOf(watch.status()))
  const priceFor = (asked: StructuredModel | null) =>
    asked === null ? null : priceOf(asked.name, config.model?.prices ?? {})

  const verifying = {
    pickSandbox: sandbox.pick,
    kitDirectory,
    nodePath,
    tempDirectory,
    limits: config.limits,
    compute,
    ownSecrets: config.model?.apiKey ? [config.model.apiKey] : [],
  }
  const verify = makeVerify(verifying)
  const measure = makeMeasureMutants(verifying)
  const verifications = makeConcurrencyLimiter(machine.processors)
  /** The pipeline that asks this model, and what its reports say of it. */
  const pipelineWith = ({ model, notice }: ChosenModel) =>
    makePipeline({
      store,
      designers: {
        offline: makeOfflineDesigner(compute),
        openai: model === null ? null : makeOpenAiDesigner({ model, log, compute }),
        complete: model === null ? null : makeCompleteDocument({ model, log, compute }),
        documentLimits: config.documents,
      },
      render: (blueprint, { signal: aborted = signal, ...options } = {}) =>
        compute('render', { blueprint, ...options }, aborted),
      compute,
      // Jobs mostly wait for a model; more verifications than processors would only slow each other down.
      verify: (input) => verifications.run(input.signal, () => verify(input)),
      pack: packProject,
      tests: config.mutants && {
        measure: (input) => verifications.run(input.signal, () => measure(input)),
        budgetMs: config.mutants.budgetMs,
        furtherExamples: model === null ? null : makeRequestFurtherExamples({ model, log, compute }),
        judge: model === null ? null : (context) => (given) => judgeExample(model, given, context),
      },
      writer:
        model === null ? null : { write: makeWrite({ model, log }), repair: makeRepair({ model, log }) },
      review: model === null || !config.review ? null : makeReview({ model, log }),
      planning: {
        waitMs: config.planWaitMs,
        reviews: model !== null && config.review,
        model: () => model && { name: model.name, price: priceFor(model) },
        limitUsd: config.model?.budget.costUsd ?? null,
      },
      modelNotice: notice,
      openAccount: (kept, limitUsd) =>
        openAccount({ budget: budgetOf(config, limitUsd), price: priceFor(model), ...kept }),
      log,
      inSpan: deps.inSpan,
    })
  const choice = makeModelChoice({ models, watch, model, allowed: config.model?.models ?? [] })
  const pipelines = new Map<string, ReturnType<typeof makePipeline>>()
  const run: Generator['run'] = (attempt) => {
    const chosen = choice.choose(attempt.record)
    const pipeline = pipelines.get(chosen.key) ?? pipelineWith(chosen)
    pipelines.set(chosen.key, pipeline)
    return pipeline(attempt)
  }

  const owned = stack.move()
  return {
    run,
    describeFailure: (error) => ({
      failure: toFailure(error),
      ...(error instanceof ModelError && { ledger: error.usage }),
    }),
    info: {
      get sandbox() {
        return sandbox.current().tier
      },
      get sandboxNote() {
        const { undecided, description } = sandbox.current()
        return undecided ? `${description}. It is tested again every minute.` : undefined
      },
      designer: model === null ? 'offline' : 'openai',
      get model() {
        return model?.name
      },
      get modelPriced() {
        return model === null ? undefined : priceFor(model) !== null
      },
      get models() {
        return model === null ? undefined : choice.served()
      },
      get modelNote() {
        return modelNotice() ?? undefined
      },
    },
    get sandboxDescription() {
      return sandbox.current().description
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

const installKit = ({ machine, onStatus }: GeneratorDeps, signal: AbortSignal) => {
  const { bunPath, nodePath, env } = machine
  return ensureKit({
    kitDirectory: defaultStack.kitDirectory,
    env,
    signal,
    npm:
      bunPath === undefined ? undefined : (folder) => npmForBun({ bunPath, nodePath, folder, env, signal }),
    onProgress: (detail) => onStatus?.(`Once, for a few seconds: ${detail}…`),
  })
}

const openSandbox = ({ config, machine, log }: GeneratorDeps, signal: AbortSignal) =>
  watchSandbox({
    choose: (untilStopped) =>
      chooseSandbox({
        setting: config.sandbox,
        nodePath: machine.nodePath,
        kitDirectory: defaultStack.kitDirectory,
        tempDirectory: machine.tempDirectory,
        searchPath: machine.env['PATH'] ?? '',
        platform: machine.platform,
        userId: machine.userId,
        signal: untilStopped,
      }),
    // Weaker isolation must be visible to operators who read warnings only.
    onChosen: ({ tier, memoryBound, description, undecided }) =>
      log[tier === 'bubblewrap' ? 'info' : 'warn'](
        { tier, memory: memoryBound },
        `sandbox: ${description}${undecided ? '; it will be tested again in a minute' : ''}`,
      ),
    onError: (error) => log.warn({ err: error }, 'sandbox: could not be tested again'),
    signal,
  })

/** Only what the operating system and Node need. */
const poolEnvironment = (env: Machine['env']) =>
  Object.fromEntries(
    ['SystemRoot', 'NODE_COMPILE_CACHE'].flatMap((name) => (env[name] ? [[name, env[name]]] : [])),
  )
