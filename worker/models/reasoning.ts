import type { ModelConfig, ModelStage } from './config.ts'

/** What differs from call to call of one server. */
export type RequestSettings = {
  readonly model: string
  /** The most that the answer and the thinking before it may take, in tokens; null leaves it to the service. */
  readonly maxOutputTokens: number | null
  /** Null leaves the effort to the model. */
  readonly effort: string | null
}

/** How hard the model is to think in a stage; null leaves it to the model. */
export const effortOf = (stage: ModelStage, { stageEfforts, reasoningEffort }: ModelConfig): string | null =>
  stageEfforts[stage] ?? reasoningEffort

/** Families that think before they answer unless told otherwise, also behind a router's `openai/`. */
const REASONING = /(^|\/)(o[1-9]|gpt-[5-9])/

/**
 * Room for the thinking beside an answer, in tokens: thinking counts as output, and a limit without room for it cuts
 * the answer. None for models that do not think.
 */
export function reasoningAllowance(
  model: string,
  effort: string | null,
  { reasoningTokens }: ModelConfig,
): number {
  const thinks = effort === null ? REASONING.test(model) : effort !== 'none'
  return thinks ? reasoningTokens : 0
}
