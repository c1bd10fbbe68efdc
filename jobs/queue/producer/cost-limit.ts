import type { WorkerInfo } from '#contract'
import type { Quotas } from './quotas.ts'

/**
 * Why a cost limit cannot be enforced with these workers, and how to fix it; null when it can, or without a limit. The API
 * reads the limits and each worker its prices, from separate environments. A worker that does not report whether its model
 * has a price counts as unpriced.
 */
export function costLimitProblem(quotas: Quotas, workers: readonly WorkerInfo[]): string | null {
  const limit =
    (quotas.key.costPerDay > 0 && 'LIMIT_KEY_COST_PER_DAY') ||
    (quotas.user.costPerDay > 0 && 'LIMIT_USER_COST_PER_DAY')
  return limit ? unpricedProblem(limit, workers) : null
}

/** The same for any limit; `limit` begins the sentence. */
export function unpricedProblem(limit: string, workers: readonly WorkerInfo[]): string | null {
  const unpriced = workers.find(({ designer, modelPriced }) => designer === 'openai' && modelPriced !== true)
  if (unpriced === undefined) return null
  const model = unpriced.model === undefined ? 'its model' : `the model ${unpriced.model}`
  return `${limit} is set, but the worker ${unpriced.id} does not know what ${model} costs, so nothing it uses would count against the limit. Add the model to OPENAI_PRICES where that worker runs and restart it, or unset the limit.`
}
