import { notStarted, type WorkerInfo } from '#contract'
import type { Logger } from '#lib/log'
import type { Machine } from '#lib/machine'
import type { QueueBackend } from '#queue/backend'
import { runGenerateWorker } from '#queue/runner'
import type { JobStore } from '#store/job-store'
import { ulid } from 'ulid'
import type { WorkerConfig } from './config.ts'
import { makeOfflineDesigner } from './generate/design/designer.ts'
import { makeOpenAiDesigner } from './generate/design/openai-designer.ts'
import { toFailure } from './generate/failure.ts'
import { packProject } from './generate/pack.ts'
import { makePipeline } from './generate/pipeline.ts'
import { renderProject } from './generate/render/render-project.ts'
import { makeRepair } from './generate/repair.ts'
import { makeVerify } from './generate/verify.ts'
import { makeWrite } from './generate/write.ts'
import { makeOpenAiModel } from './models/openai.ts'
import { chooseSandbox } from './sandbox/choose-sandbox.ts'
import { briefsOf } from './stacks/fastify/briefs.ts'
import { kitDirectory } from './stacks/fastify/stack.ts'
import { ensureKit } from './stacks/install-kit.ts'

export type RunningWorker = AsyncDisposable & {
  /** How it isolates what it runs; one line. */
  readonly sandbox: string
}

/** Makes itself ready (the kit's packages, the sandbox), then takes jobs until it is disposed of. */
export async function startWorker(deps: {
  readonly backend: QueueBackend
  readonly store: JobStore
  readonly config: WorkerConfig
  readonly machine: Machine
  readonly log: Logger
  /** Told what takes a while: one short line. */
  readonly onStatus?: (text: string) => void
  readonly signal?: AbortSignal
}): Promise<RunningWorker> {
  const { backend, store, config, machine, log, onStatus } = deps
  const signal = deps.signal ?? new AbortController().signal
  const { env, nodePath, platform, userId, tempDirectory } = machine

  await ensureKit({
    kitDirectory,
    env,
    signal,
    onProgress: (detail) => onStatus?.(`Once, for a few seconds: ${detail}…`),
  })
  const sandbox = await chooseSandbox({
    setting: config.sandbox,
    nodePath,
    kitDirectory,
    tempDirectory,
    searchPath: env['PATH'] ?? '',
    platform,
    userId,
    signal,
  })
  log.info({ tier: sandbox.tier }, `sandbox: ${sandbox.description}`)

  const model = config.model === null ? null : makeOpenAiModel({ config: config.model, log })
  const openai = model === null ? null : makeOpenAiDesigner({ model, log })
  const writer =
    model === null ? null : { briefsOf, write: makeWrite({ model, log }), repair: makeRepair({ model, log }) }
  const run = makePipeline({
    store,
    designers: { offline: makeOfflineDesigner(), openai },
    render: renderProject,
    verify: makeVerify({
      pickSandbox: sandbox.pick,
      kitDirectory,
      nodePath,
      tempDirectory,
      ownSecrets: config.model?.apiKey ? [config.model.apiKey] : [],
    }),
    pack: packProject,
    writer,
    log,
  })

  const info: WorkerInfo = {
    id: ulid().toLowerCase(),
    startedAt: new Date().toISOString(),
    concurrency: config.concurrency,
    sandbox: sandbox.tier,
    designer: openai ? 'openai' : 'offline',
  }
  const worker = runGenerateWorker({
    backend,
    store,
    log,
    info,
    concurrency: config.concurrency,
    run,
    giveUp: ({ lastProgress, error }) => ({
      state: 'failed',
      finishedAt: new Date().toISOString(),
      startedAt: lastProgress?.steps[0]?.startedAt ?? null,
      percent: lastProgress?.percent ?? 0,
      stage: lastProgress?.stage ?? null,
      steps: lastProgress?.steps ?? notStarted.steps,
      failure: toFailure(error),
      report: null,
    }),
  })
  await worker.ready()

  return {
    sandbox: sandbox.description,
    [Symbol.asyncDispose]: () => worker.stop({ graceMs: config.shutdownGraceMs }),
  }
}
