import type { Blueprint, DocumentPart } from '#contract'
import { isRetryable } from '../attempt/failure.ts'
import type { ComputeAll } from '../tasks/compute-all.ts'
import type { ConformancePlan } from '../verify/conformance/plan.ts'

/**
 * The calls that compare a project with its attached document; null without one. A document that is too complex for this
 * is built all the same, and the notice says so.
 */
export async function planConformance(
  { spec, ...given }: { spec: string | null; blueprint: Blueprint; notes: readonly DocumentPart[] },
  { compute, signal }: { readonly compute: ComputeAll; readonly signal: AbortSignal },
): Promise<{ readonly plan: ConformancePlan | null; readonly notices: readonly string[] }> {
  if (spec === null) return { plan: null, notices: [] }
  try {
    return { plan: await compute('planConformance', { spec, ...given }, signal), notices: [] }
  } catch (error) {
    signal.throwIfAborted()
    if (isRetryable(error) || !(error instanceof Error)) throw error
    return { plan: null, notices: [`The answers were not compared with the document: ${error.message}`] }
  }
}
