// Longer than most files: the whole run, a stage after the other, reads best in one place.
import {
  Blueprint,
  type JobId,
  JobSource,
  type JobOutcome,
  type JobRecord,
  type Progress,
  relationProperty,
  type Report,
  timesInWords,
} from '#contract'
import type { Logger } from '#lib/log'
import { makeMonotonicClock } from '#lib/monotonic-clock'
import { noTelemetry, type InSpan } from '#lib/telemetry'
import type { JobStore } from '#store/job-store'
import { z } from 'zod'
import { ModelError } from '../llm/model-error.ts'
import { AccountState, type Account, type AccountInput } from '../llm/account.ts'
import { defaultStack } from '../stacks/registry.ts'
import type { HandlerSpec } from '../stacks/stack.ts'
import type { PackProject, RenderProject, VerifyProject } from '../ports.ts'
import { makeCheckpoints, type Once } from '../attempt/checkpoint.ts'
import { computeAllHere, type ComputeAll } from '../tasks/compute-all.ts'
import type { Designer, Intent, Refinement } from '../designers/designer.ts'
import { detectSpec } from '../designers/import/detect-spec.ts'
import { makeImportDesigner } from '../designers/import/import-designer.ts'
import { GenerateError, isRetryable, toFailure } from '../attempt/failure.ts'
import { patientStore } from './patient-store.ts'
import { trackProgress, type Tracker } from './progress.ts'
import { failedGates, VerificationError } from '../attempt/verification-error.ts'
import type { Built, Repair } from '../stages/repair.ts'
import { changesOf, firstVersion, sourceOf } from '../stages/refine/next-version.ts'
import { noRenames, Renames } from '../blueprint/renames.ts'
import { fallBack } from '../stages/repair/revert-to-stub.ts'
import { routesOf } from '../blueprint/routes-of.ts'
import { plural } from '../verify/outcome.ts'
import type { Write, Written } from '../stages/write.ts'
import { countWritten, toBeWritten } from '../stages/write/pending-handlers.ts'

export type PipelineDeps = {
  readonly store: JobStore
  readonly designers: { readonly offline: Designer; readonly openai: Designer | null }
  readonly render: RenderProject
  readonly verify: VerifyProject
  readonly pack: PackProject
  /** Writes custom operations and mends them; without it each is a stub. */
  readonly writer: Writer | null
  /** Opens the account that a job's calls are charged to, with the limits of this installation. */
  readonly openAccount: (kept: Pick<AccountInput, 'initial' | 'save'>) => Account
  /** What is to be said of the model in reports of jobs that asked it. Default: nothing. */
  readonly modelNotice?: () => string | null
  readonly log: Logger
  /** Runs what computes for as long as somebody's text wants, apart from what others wait for. Default: right here. */
  readonly compute?: ComputeAll
  /** Shows each stage in the trace of its job. Default: nowhere. */
  readonly inSpan?: InSpan
  /** In milliseconds since 1970; never steps back within a run. Default: a steady clock for each run. */
  readonly now?: () => number
}

export type Writer = {
  readonly write: Write
  readonly repair: Repair
}

export type Attempt = {
  readonly record: JobRecord
  readonly attempt: number
  readonly signal: AbortSignal
  readonly progress: (progress: Progress) => Promise<void>
}

/** What a designer gave, as it is kept between attempts, so that a model is never paid twice for one job. */
const KeptDesign: z.ZodType<Refinement> = z.object({
  blueprint: Blueprint,
  assumptions: z.array(z.string()),
  notUnderstood: z.array(z.string()),
  model: z.string().nullable(),
  renames: Renames.default(noRenames),
})

/** Raise it when designers would answer differently to the same words. */
const DESIGN_VERSION = 4

/**
 * One run of the generation: from what a person asked for to an archive that was seen to work.
 *
 *   intake ─ design ─ lint ─ render ─ write ─ verify ─ repair ─ pack ─► completed, perhaps with gaps
 *      └────────┴───────┴───────┴────────┴───────┴────────┴───────┴───► failed, with a reason
 *
 * Returns the outcome of the run. Throws only what another attempt may cure (and the signal's reason on abort);
 * that attempt finds every expensive result in its checkpoint.
 */
