import { randomUUID } from 'node:crypto'
import type { Logger } from '#lib/log'
import { z } from 'zod'
import type { StructuredModel, Turn } from '../../models/structured-model.ts'
import { GenerateError } from '../failure.ts'
import { countTokens } from '../count-tokens.ts'
import { designInstructions } from './design-instructions.ts'
import { describeFaults, describeIntent } from './design-question.ts'
import type { Designer } from './designer.ts'
import { readDesign, type DesignFault } from './read-design.ts'
import { TransportBlueprint } from './transport-blueprint.ts'

/** A design of a hundred entities, with the thinking before it, in tokens. */
const MOST_TOKENS = 32_000

const KeptAnswer = z.object({ value: z.unknown() })
type KeptAnswer = z.infer<typeof KeptAnswer>

/**
 * The designer that asks a model: one question, and one more with the faults of the first answer if it has any.
 * Each answer is kept, so that an attempt that takes over does not ask again. Throws a `ModelError`, a `GenerateError`
 * when the model answered with nothing that could be built, or the signal's reason.
 */
export function makeOpenAiDesigner(deps: {
  model: StructuredModel
  log: Logger
  /** Makes the lines that enclose a person's words. */
  marker?: () => string
}): Designer {
  const { model, log, marker = randomUUID } = deps
  return {
    kind: 'openai',
    async design(intent, context) {
      const { once, account, signal, onProgress } = context
      async function ask(doing: string, input: readonly Turn[], key: unknown): Promise<KeptAnswer> {
        const count = countTokens((tokens) =>
          onProgress(
            tokens > 0 ? `${model.name} is ${doing}: ${tokens} tokens` : `${model.name} is ${doing}`,
          ),
        )
        count.tell()
        return once('design-call', [model.name, designInstructions, key], KeptAnswer, async () => {
          const { value } = await model.ask({
            instructions: designInstructions,
            input,
            schema: TransportBlueprint,
            schemaName: 'backend_design',
            cacheKey: 'backend-design',
            mostTokens: MOST_TOKENS,
            signal,
            account,
            onTokens: count.stream(),
          })
          return { value }
        })
      }

      const question: Turn = { role: 'user', text: describeIntent(intent, marker) }
      // Not the question itself: its markers differ each time.
      const first = await ask('designing', [question], intent)
      let reading = readDesign(first.value, intent)
      if (reading.kind === 'faulty') {
        log.info({ model: model.name, faults: reading.faults.length }, 'a design is given back to the model')
        const answered: Turn = { role: 'assistant', text: JSON.stringify(first.value) }
        const objection: Turn = { role: 'user', text: describeFaults(reading.faults) }
        const second = await ask('mending its design', [question, answered, objection], [intent, first.value])
        reading = readDesign(second.value, intent)
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
            message: `The design of the model still had faults after a correction: ${summary(reading.faults)}`,
            hint: 'Say it in simpler words, or in smaller parts, and try again.',
          })
      }
    },
  }
}

function summary(faults: readonly DesignFault[]): string {
  const more = faults.length > 3 ? ` And ${faults.length - 3} more.` : ''
  return `${faults
    .slice(0, 3)
    .map(({ path, what }) => `${path || 'the root'}: ${what}`)
    .join(' ')}${more}`
}
