import type { PlanEstimate, PlanMode, PlanQuestion } from '#contract'

/** Fewer words of the request for each assumption than this mean that most of the plan was assumed. */
const WORDS_PER_ASSUMPTION = 3
const MANY_ASSUMPTIONS = 4

/**
 * Why a job should show its plan before it builds, in sentences; empty if it should go on. Pure.
 */
export function whyPlan({
  mode,
  isPreferred = false,
  prompt,
  fromDocument,
  assumptions,
  asked,
  estimate,
  limitUsd,
}: {
  readonly mode: Exclude<PlanMode, 'never'>
  /** Whether the mode is that of the channel or workspace. */
  readonly isPreferred?: boolean
  readonly prompt: string
  /** Then the document is the request, and the prompt says little. */
  readonly fromDocument: boolean
  readonly assumptions: readonly string[]
  readonly asked: readonly PlanQuestion[]
  readonly estimate: PlanEstimate
  /** What one job may cost; null without a limit. */
  readonly limitUsd: number | null
}): string[] {
  const words = prompt.split(/\s+/).filter((word) => word !== '').length
  const isAssumed =
    !fromDocument &&
    assumptions.length >= MANY_ASSUMPTIONS &&
    words < assumptions.length * WORDS_PER_ASSUMPTION
  const total = estimate.costUsd === null ? 0 : estimate.costUsd.to + (estimate.spentUsd ?? 0)
  const reasons = [
    ...(asked.length > 0 ? ['The request leaves a decision to you.'] : []),
    ...(isAssumed ? ['Most of this was assumed, because the request says little.'] : []),
    ...(limitUsd !== null && total > limitUsd
      ? [`It may cost up to $${total.toFixed(2)}, and a job may cost at most $${limitUsd.toFixed(2)}.`]
      : []),
  ]
  if (mode !== 'always' || reasons.length > 0) return reasons
  return [isPreferred ? 'Every plan is shown first here.' : 'You asked to see the plan first.']
}
