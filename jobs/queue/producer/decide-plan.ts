import { isDeepStrictEqual } from 'node:util'
import {
  MAX_PLAN_VERSIONS,
  type JobId,
  type JobOutcome,
  type PlanAnswer,
  type PlanDecision,
  type PlanQuestion,
} from '#contract'
import { decidePlan, readPlanDecision, readPlans, type StoredDecision } from '#store/plans'
import type { JobsContext } from './jobs-context.ts'
import { resumePlanned } from './resume-planned.ts'

export type PlanDecisionResult =
  /** Taken, now or by an equal request before. */
  | { readonly kind: 'taken' }
  | { readonly kind: 'unknown' }
  /** The job has no plan yet, or none at all. */
  | { readonly kind: 'no_plan' }
  /** A newer plan is waiting. */
  | { readonly kind: 'outdated'; readonly newest: number }
  /** An answer does not fit its question. */
  | { readonly kind: 'invalid'; readonly message: string }
  /** The newest plan cannot be changed any more. */
  | { readonly kind: 'too_many' }
  /** Another decision about this plan came first. */
  | { readonly kind: 'decided'; readonly decision: StoredDecision['decision'] }
  | { readonly kind: 'ended'; readonly outcome: JobOutcome }

/**
 * Stores the decision first: the first one about a plan is final, whatever follows it. Then the job is queued, which
 * `recoverJobs` repeats where a crash prevents it. Of a decision and a cancellation the outcome counts. The same `key`
 * decides once, even if the plan has changed meanwhile.
 */
export async function decideOnPlan(
  context: JobsContext,
  jobId: JobId,
  decision: PlanDecision,
  key?: string,
): Promise<PlanDecisionResult> {
  const { store, backend } = context
  if (!(await store.has(jobId))) return { kind: 'unknown' }
  await context.ready()
  const isSame = (held: StoredDecision | null) =>
    held !== null && isDeepStrictEqual(whatIsSaid(held), whatIsSaid(decision))
  const plans = await readPlans(store, jobId)
  const isDelivered = key !== undefined && plans.some((plan) => keyOf(plan.decision) === key)
  const ended = await store.readOutcome(jobId)
  if (isDelivered && ended?.state !== 'cancelled') {
    // A plan that waits for a decision is left alone.
    if (plans.at(-1)!.decision !== null) await resumePlanned(context, jobId)
    return { kind: 'taken' }
  }
  if (ended !== null) {
    const isRepeated =
      ended.state !== 'cancelled' && isSame(await readPlanDecision(store, jobId, decision.version))
    return isRepeated ? { kind: 'taken' } : { kind: 'ended', outcome: ended }
  }
  const newest = plans.at(-1)
  if (newest === undefined || newest.plan.version < decision.version) return { kind: 'no_plan' }
  const isNewest = newest.plan.version === decision.version
  if (isNewest && newest.decision === null && decision.decision === 'change') {
    const fault = answerProblem(newest.questions, decision.answers ?? [])
    if (fault !== null) return { kind: 'invalid', message: fault }
    if (decision.version === MAX_PLAN_VERSIONS) return { kind: 'too_many' }
  }
  const held = isNewest
    ? await decidePlan(store, jobId, decision.version, { ...decision, ...(key !== undefined && { key }) })
    : await readPlanDecision(store, jobId, decision.version)
  if (isNewest) await resumePlanned(context, jobId)
  await backend.flush()
  if (!isSame(held))
    return isNewest
      ? { kind: 'decided', decision: held!.decision }
      : { kind: 'outdated', newest: newest.plan.version }
  const meanwhile = await store.readOutcome(jobId)
  return meanwhile?.state === 'cancelled' ? { kind: 'ended', outcome: meanwhile } : { kind: 'taken' }
}

/** Of two people who say the same, the first one decides. */
const whatIsSaid = (decision: StoredDecision) => ({ ...decision, origin: undefined, key: undefined })

const keyOf = (decision: StoredDecision | null) =>
  decision !== null && 'key' in decision ? decision.key : undefined

function answerProblem(questions: readonly PlanQuestion[], answers: readonly PlanAnswer[]): string | null {
  for (const { question, choice, text } of answers) {
    const asked = questions.find(({ id }) => id === question)
    if (asked === undefined) return `The plan asks no question ${JSON.stringify(question)}.`
    const choices = asked.choices.map(({ id }) => id)
    if (choice !== undefined && !choices.includes(choice))
      return `The choices of ${question} are ${choices.join(', ') || 'none: answer with a text'}.`
    if (text !== undefined && !asked.freeText)
      return `${question} takes one of its choices: ${choices.join(', ')}.`
  }
  return null
}
