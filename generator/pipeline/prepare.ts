import { houseRulesOf, type Blueprint, type JobRecord } from '#contract'
import { decidePlan, readPlanDesign, readPlans, type DecidedPlan } from '#store/plans'
import type { Once } from '../attempt/checkpoint.ts'
import { GenerateError } from '../attempt/failure.ts'
import { routesOf } from '../blueprint/routes-of.ts'
import type { DesignContext } from '../designers/designer.ts'
import type { Account } from '../llm/account.ts'
import { changesOfPlans, withChanges, type PlanChanges } from '#store/plan-changes'
import { design as designBlueprint } from '../stages/design.ts'
import { intake, type Intake } from '../stages/intake.ts'
import { planQuestions } from '../stages/plan/plan-questions.ts'
import { PlannedDesign } from '../stages/plan/planned-design.ts'
import { plan } from '../stages/plan.ts'
import type { ComputeAll } from '../tasks/compute-all.ts'
import { plural } from '../verify/outcome.ts'
import type { Attempt, PipelineDeps, PlanWait, Writer } from './pipeline-deps.ts'
import type { Tracker } from './progress.ts'

/** What is built: a request, and its linted design. */
export type Prepared = {
  readonly request: Intake
  readonly design: PlannedDesign
  /** Null where no model writes: then operations are stubs. */
  readonly writer: Writer | null
}

type Context = DesignContext & { readonly compute: ComputeAll }
type Running = {
  readonly tracker: Tracker
  readonly account: Account
  readonly context: Context
  readonly now: () => number
}

/**
 * Reads, designs and lints, unless an approved plan has the design already. Stops where a person should look first: the plan
 * is stored, and the next run goes on from what was decided.
 */
export async function prepare(
  deps: PipelineDeps,
  { record, signal }: Attempt,
  running: Running,
): Promise<Prepared | PlanWait> {
  const { tracker, context } = running
  const { once, compute } = context
  const plans = modeOf(record) === 'never' ? [] : await readPlans(deps.store, record.jobId)
  const newest = await settle(deps, plans.at(-1), record, running.now())
  if (newest !== null && newest.decision?.decision !== 'change')
    return goOn(deps, { record, newest, plans, running })

  const changes = changesOfPlans(plans)
  const request = await tracker.stage(
    'intake',
    () => readRequest(deps, { record, once, compute, changes }),
    ({ designer, source }) =>
      `${designer.kind} designer${source === null ? '' : `, from version ${record.version - 1}`}`,
  )
  const check = (changed: Blueprint, before: Blueprint) =>
    compute('lintOrThrow', { designed: changed, before, fromDocument: false }, signal)
  const designed = await tracker.stage(
    'design',
    () => designBlueprint(request, { ...context, check }, changes),
    ({ blueprint }) => plural(blueprint.entities.length, 'entity', 'entities'),
  )
  signal.throwIfAborted()

  const linted = await tracker.stage(
    'lint',
    () => {
      const before = request.source?.blueprint ?? null
      const fromDocument = record.spec !== null
      return compute('lintOrThrow', { designed: designed.blueprint, before, fromDocument }, signal)
    },
    (result) => plural(routesOf(result.blueprint).length, 'route'),
  )
  const { questions: asked = [], ...rest } = designed
  const assumptions = [...new Set([...designed.assumptions, ...linted.fixed])]
  const design: PlannedDesign = { ...rest, blueprint: linted.blueprint, assumptions }
  const writer = writerOf(deps, request)
  const mode = modeOf(record)
  const prepared = { request: withWords(request, changes), design, writer }
  if (mode === 'never' || deps.planning === undefined) return prepared

  signal.throwIfAborted()
  const { jobId, prompt, spec } = record
  const version = plans.length + 1
  const preferred = record.preferences?.applied
  const draft = {
    jobId,
    version,
    mode,
    isPreferred: record.options.plan === undefined && preferred?.plan !== undefined,
    limitUsd: lowest(deps.planning.limitUsd, preferred?.jobCostUsd?.value ?? null),
    houseRules: houseRulesOf(record.preferences),
    prompt,
    fromDocument: spec !== null,
    design,
    asked,
  }
  const { intent, source } = request
  const questions = planQuestions({ asked, blueprint: design.blueprint, intent, isNew: source === null })
  const progress = () => ({ ...tracker.snapshot(), stage: null })
  const stored = await plan(
    { ...draft, questions, isWritten: writer !== null },
    { ...running, store: deps.store, planning: deps.planning, progress },
  )
  return stored === null ? prepared : waitWith(stored)
}

