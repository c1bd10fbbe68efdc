// Longer than most files: the whole run, a stage after the other, reads best in one place.
import {
  Blueprint,
  type GateReport,
  type JobId,
  type JobOutcome,
  type JobRecord,
  type Progress,
  relationProperty,
  type Report,
} from '#contract'
import type { Logger } from '#lib/log'
import type { JobStore } from '#store/job-store'
import { z } from 'zod'
import { AccountState, type Account, type AccountInput } from '../models/account.ts'
import type { HandlerBrief } from '../stacks/fastify/briefs.ts'
import type { PackProject, ProjectFile, RenderProject, VerifyProject } from '../ports.ts'
import { makeCheckpoints } from './checkpoint.ts'
import type { Design, Designer, Intent } from './design/designer.ts'
import { lintBlueprint } from './design/lint-blueprint.ts'
import { GenerateError, isRetryable, toFailure } from './failure.ts'
import { trackProgress, type Tracker } from './progress.ts'
import type { Built, Repair } from './repair.ts'
import { routesOf } from './routes-of.ts'
import type { Write, Written } from './write.ts'

export type PipelineDeps = {
  readonly store: JobStore
  readonly designers: { readonly offline: Designer; readonly openai: Designer | null }
  readonly render: RenderProject
  readonly verify: VerifyProject
  readonly pack: PackProject
  /** Writes custom operations and mends them; without it each is a stub. */
  readonly writer: Writer | null
  /** Opens the account that a job's calls are charged to, with the limits of this installation. */
  readonly openAccount: (kept: Pick<AccountInput, 'kept' | 'keep'>) => Account
  readonly log: Logger
  readonly now?: () => number
}

