import { randomUUID } from 'node:crypto'
import type { Logger } from '#lib/log'
import type { StructuredModel, Turn } from '../../llm/structured-model.ts'
import { computeDesignInProcess, type ComputeDesign } from '../compute-design.ts'
import { GenerateError } from '../../attempt/failure.ts'
import { callForDesign, type DesignTask } from './design-call.ts'
import { designInstructions } from './design-instructions.ts'
import { describeFaults, describeIntent, summaryOf } from './design-message.ts'
import type { Designer } from '../designer.ts'
import { makeOpenAiRefiner } from './openai-refiner.ts'
import { LlmBlueprint } from './llm-schema.ts'

const TASK: DesignTask = {
  instructions: designInstructions,
  schema: LlmBlueprint,
  schemaName: 'backend_design',
  cacheKey: 'backend-design',
}

/**
 * The designer that uses a model: one request, and a second with the problems of the first answer if it has any. Each
 * answer is stored, so that the next attempt does not request it again. Throws a `ModelError`, a `GenerateError` if no
 * answer can be built, or the signal's reason.
 */
export function makeOpenAiDesigner(deps: {
  model: StructuredModel
  log: Logger
  /** Creates the lines that enclose untrusted text. */
  marker?: () => string
  compute?: ComputeDesign
}): Designer {
  const { model, log, marker = randomUUID, compute = computeDesignInProcess } = deps
  return {
    kind: 'openai',
    refine: makeOpenAiRefiner({ model, log, marker, compute }),
    async design(intent, context) {
      const { options } = intent
      const { signal } = context
      const question: Turn = { role: 'user', text: describeIntent(intent, marker) }
      // Not the message itself: its markers differ each time.
      const first = { doing: 'designing', input: [question], key: intent }
      const value = await callForDesign(model, TASK, first, context)
      let reading = await compute('readDesign', { value, options, isFinal: false }, signal)
      if (reading.kind === 'faulty') {
        log.info({ model: model.name, faults: reading.faults.length }, 'a design is given back to the model')
        const answered: Turn = { role: 'assistant', text: JSON.stringify(value) }
        const objection: Turn = { role: 'user', text: describeFaults(reading.faults) }
        const input = [question, answered, objection]
        const second = { doing: 'fixing its design', input, key: [intent, value] }
        const corrected = await callForDesign(model, TASK, second, context)
        reading = await compute('readDesign', { value: corrected, options, isFinal: true }, signal)
      }
      switch (reading.kind) {
        case 'sound':
          return { ...reading.design, model: model.name }
        case 'empty':
          throw new GenerateError({
            code: 'nothing_readable',
            message: 'The model found nothing in the request that a backend could keep.',
            hint: 'Name the things to store and what each of them has: "tasks with a title and a due date".',
          })
        case 'faulty':
          throw new GenerateError({
            code: 'design_invalid',
            message: `The design of the model still had faults after a correction: ${summaryOf(reading.faults)}`,
            hint: 'Say it in simpler words, or in smaller parts, and try again.',
          })
      }
    },
  }
}
