import type { Blueprint } from '#contract'
import { lintBlueprint } from '../../blueprint/lint-blueprint.ts'
import { assemble } from './assemble/assemble.ts'
import { readPrompt } from './read/read-prompt.ts'

export type OfflineDesign = {
  readonly blueprint: Blueprint
  /** Decisions that the prompt left open, as sentences. */
  readonly assumptions: string[]
  /** Phrases of the prompt that no rule could read, as written. */
  readonly notUnderstood: string[]
  /** The share of the prompt's content words that were read, from 0 to 1. */
  readonly coverage: number
}

/** Longer prompts are truncated; the rest is reported as not understood. */
const MAX_PROMPT = 20_000

/**
 * Designs a backend from a plain English prompt by rules: no model, no network; equal prompts give
 * equal designs. `name` and `auth` override the prompt.
 * Throws `DesignError` (`nothing_readable`) if the prompt names no entity, or if most of it could not be read.
 */
export function designOffline(input: {
  prompt: string
  name?: string
  auth?: Blueprint['auth']['kind']
}): OfflineDesign {
  const prompt = input.prompt.slice(0, MAX_PROMPT).toWellFormed()
  const reading = readPrompt(prompt)
  const wishes = {
    ...(input.name !== undefined && { name: input.name.toWellFormed() }),
    ...(input.auth !== undefined && { auth: input.auth }),
  }
  const design = assemble(prompt, reading, wishes)
  const { blueprint, diagnostics } = lintBlueprint(design.blueprint)
  const fixed = diagnostics.filter((diagnostic) => diagnostic.severity === 'fixed')
  const assumptions = [
    ...design.assumptions,
    ...fixed.map((diagnostic) => `${diagnostic.what} ${diagnostic.fix}`),
  ]
  const cut = input.prompt.length > MAX_PROMPT ? [`everything after the first ${MAX_PROMPT} characters`] : []
  const { notUnderstood, coverage } = design
  return { blueprint, assumptions, notUnderstood: [...notUnderstood, ...cut], coverage }
}