export type Writer = {
  readonly briefsOf: (blueprint: Blueprint, files: readonly ProjectFile[]) => HandlerBrief[]
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
const KeptDesign: z.ZodType<Design> = z.object({
  blueprint: Blueprint,
  assumptions: z.array(z.string()),
  notUnderstood: z.array(z.string()),
  model: z.string().nullable(),
})

/** Raise it when designers would answer differently to the same words. */
const DESIGN_VERSION = 2

/**
 * One run of the generation: from what a person asked for to an archive that was seen to work.
 *
 *   intake ─ design ─ lint ─ render ─ write ─ verify ─ repair ─ pack ─► completed, perhaps with gaps
 *      └────────┴───────┴───────┴────────┴───────┴────────┴───────┴───► failed, with a reason
 *
 * Returns the outcome of the run. Throws only what another attempt may cure (and the signal's reason on abort);
 * that attempt finds every expensive result in its checkpoint.
 */
export function makePipeline(deps: PipelineDeps) {
  const now = deps.now ?? Date.now

  return async function run(attempt: Attempt): Promise<JobOutcome> {
    const { record, signal } = attempt
    const account = await openJobAccount(deps, record.jobId)
    const startedAt = new Date(now()).toISOString()
    const tracker = trackProgress({
      attempt: attempt.attempt,
      now,
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
      if (isRetryable(error)) throw error
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
  const once = makeCheckpoints({ store: deps.store, jobId: record.jobId })

  const { intent, designer } = await tracker.stage(
    'intake',
    async () => ({
      intent: { prompt: record.prompt, spec: record.spec, options: record.options } satisfies Intent,
      designer: chooseDesigner(deps.designers, record),
    }),
    ({ designer }) => `${designer.kind} designer`,
  )

  const context = { once, account, signal, onProgress: tracker.detail }
  const design = await tracker.stage(
    'design',
    () =>
      once('design', [DESIGN_VERSION, designer.kind, intent], KeptDesign, () =>
        designer.design(intent, context),
      ),
    ({ blueprint }) => count(blueprint.entities.length, 'entity', 'entities'),
  )
  signal.throwIfAborted()

  const blueprint = await tracker.stage(
    'lint',
    async () => lintOrRefuse(design.blueprint),
    (linted) => count(routesOf(linted).length, 'route', 'routes'),
  )

  const stubs = await tracker.stage(
    'render',
    () => deps.render(blueprint),
    (rendered) => count(rendered.length, 'file', 'files'),
  )
  signal.throwIfAborted()

  // Where the offline designer was asked for, no model is asked at all.
  const writer = designer.kind === 'openai' ? deps.writer : null
  const briefs = writer && unwritten(blueprint).length > 0 ? writer.briefsOf(blueprint, stubs) : []
  let written: Written = { handlers: {}, notes: [], gaps: unwritten(blueprint) }
  if (writer && briefs.length > 0) {
    written = await tracker.stage(
      'write',
      () => writer.write(briefs, context),
      ({ handlers }) =>
        `${Object.keys(handlers).length} of ${count(briefs.length, 'operation', 'operations')}`,
    )
  } else {
    const { length } = unwritten(blueprint)
    tracker.skip(
      'write',
      length === 0
        ? 'nothing to write: every operation is rendered'
        : `${count(length, 'operation', 'operations')} left as stubs: there is no language model to write them`,
    )
  }
  signal.throwIfAborted()

  let repairRounds = 0
  const report = (verification: GateReport): Report => ({
    designer: { kind: designer.kind, model: design.model },
    title: blueprint.title,
    entities: blueprint.entities.map((entity) => ({
      name: entity.name,
      fields: [...entity.fields.map((field) => field.name), ...entity.belongsTo.map(relationProperty)],
    })),
    routes: routesOf(blueprint),
    assumptions: [...design.assumptions, ...written.notes],
    notUnderstood: design.notUnderstood,
    gaps: [...written.gaps],
    verification,
    ledger: account.spent(),
    timings: { ...tracker.timings },
    repairRounds,
  })

  const build = async (handlers: Written['handlers']): Promise<Built> => {
    const isPlain = Object.keys(handlers).length === 0
    const files = isPlain ? stubs : await deps.render(blueprint, { handlers })
    return { files, verification: await deps.verify({ files, signal, onProgress: tracker.detail }) }
  }
  let built = await tracker.stage(
    'verify',
    async () => {
      const first = await build(written.handlers)
      const mayMend = writer !== null && Object.keys(written.handlers).length > 0
      if (!first.verification.passed && !mayMend) throw new VerificationError(report(first.verification))
      return first
    },
    ({ verification }) =>
      verification.passed
        ? `${count(verification.tests.passed, 'test', 'tests')} passed`
        : `not passed: ${failedGates(verification)}`,
  )
  signal.throwIfAborted()

  if (writer === null || built.verification.passed) tracker.skip('repair', 'nothing to repair')
  else {
    const before = written
    await tracker.stage(
      'repair',
      async () => {
        const repaired = await writer.repair({ briefs, written, built, build, context })
        ;({ written, built, rounds: repairRounds } = repaired)
        if (!built.verification.passed) throw new VerificationError(report(built.verification))
        return repaired
      },
      ({ rounds }) => {
        const fallen = written.gaps.length - before.gaps.length
        return `${count(rounds, 'round', 'rounds')}${fallen > 0 ? `, ${count(fallen, 'operation', 'operations')} left as stubs` : ''}`
      },
    )
  }
  const { files, verification } = built
  signal.throwIfAborted()

  return tracker.stage(
    'pack',
    async () => {
      const packed = await deps.pack({ name: blueprint.name, files, report: report(verification) })
      const archive = await deps.store.writeArchive(record.jobId, packed.filename, packed.bytes)
      return { files: packed.files, archive, report: report(verification) }
    },
    ({ archive }) => `${archive.filename}, ${Math.ceil(archive.bytes / 1024)} KiB`,
  )
}

/** The account goes on where an earlier attempt of the job left it. */
async function openJobAccount({ store, openAccount }: PipelineDeps, jobId: JobId): Promise<Account> {
  const stored = AccountState.safeParse(await store.readCheckpoint(jobId, 'account'))
  return openAccount({
    kept: stored.success ? stored.data : null,
    keep: (state) => store.writeCheckpoint(jobId, 'account', state),
  })
}

function chooseDesigner(designers: PipelineDeps['designers'], record: JobRecord): Designer {
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

function lintOrRefuse(designed: Blueprint): Blueprint {
  const { blueprint, diagnostics } = lintBlueprint(designed)
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error')
  if (errors.length === 0) return blueprint
  const shown = errors.slice(0, 3).map(({ what, fix }) => `${what} ${fix}`)
  throw new GenerateError({
    code: 'design_invalid',
    message: `The design has ${count(errors.length, 'fault', 'faults')} that could not be mended: ${shown.join(' ')}`,
    hint: 'Say it in the prompt in other words and try again.',
  })
}

/** The project failed its gates; the report says which. */
class VerificationError extends GenerateError {
  readonly report: Report
  constructor(report: Report) {
    super({
      code: 'verification_failed',
      message: `The generated project did not pass its own checks, so there is no archive. ${failedGates(report.verification)}`,
      hint: 'This is a fault of the generator, not of the prompt. The report lists every check.',
    })
    this.report = report
  }
}

/** What has to be written by somebody, and was not. */
const unwritten = ({ operations }: Blueprint): Written['gaps'] =>
  operations
    .filter(({ implementation }) => implementation === undefined)
    .map(({ method, path }) => ({
      operation: `${method} ${path}`,
      reason: 'There was no language model to write it.',
    }))

const failedGates = ({ gates }: GateReport): string =>
  gates
    .filter(({ status }) => status === 'failed')
    .map(({ name, detail }) => `${name}: ${detail}`)
    .join('; ')

const count = (n: number, one: string, many: string) => `${n} ${n === 1 ? one : many}`
