import type { Logger } from '#lib/log'
import type { StructuredModel, Turn } from '../../llm/structured-model.ts'
import type { ComputeDesign } from '../compute-design.ts'
import { GenerateError } from '../../attempt/failure.ts'
import { callForDesign, type DesignTask } from './design-call.ts'
import { describeFaults, describeRefinement, summaryOf } from './design-message.ts'
import type { Designer } from '../designer.ts'
import { refineInstructions } from './refine-instructions.ts'
import { LlmRefinement } from './llm-refinement-schema.ts'

const TASK: DesignTask = {
  instructions: refineInstructions,
  schema: LlmRefinement,
  schemaName: 'backend_changes',
  cacheKey: 'backend-changes',
}

/**
 * Requests changes from a model, and once more with the problems of the first answer if it has any. Throws a `ModelError`, a
 * `GenerateError` if no answer is valid, or the signal's reason.
 */
export function makeOpenAiRefiner(deps: {
  readonly model: StructuredModel
  readonly log: Logger
  readonly marker: () => string
  readonly compute: ComputeDesign
}): Designer['refine'] {
  const { model, log, marker, compute } = deps
  return async (intent, context) => {
    const { present } = intent
    const { signal } = context
    const question: Turn = { role: 'user', text: describeRefinement(intent, marker) }
    // Not the message itself: its markers differ each time.
    const first = { doing: 'designing the changes', input: [question], key: intent }
    const value = await callForDesign(model, TASK, first, context)
    let reading = await compute('readRefinement', { value, present, isFinal: false }, signal)
    if (reading.kind === 'faulty') {
      log.info({ model: model.name, faults: reading.faults.length }, 'changes are given back to the model')
      const turns: Turn[] = [
        { role: 'assistant', text: JSON.stringify(value) },
        { role: 'user', text: describeFaults(reading.faults) },
      ]
      const second = { doing: 'fixing its changes', input: [question, ...turns], key: [intent, value] }
      const corrected = await callForDesign(model, TASK, second, context)
      reading = await compute('readRefinement', { value: corrected, present, isFinal: true }, signal)
    }
    switch (reading.kind) {
      case 'sound':
        return { ...reading.refinement, model: model.name }
      case 'faulty':
        throw new GenerateError({
          code: 'design_invalid',
          message: `The changes of the model still had faults after a correction: ${summaryOf(reading.faults)}`,
          hint: 'Say it in simpler words, or in smaller parts, and try again.',
        })
    }
  }
}
