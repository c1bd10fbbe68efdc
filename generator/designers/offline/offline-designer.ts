import { computeDesignInProcess, type ComputeDesign } from '../compute-design.ts'
import type { Designer } from '../designer.ts'

/** The designer for plain English by rules: no key, no network; equal prompts give equal Blueprints. */
export function makeOfflineDesigner(compute: ComputeDesign = computeDesignInProcess): Designer {
  return {
    kind: 'offline',
    design: ({ prompt, spec, options }, { signal }) =>
      compute('designFromText', { prompt, spec, options }, signal),
    refine: ({ prompt, present }, { signal }) => compute('refineFromText', { prompt, present }, signal),
  }
}
