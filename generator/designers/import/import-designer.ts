import type { ComputeDesign } from '../compute-design.ts'
import type { Designer } from '../designer.ts'

/**
 * The designer for attached documents: their exact routes and schemas, by rules and without a model. Throws an error
 * that says where a document is invalid.
 */
export function makeImportDesigner(compute: ComputeDesign): Designer {
  return {
    kind: 'import',
    design: ({ prompt, spec, options }, { signal }) =>
      compute('designFromDocument', { prompt, spec, options }, signal),
    async refine() {
      throw new Error('an earlier version is refined by words, not by a document')
    },
  }
}
