import type { ComputeDesign } from '../compute-design.ts'
import type { Design, DesignContext, Designer, Intent } from '../designer.ts'
import { DOCUMENT_LIMITS, type DocumentLimits } from './document-limits.ts'

type Complete = (intent: Intent, draft: Design, context: DesignContext) => Promise<Design>

/**
 * The designer for attached documents: their exact routes and schemas, by rules. What a document with operations means
 * beyond them, a model may add. Throws an error that says where a document is invalid.
 */
export function makeImportDesigner(
  compute: ComputeDesign,
  complete: Complete | null,
  limits: DocumentLimits = DOCUMENT_LIMITS,
): Designer {
  return {
    kind: 'import',
    async design(intent, context) {
      const { prompt, spec, options } = intent
      const draft = await compute('designFromDocument', { prompt, spec, options, limits }, context.signal)
      return complete === null || draft.document === undefined ? draft : complete(intent, draft, context)
    },
    async refine() {
      throw new Error('an earlier version is refined by words, not by a document')
    },
  }
}
