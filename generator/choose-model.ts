import type { JobRecord } from '#contract'
import type { GeneratorConfig } from './config.ts'
import { UNLIMITED_BUDGET, type JobBudget } from './llm/account.ts'
import { noticeOf, type ModelStatus } from './llm/model-status.ts'
import type { StructuredModel } from './llm/structured-model.ts'
import type { ModelWatch } from './llm/watch-model.ts'

/** The model of a job. Equal keys have equal models and notices. */
export type ChosenModel = {
  readonly key: string
  /** Null where no model is configured. */
  readonly model: StructuredModel | null
  /** What the report says of the model; null for nothing. */
  readonly notice: () => string | null
}

/**
 * Chooses the model that a job names, or that its channel or workspace prefers. One that is not allowed here, or that was
 * retired since the job was requested, is not used: the report says so.
 */
export function makeModelChoice(deps: {
  /** Null without a model; then nothing can be chosen. */
  readonly models: ((status: () => ModelStatus) => StructuredModel) | null
  readonly watch: Pick<ModelWatch, 'status'> | null
  /** The configured model. */
  readonly model: StructuredModel | null
  readonly allowed: readonly string[]
}) {
  const { models, watch, model, allowed } = deps
  const isServed = (name: string) => watch !== null && watch.status(name).kind !== 'gone'

  function choose({ options, preferences }: Pick<JobRecord, 'options' | 'preferences'>): ChosenModel {
    const wanted = options.model ?? preferences?.applied.model?.value ?? null
    const usual = () => (watch === null ? null : noticeOf(watch.status()))
    if (wanted === null || models === null || watch === null || model === null)
      return { key: '', model, notice: usual }
    if (allowed.includes(wanted) && isServed(wanted)) {
      const status = () => watch.status(wanted)
      return { key: `use ${wanted}`, model: models(status), notice: () => noticeOf(status()) }
    }
    const notice = () =>
      [`The model ${wanted} can’t be used any more, so ${model.name} was used.`, usual() ?? '']
        .join(' ')
        .trim()
    return { key: `miss ${wanted}`, model, notice }
  }

  /** The allowed models that are not retired. */
  const served = () => allowed.filter(isServed)

  return { choose, served }
}

/** What a job may use: the lower one of the limits of the installation and of its channel or workspace. */
export function budgetOf({ model }: Pick<GeneratorConfig, 'model'>, limitUsd: number | null): JobBudget {
  const budget = model?.budget ?? UNLIMITED_BUDGET
  if (limitUsd === null || (budget.costUsd !== null && budget.costUsd <= limitUsd)) return budget
  return { ...budget, costUsd: limitUsd, isPreferred: true }
}
