import { computeDesignHere, type ComputeDesign } from '../compute-design.ts'
import type { Designer } from '../designer.ts'

/** The designer that reads plain words by rules: no key, no network, equal words give equal blueprints. */
export function makeOfflineDesigner(compute: ComputeDesign = computeDesignHere): Designer {
  return {
    kind: 'offline',
    design: ({ prompt, spec, options }, { signal }) =>
      compute('designFromWords', { prompt, spec, options }, signal),
    refine: ({ prompt, present }, { signal }) => compute('refineFromWords', { prompt, present }, signal),
  }
}
