import { Blueprint } from '#contract'
import { lintBlueprint } from '../../blueprint/lint-blueprint.ts'
import { completionFaults } from './completion-faults.ts'
import { dropInvalidExamples } from './drop-invalid-examples.ts'
import { LlmCompletion } from './llm-completion-schema.ts'
import { mergeCompletion } from './merge-completion.ts'
import { describeIssue, faultsOf, fixesOf, readable, type DesignIssue } from './read-design.ts'

export type CompletionReading =
  | {
      readonly kind: 'sound'
      readonly blueprint: Blueprint
      readonly assumptions: string[]
      readonly notUnderstood: string[]
    }
  | { readonly kind: 'faulty'; readonly faults: readonly DesignIssue[] }

/**
 * Adds what a model says to the draft of a document. What would change the document itself is a fault; see `readDesign` for
 * `isFinal`.
 */
export function readCompletion(value: unknown, draft: Blueprint, isFinal: boolean): CompletionReading {
  const parsed = LlmCompletion.safeParse(value)
  if (!parsed.success) return { kind: 'faulty', faults: parsed.error.issues.map(describeIssue) }
  const completion = parsed.data
  const faults = completionFaults(completion, draft)
  if (faults.length > 0) return { kind: 'faulty', faults }

  const { merged, unsaid, unread, added } = mergeCompletion(draft, completion)
  const sound = isFinal ? dropInvalidExamples(merged) : { candidate: merged, dropped: [] }
  const whole = Blueprint.safeParse(sound.candidate)
  if (!whole.success) return { kind: 'faulty', faults: whole.error.issues.map(describeIssue) }
  const { blueprint, diagnostics } = lintBlueprint(whole.data)
  const remaining = faultsOf(diagnostics, unread, isFinal)
  if (remaining.length > 0) return { kind: 'faulty', faults: remaining }
  return {
    kind: 'sound',
    blueprint,
    assumptions: readable([...completion.assumptions, ...added, ...sound.dropped, ...fixesOf(diagnostics)]),
    notUnderstood: readable([...completion.notUnderstood, ...unsaid, ...unread]),
  }
}
