import type { ModelConfig, ModelStage } from './config.ts'

/** What differs from call to call of one server. */
export type RequestSettings = {
  readonly model: string
  /** Upper bound of answer plus reasoning, in tokens; null leaves it to the service. */
  readonly maxOutputTokens: number | null
  /** Null leaves the effort to the model. */
  readonly effort: string | null
}

/** The reasoning effort of a stage; null leaves it to the model. */
export const effortOf = (stage: ModelStage, { stageEfforts, reasoningEffort }: ModelConfig): string | null =>
  stageEfforts[stage] ?? reasoningEffort

/** Families that reason by default, including behind a router's `openai/` prefix. */
const REASONING = /(^|\/)(o[1-9]|gpt-[5-9])/

/**
 * Reasoning tokens to add to the output limit: reasoning counts as output, so a limit without it truncates the answer.
 * Zero for models that do not reason.
 */
export function reasoningAllowance(
  model: string,
  effort: string | null,
  { reasoningTokens }: ModelConfig,
): number {
  const thinks = effort === null ? REASONING.test(model) : effort !== 'none'
  return thinks ? reasoningTokens : 0
}
