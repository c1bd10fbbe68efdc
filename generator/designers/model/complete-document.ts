import { randomUUID } from 'node:crypto'
import type { Logger } from '#lib/log'
import { readPrompt } from '#lib/read-prompt'
import { isRetryable } from '../../attempt/failure.ts'
import type { StructuredModel, Turn } from '../../llm/structured-model.ts'
import { computeDesignInProcess, type ComputeDesign } from '../compute-design.ts'
import type { Design, DesignContext, Intent } from '../designer.ts'
import { completeInstructions } from './complete-instructions.ts'
import { describeDraft } from './completion-message.ts'
import { callForDesign, type DesignTask } from './design-call.ts'
import { describeFaults, summaryOf } from './design-message.ts'
import { LlmCompletion } from './llm-completion-schema.ts'

const TASK: DesignTask = {
  instructions: completeInstructions,
  schema: LlmCompletion,
  schemaName: 'document_completion',
  cacheKey: 'document-completion',
}

const completionFaults = readPrompt(new URL('prompts/completion-faults.md', import.meta.url))

/** In characters: a longer document is as long as what most models read at once. */
const MAX_DOCUMENT = 400_000

/** Completes the draft of an attached document by what it and the request mean beyond its schemas. */
export type CompleteDocument = (intent: Intent, draft: Design, context: DesignContext) => Promise<Design>

/**
 * Asks a model for additions, and once more with what does not fit the document. If that does not fit either, the draft
 * stays as it is, and the design says so. Throws only what another attempt may fix, or the signal's reason.
 */
export function makeCompleteDocument(deps: {
  readonly model: StructuredModel
  readonly log: Logger
  /** Creates the lines that enclose untrusted text. */
  readonly marker?: () => string
  readonly compute?: ComputeDesign
}): CompleteDocument {
  const { model, log, marker = randomUUID, compute = computeDesignInProcess } = deps
  return async (intent, draft, context) => {
    const withNote = (note: string): Design => ({ ...draft, assumptions: [...draft.assumptions, note] })
    if ((intent.spec ?? '').length > MAX_DOCUMENT)
      return withNote(
        `The document has more than ${MAX_DOCUMENT.toLocaleString('en')} characters: no model completed it, it is built as its rules and schemas say.`,
      )
    const { blueprint } = draft
    const { signal } = context
    const question: Turn = { role: 'user', text: describeDraft(intent, blueprint, marker) }
    try {
      // Not the message itself: its markers differ each time.
      const first = { doing: 'completing the document', input: [question], key: [intent, blueprint] }
      const value = await callForDesign(model, TASK, first, context)
      let reading = await compute('readCompletion', { value, draft: blueprint, isFinal: false }, signal)
      if (reading.kind === 'faulty') {
        log.info(
          { model: model.name, faults: reading.faults.length },
          'additions are given back to the model',
        )
        const turns: Turn[] = [
          { role: 'assistant', text: JSON.stringify(value) },
          { role: 'user', text: describeFaults(reading.faults, completionFaults) },
        ]
        const second = {
          doing: 'fixing its additions',
          input: [question, ...turns],
          key: [intent, blueprint, value],
        }
        const corrected = await callForDesign(model, TASK, second, context)
        reading = await compute(
          'readCompletion',
          { value: corrected, draft: blueprint, isFinal: true },
          signal,
        )
      }
      if (reading.kind === 'faulty')
        return {
          ...withNote(
            `The document is built as it stands: what ${model.name} added to it did not fit it, also after a correction. ${summaryOf(reading.faults)}`,
          ),
          model: model.name,
        }
      return {
        ...draft,
        blueprint: reading.blueprint,
        assumptions: [...draft.assumptions, ...reading.assumptions],
        notUnderstood: [...draft.notUnderstood, ...reading.notUnderstood],
        model: model.name,
      }
    } catch (error) {
      signal.throwIfAborted()
      if (isRetryable(error) || !(error instanceof Error)) throw error
      log.warn({ error }, 'the document could not be completed by a model')
      return withNote(
        `The document is built as it stands, since ${model.name} could not complete it: ${error.message}`,
      )
    }
  }
}
