import type { HouseRules, JobId, Plan, PlanMode, PlanQuestion, Progress } from '#contract'
import type { Price } from '#lib/model-prices'
import type { JobStore } from '#store/job-store'
import { createPlan, createPlanDesign, writePlanDiagram, type StoredPlan } from '#store/plans'
import { describeNeverCreated } from '../blueprint/never-created.ts'
import type { Account } from '../llm/account.ts'
import { renderDiagram } from './plan/diagram/render-diagram.ts'
import { estimate } from './plan/estimate.ts'
import { planEntities } from './plan/plan-entities.ts'
import { planRoutes } from './plan/plan-routes.ts'
import { planRules } from './plan/plan-rules.ts'
import { PlannedDesign } from './plan/planned-design.ts'
import { whyPlan } from './plan/why-plan.ts'

/** How this installation plans. */
export type Planning = {
  /** How long a plan waits for a decision, in milliseconds. */
  readonly waitMs: number
  /** Whether the result is compared with the request. */
  readonly reviews: boolean
  /** The model that writes code, and its price; null without one, or if unknown. */
  readonly model: () => { readonly name: string; readonly price: Price | null } | null
  /** What one job may cost in US dollars; null without a limit. */
  readonly limitUsd: number | null
}

/** A design that nobody has looked at yet. */
export type Draft = {
  readonly jobId: JobId
  readonly version: number
  readonly mode: Exclude<PlanMode, 'never'>
  /** Whether the mode is that of the channel or workspace. */
  readonly isPreferred: boolean
  /** What this job may cost in US dollars; null without a limit. */
  readonly limitUsd: number | null
  readonly houseRules: HouseRules | null
  readonly prompt: string
  readonly fromDocument: boolean
  readonly design: PlannedDesign
  /** What the design asks, which is a reason to stop. */
  readonly asked: readonly PlanQuestion[]
  /** All that the plan asks. */
  readonly questions: readonly PlanQuestion[]
  /** Whether a model will write what the design leaves to code. */
  readonly isWritten: boolean
}

/**
 * Stores the plan of a design where a person should look first, and returns it; null where the job goes on. The design that
 * was stored first for this version counts, so that an approval builds what was shown.
 */
export async function plan(
  draft: Draft,
  context: {
    readonly store: Pick<JobStore, 'readCheckpoint' | 'createCheckpoint' | 'writeCheckpoint'>
    readonly account: Account
    readonly planning: Planning
    readonly progress: () => Progress
    readonly now: () => number
  },
): Promise<StoredPlan | null> {
  const { store, planning, now } = context
  const { jobId, version } = draft
  const reasons = version > 1 ? ['You changed the plan.'] : reasonsOf(draft, context)
  if (reasons.length === 0) return null

  const design = PlannedDesign.parse(await createPlanDesign(store, jobId, version, draft.design))
  const { blueprint, assumptions, notUnderstood } = design
  const entities = planEntities(blueprint)
  await writePlanDiagram(store, jobId, version, renderDiagram(blueprint.title, entities))
  const createdAt = now()
  const shown: Plan = {
    version,
    createdAt: new Date(createdAt).toISOString(),
    expiresAt: new Date(createdAt + planning.waitMs).toISOString(),
    reasons,
    title: blueprint.title,
    name: blueprint.name,
    entities,
    routes: planRoutes(blueprint),
    rules: planRules(blueprint),
    ...(draft.houseRules && { houseRules: draft.houseRules }),
    assumptions,
    notUnderstood: [...notUnderstood, ...describeNeverCreated(blueprint)],
    estimate: estimateOf({ ...draft, design }, context),
    diagramUrl: `/jobs/${jobId}/plan/diagram?version=${version}`,
  }
  return createPlan(store, jobId, {
    plan: shown,
    questions: [...draft.questions],
    progress: context.progress(),
  })
}

type Context = { readonly account: Account; readonly planning: Planning }

function reasonsOf(draft: Draft, context: Context): string[] {
  const { mode, isPreferred, prompt, fromDocument, asked, limitUsd } = draft
  const { assumptions } = draft.design
  const given = { mode, isPreferred, prompt, fromDocument, assumptions, asked, limitUsd }
  return whyPlan({ ...given, estimate: estimateOf(draft, context) })
}

function estimateOf({ design, isWritten }: Draft, { account, planning }: Context) {
  const model = isWritten ? planning.model() : null
  return estimate({
    blueprint: design.blueprint,
    model: model?.name ?? null,
    price: model?.price ?? null,
    reviews: planning.reviews && design.model !== null,
    spent: account.spent(),
  })
}