export function makePipeline(pipeline: PipelineDeps) {
  const { inSpan = noTelemetry.inSpan } = pipeline

  return async function run(attempt: Attempt): Promise<JobOutcome> {
    const { record, signal } = attempt
    const deps = { ...pipeline, store: patientStore(pipeline.store, signal) }
    const now = pipeline.now ?? makeMonotonicClock()
    const account = await openJobAccount(deps, record.jobId)
    const startedAt = new Date(now()).toISOString()
    const tracker = trackProgress({
      attempt: attempt.attempt,
      now,
      during: (stage, work) =>
        inSpan(`stage ${stage}`, { 'job.id': record.jobId, 'job.attempt': attempt.attempt }, work),
      announce(progress) {
        attempt
          .progress(progress)
          .catch((error: unknown) => deps.log.warn({ error }, 'progress was not announced'))
      },
    })
    try {
      const done = await runStages(deps, attempt, { tracker, account })
      const { steps } = tracker.finish()
      return { state: 'completed', finishedAt: new Date(now()).toISOString(), startedAt, steps, ...done }
    } catch (error) {
      signal.throwIfAborted()
      // If nobody tries again, whoever writes that down knows what all tries cost.
      if (isRetryable(error)) throw error instanceof ModelError ? error.withUsage(account.spent()) : error
      deps.log.info({ jobId: record.jobId, error }, 'the job failed')
      const { percent, stage, steps } = tracker.snapshot()
      return {
        state: 'failed',
        finishedAt: new Date(now()).toISOString(),
        startedAt,
        percent,
        stage,
        steps,
        failure: toFailure(error),
        report: error instanceof VerificationError ? error.report : null,
        ledger: account.spent(),
      }
    }
  }
}

