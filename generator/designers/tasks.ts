import type { Blueprint } from '#contract'
import { designFromDocument } from './import/design-from-document.ts'
import { designFromText, refineFromText } from './offline/design-from-text.ts'
import { readCompletion } from './model/read-completion.ts'
import { readFurtherExamples } from './model/read-further-examples.ts'
import { readDesign } from './model/read-design.ts'
import { readRefinement } from './model/read-refinement.ts'

/** Design tasks that run in worker threads. */
export const DESIGN_TASKS = {
  designFromDocument,
  designFromText,
  refineFromText,
  readFurtherExamples,
  readDesign: ({
    value,
    options,
    isFinal,
  }: {
    value: unknown
    options: Parameters<typeof readDesign>[1]['options']
    isFinal: boolean
  }) => readDesign(value, { options }, isFinal),
  readCompletion: ({ value, draft, isFinal }: { value: unknown; draft: Blueprint; isFinal: boolean }) =>
    readCompletion(value, draft, isFinal),
  readRefinement: ({ value, present, isFinal }: { value: unknown; present: Blueprint; isFinal: boolean }) =>
    readRefinement(value, present, isFinal),
}