/** Expires a plan whose time is over, unless a decision arrives at the same moment. */
async function settle(
  { store }: PipelineDeps,
  newest: DecidedPlan | undefined,
  { jobId }: JobRecord,
  now: number,
): Promise<DecidedPlan | null> {
  if (newest === undefined) return null
  const { version, expiresAt } = newest.plan
  if (newest.decision !== null || now < Date.parse(expiresAt)) return newest
  return { ...newest, decision: await decidePlan(store, jobId, version, { decision: 'expire' }) }
}

async function goOn(
  deps: PipelineDeps,
  given: {
    readonly record: JobRecord
    readonly newest: DecidedPlan
    readonly plans: readonly DecidedPlan[]
    readonly running: Running
  },
): Promise<Prepared | PlanWait> {
  const { record, newest, plans, running } = given
  const { once, compute } = running.context
  running.tracker.restore(newest.progress)
  if (newest.decision === null) return waitWith(newest)
  if (newest.decision.decision === 'expire')
    throw new GenerateError({
      code: 'plan_expired',
      message: `Nobody decided on the plan until ${newest.plan.expiresAt}, so nothing was built.`,
      hint: 'Send the request again when you have time to look at its plan, or send it with the option plan: "never".',
    })
  const stored = await readPlanDesign(deps.store, record.jobId, newest.plan.version)
  const design = PlannedDesign.safeParse(stored)
  if (!design.success)
    throw new GenerateError({
      code: 'plan_unreadable',
      message: 'The design of the approved plan was stored by another version of this service.',
      hint: 'Send the request again.',
    })
  const changes = changesOfPlans(plans)
  const request = await readRequest(deps, { record, once, compute, changes })
  return { request: withWords(request, changes), design: design.data, writer: writerOf(deps, request) }
}

/** Later stages compare the result with everything that was said. */
const withWords = (request: Intake, changes: PlanChanges): Intake => ({
  ...request,
  intent: { ...request.intent, prompt: withChanges(request.intent.prompt, changes) },
})

/** The request with the settings that were changed in its plans. */
async function readRequest(
  { designers, store }: PipelineDeps,
  {
    changes,
    ...given
  }: {
    readonly record: JobRecord
    readonly once: Once
    readonly compute: ComputeAll
    readonly changes: PlanChanges
  },
): Promise<Intake> {
  const request = await intake({ ...given, designers, store })
  const { intent } = request
  return { ...request, intent: { ...intent, options: { ...intent.options, ...changes.options } } }
}

const waitWith = ({ plan, progress }: Pick<DecidedPlan, 'plan' | 'progress'>): PlanWait => {
  const { percent, stage, steps } = progress
  return { state: 'waiting', planVersion: plan.version, expiresAt: plan.expiresAt, percent, stage, steps }
}

const modeOf = ({ options, preferences, defaults }: JobRecord) =>
  options.plan ?? preferences?.applied.plan?.value ?? defaults?.plan ?? 'never'

const lowest = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.min(a, b)

/** A request for the offline designer never calls a model. */
const writerOf = ({ writer }: PipelineDeps, { designer, intent }: Intake): Writer | null =>
  designer.kind === 'offline' || intent.options.designer === 'offline' ? null : writer