async function runStages(
  deps: PipelineDeps,
  { record, signal }: Attempt,
  { tracker, account }: { readonly tracker: Tracker; readonly account: Account },
) {
  const { compute = computeAllHere } = deps
  const once = makeCheckpoints({ store: deps.store, jobId: record.jobId })

  const { intent, designer, source } = await tracker.stage(
    'intake',
    async () => ({
      intent: { prompt: record.prompt, spec: record.spec, options: record.options } satisfies Intent,
      designer: chooseDesigner(deps.designers, record, compute),
      source: record.parent === null ? null : await readSource(deps.store, record.parent, once),
    }),
    ({ designer, source }) =>
      `${designer.kind} designer${source === null ? '' : `, from version ${record.version - 1}`}`,
  )

  const context = { once, account, signal, compute, onProgress: tracker.detail }
  const design = await tracker.stage(
    'design',
    () => {
      if (source === null)
        return once('design', [DESIGN_VERSION, designer.kind, intent], KeptDesign, async () => ({
          ...(await designer.design(intent, context)),
          renames: noRenames,
        }))
      const wish = { prompt: record.prompt, present: source.blueprint }
      return once('refine', [DESIGN_VERSION, designer.kind, wish], KeptDesign, () =>
        designer.refine(wish, context),
      )
    },
    ({ blueprint }) => plural(blueprint.entities.length, 'entity', 'entities'),
  )
  signal.throwIfAborted()

  const blueprint = await tracker.stage(
    'lint',
    () =>
      compute(
        'lintOrRefuse',
        {
          designed: design.blueprint,
          before: source?.blueprint ?? null,
          fromDocument: record.spec !== null,
        },
        signal,
      ),
    (linted) => plural(routesOf(linted).length, 'route'),
  )

  const { stubs, next, render } = await tracker.stage(
    'render',
    async () => {
      const { version, prompt, createdAt } = record
      const planned = { record: { version, prompt, createdAt }, source, after: blueprint }
      const next =
        source && (await compute('planNextVersion', { ...planned, source, renames: design.renames }, signal))
      const render = (handlers: Written['handlers']) =>
        deps.render(blueprint, { handlers, ...next?.rendered, signal })
      return { stubs: await render({}), next, render }
    },
    ({ stubs }) => plural(stubs.length, 'file'),
  )
  signal.throwIfAborted()

  // Where the offline designer was asked for, no model is asked at all.
  const writer = designer.kind === 'offline' || intent.options.designer === 'offline' ? null : deps.writer
  const found = writer || source ? await compute('handlerSpecs', { blueprint, files: stubs }, signal) : []
  // A document says what an operation is; the person may have said more about it.
  const specs =
    designer.kind === 'import' ? found.map((spec) => ({ ...spec, request: intent.prompt })) : found
  const kept = source ? await compute('reuseHandlers', { source, after: blueprint, specs }, signal) : {}
  const toWrite = specs.filter(({ id }) => !Object.hasOwn(kept, id))
  let written: Written = { handlers: kept, notes: [], gaps: unwritten(blueprint, kept) }
  if (writer && toWrite.length > 0) {
    written = await tracker.stage(
      'write',
      async () => {
        const { handlers, ...rest } = await writer.write(toWrite, context)
        return { handlers: { ...kept, ...handlers }, ...rest }
      },
      ({ handlers }) => `${Object.keys(handlers).length} of ${countWritten(specs)}${keptWords(kept)}`,
    )
  } else tracker.skip('write', whyNothingToWrite(toBeWritten(blueprint), kept))
  signal.throwIfAborted()

  let repairRounds = 0
  const report = ({ files, verification }: Built): Report => ({
    designer: { kind: designer.kind, model: design.model },
    title: blueprint.title,
    entities: blueprint.entities.map((entity) => ({
      name: entity.name,
      fields: [...entity.fields.map((field) => field.name), ...entity.belongsTo.map(relationProperty)],
    })),
    routes: routesOf(blueprint),
    schedules: blueprint.schedules.map(({ id, when, description }) => ({
      id,
      when: timesInWords(when),
      description,
    })),
    services: blueprint.services.map(({ name, description, calls }) => ({
      name,
      description,
      calls: calls.map(({ method, path }) => `${method} ${path}`),
    })),
    settings: blueprint.config
      .filter((value) => value.default === undefined)
      .map(({ name, description }) => ({ name, description })),
    assumptions: [...design.assumptions, ...written.notes],
    notUnderstood: design.notUnderstood,
    gaps: [...written.gaps],
    verification,
    ledger: account.spent(),
    notices: design.model === null && account.spent().calls === 0 ? [] : noticesOf(deps),
    timings: { ...tracker.timings },
    repairRounds,
    ...(source &&
      next && { changes: changesOf({ source, next, blueprint, files, handlers: written.handlers, kept }) }),
  })

  const build = async (handlers: Written['handlers']): Promise<Built> => {
    const isPlain = Object.keys(handlers).length === 0
    const files = isPlain ? stubs : await render(handlers)
    const environment = defaultStack.requiredEnvironment(blueprint)
    const services = blueprint.services.map(({ baseUrl }) => baseUrl)
    return {
      files,
      verification: await deps.verify({ files, environment, services, signal, onProgress: tracker.detail }),
    }
  }
  let built = await tracker.stage(
    'verify',
    async () => {
      const first = await build(written.handlers)
      const mayMend = Object.keys(written.handlers).length > 0
      if (!first.verification.passed && !mayMend)
        throw new VerificationError(report(first), first.files.length)
      return first
    },
    ({ verification }) =>
      verification.passed
        ? `${plural(verification.tests.passed, 'test')} passed`
        : `not passed: ${failedGates(verification)}`,
  )
  signal.throwIfAborted()

  if (built.verification.passed) tracker.skip('repair', 'nothing to repair')
  else {
    const before = written
    await tracker.stage(
      'repair',
      async () => {
        const repaired = writer
          ? await writer.repair({ specs, written, built, build, context })
          : { ...(await fallBack({ specs, written, built, build, signal })), rounds: 0 }
        ;({ written, built, rounds: repairRounds } = repaired)
        if (!built.verification.passed) throw new VerificationError(report(built), built.files.length)
        return repaired
      },
      ({ rounds }) => {
        const fallen = specs.filter(
          ({ id }) => Object.hasOwn(before.handlers, id) && !Object.hasOwn(written.handlers, id),
        )
        return `${plural(rounds, 'round')}${fallen.length > 0 ? `, ${countWritten(fallen)} left as stubs` : ''}`
      },
    )
  }
  const { files } = built
  signal.throwIfAborted()

  return tracker.stage(
    'pack',
    async () => {
      const name = record.version === 1 ? blueprint.name : `${blueprint.name}-v${record.version}`
      const packed = await deps.pack({ name, files, report: report(built) })
      const archive = await deps.store.writeArchive(record.jobId, packed.filename, packed.bytes)
      const history = next?.history ?? [firstVersion(record)]
      const { handlers } = written
      await deps.store.writeSource(record.jobId, sourceOf({ blueprint, handlers, files, history }))
      return { files: packed.files, archive, report: report(built) }
    },
    ({ archive }) => `${archive.filename}, ${Math.ceil(archive.bytes / 1024)} KiB`,
  )
}

