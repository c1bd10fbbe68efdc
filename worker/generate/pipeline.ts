import {
  Blueprint,
  type GateReport,
  Ledger,
  type JobOutcome,
  type JobRecord,
  type Progress,
  type Report,
} from '#contract'
import type { Logger } from '#lib/log'
import type { JobStore } from '#store/job-store'
import { z } from 'zod'
import type { PackProject, ProjectFile, RenderProject, VerifyProject } from '../ports.ts'
import { makeCheckpoints } from './checkpoint.ts'
import type { Design, Designer, Intent } from './design/designer.ts'
import { lintBlueprint } from './design/lint-blueprint.ts'
import { GenerateError, isRetryable, toFailure } from './failure.ts'
import { trackProgress, type Tracker } from './progress.ts'
import { routesOf } from './routes-of.ts'

export type PipelineDeps = {
  readonly store: JobStore
  readonly designers: { readonly offline: Designer; readonly openai: Designer | null }
  readonly render: RenderProject
  readonly verify: VerifyProject
  readonly pack: PackProject
  readonly log: Logger
  readonly now?: () => number
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
  ledger: Ledger,
  model: z.string().nullable(),
})

/** Raise it when designers would answer differently to the same words. */
const DESIGN_VERSION = 1

/**
 * One run of the generation: from what a person asked for to an archive that was seen to work.
 *
 *   intake ─ design ─ lint ─ render ─ write ─ verify ─ repair ─ pack ─► completed
 *      └────────┴───────┴───────┴────────┴───────┴────────┴───────┴───► failed, with a reason
 *
 * Returns the outcome of the run. Throws only what another attempt may cure (and the signal's reason on abort);
 * that attempt finds every expensive result in its checkpoint.
 */
export function makePipeline(deps: PipelineDeps) {
  const now = deps.now ?? Date.now

  return async function run(attempt: Attempt): Promise<JobOutcome> {
    const { record, signal } = attempt
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
      const done = await runStages(deps, attempt, tracker)
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
      }
    }
  }
}

async function runStages(deps: PipelineDeps, { record, signal }: Attempt, tracker: Tracker) {
  const once = makeCheckpoints({ store: deps.store, jobId: record.jobId })

  const { intent, designer } = await tracker.stage(
    'intake',
    async () => ({
      intent: { prompt: record.prompt, spec: record.spec, options: record.options } satisfies Intent,
      designer: chooseDesigner(deps.designers, record),
    }),
    ({ designer }) => `${designer.kind} designer`,
  )

  const design = await tracker.stage(
    'design',
    () =>
      once('design', [DESIGN_VERSION, designer.kind, intent], KeptDesign, () =>
        designer.design(intent, { signal, onProgress: tracker.detail }),
      ),
    ({ blueprint }) => count(blueprint.entities.length, 'entity', 'entities'),
  )
  signal.throwIfAborted()

  const blueprint = await tracker.stage(
    'lint',
    async () => lintOrRefuse(design.blueprint),
    (linted) => count(routesOf(linted).length, 'route', 'routes'),
  )

  const files = await tracker.stage(
    'render',
    () => deps.render(blueprint),
    (rendered) => count(rendered.length, 'file', 'files'),
  )
  tracker.skip('write', 'nothing to write: every operation is rendered')
  signal.throwIfAborted()

  const report = (verification: GateReport): Report => ({
    designer: { kind: designer.kind, model: design.model },
    title: blueprint.title,
    entities: blueprint.entities.map((entity) => ({
      name: entity.name,
      fields: [...entity.fields.map((field) => field.name), ...entity.belongsTo.map((to) => `${to.name}Id`)],
    })),
    routes: routesOf(blueprint),
    assumptions: design.assumptions,
    notUnderstood: design.notUnderstood,
    gaps: [],
    verification,
    ledger: design.ledger,
    timings: { ...tracker.timings },
  })

  const verification = await tracker.stage(
    'verify',
    () => verifyOrRefuse(deps.verify, files, signal, tracker, report),
    ({ tests }) => `${count(tests.passed, 'test', 'tests')} passed`,
  )
  tracker.skip('repair', 'nothing to repair')
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
    const failed = report.verification.gates.filter((gate) => gate.status === 'failed')
    super({
      code: 'verification_failed',
      message: `The generated project did not pass its own checks, so there is no archive. ${failed.map((gate) => `${gate.name}: ${gate.detail}`).join('; ')}`,
      hint: 'This is a fault of the generator, not of the prompt. The report lists every check.',
    })
    this.report = report
  }
}

async function verifyOrRefuse(
  verify: VerifyProject,
  files: readonly ProjectFile[],
  signal: AbortSignal,
  tracker: Tracker,
  report: (verification: GateReport) => Report,
): Promise<GateReport> {
  const verification = await verify({ files, signal, onProgress: tracker.detail })
  if (!verification.passed) throw new VerificationError(report(verification))
  return verification
}

const count = (n: number, one: string, many: string) => `${n} ${n === 1 ? one : many}`
