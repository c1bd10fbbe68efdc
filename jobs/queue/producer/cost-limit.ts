import type { WorkerInfo } from '#contract'
import type { Quotas } from './quotas.ts'

/**
 * Why a limit in dollars cannot hold with these workers, and what to set; null where it can, or where there is none. The API
 * knows its limits and a worker its model and prices, each from an environment of its own. A worker that does not say
 * whether its model has a price is taken for one that does not know it.
 */
export function costLimitFault(quotas: Quotas, workers: readonly WorkerInfo[]): string | null {
  const limit =
    (quotas.key.costPerDay > 0 && 'LIMIT_KEY_COST_PER_DAY') ||
    (quotas.user.costPerDay > 0 && 'LIMIT_USER_COST_PER_DAY')
  if (!limit) return null
  const unpriced = workers.find(({ designer, modelPriced }) => designer === 'openai' && modelPriced !== true)
  if (unpriced === undefined) return null
  const model = unpriced.model === undefined ? 'its model' : `the model ${unpriced.model}`
  return `${limit} is set, but the worker ${unpriced.id} does not know what ${model} costs, so nothing it uses would count against the limit. Add the model to OPENAI_PRICES where that worker runs and restart it, or unset the limit.`
}