const noticesOf = ({ modelNotice }: PipelineDeps): string[] => {
  const notice = modelNotice?.() ?? null
  return notice === null ? [] : [notice]
}

/** The account goes on where an earlier attempt of the job left it. */
async function openJobAccount({ store, openAccount }: PipelineDeps, jobId: JobId): Promise<Account> {
  const stored = AccountState.safeParse(await store.readCheckpoint(jobId, 'account'))
  return openAccount({
    initial: stored.success ? stored.data : null,
    save: (state) => store.writeCheckpoint(jobId, 'account', state),
  })
}

/** Kept with the job that refines, so that an attempt that takes over goes on from the same. */
async function readSource(store: JobStore, parent: JobId, once: Once): Promise<JobSource> {
  return once('source', [parent], JobSource, async () => {
    const source = await store.readSource(parent)
    if (source) return source
    throw new GenerateError({
      code: 'source_gone',
      message: 'What this version was to be made from is no longer kept.',
      hint: 'Ask for the whole backend again, with the change in it.',
    })
  })
}

/** Documents decide what is built, whoever else could have designed it. */
function chooseDesigner(
  designers: PipelineDeps['designers'],
  record: JobRecord,
  compute: ComputeAll,
): Designer {
  const chosen = designerOfWords(designers, record)
  // A refinement starts from the earlier version, however that came about.
  const isDocument = record.parent === null && record.spec !== null && detectSpec(record.spec) !== null
  return isDocument ? makeImportDesigner(compute) : chosen
}

function designerOfWords(designers: PipelineDeps['designers'], record: JobRecord): Designer {
  switch (record.options.designer ?? 'auto') {
    case 'offline':
      return designers.offline
    case 'auto':
      return designers.openai ?? designers.offline
    case 'openai':
      if (designers.openai) return designers.openai
      throw new GenerateError({
        code: 'openai_not_configured',
        message: 'The OpenAI designer was asked for, but this installation has no OpenAI key.',
        hint: 'Set OPENAI_API_KEY on the worker, or ask for the designer "offline".',
      })
  }
}

/** What has to be written, and was not. */
const unwritten = (blueprint: Blueprint, kept: Written['handlers']): Written['gaps'] =>
  toBeWritten(blueprint)
    .filter(({ id }) => !Object.hasOwn(kept, id))
    .map(({ title }) => ({ operation: title, reason: 'There was no language model to write it.' }))

const keptWords = (kept: Written['handlers']) => {
  const { length } = Object.keys(kept)
  return length === 0 ? '' : `, ${length} kept as ${length === 1 ? 'it was' : 'they were'}`
}

function whyNothingToWrite(
  all: readonly Pick<HandlerSpec, 'kind' | 'id'>[],
  kept: Written['handlers'],
): string {
  const left = all.filter(({ id }) => !Object.hasOwn(kept, id))
  if (left.length > 0)
    return `${countWritten(left)} left as stubs: there is no language model to write them${keptWords(kept)}`
  return Object.keys(kept).length > 0
    ? `nothing to write${keptWords(kept)}`
    : 'nothing to write: every operation is rendered'
}
