import { randomUUID } from 'node:crypto'
import type { Ledger } from '#contract'
import type { Logger } from '#lib/log'
import { addLedgers, noUsage } from '../../models/ledger.ts'
import { ModelError } from '../../models/model-error.ts'
import type { StructuredAnswer, StructuredModel, Turn } from '../../models/structured-model.ts'
import { designInstructions } from './design-instructions.ts'
import { describeFaults, describeIntent } from './design-question.ts'
import type { Designer } from './designer.ts'
import { readDesign, type DesignFault } from './read-design.ts'
import { TransportBlueprint } from './transport-blueprint.ts'

/** The model answered, but with nothing that could be built. `usage` holds what that cost, as in a `ModelError`. */
export class DesignFailure extends Error {
  override readonly name = 'DesignFailure'
  readonly retryable = false
  readonly code: 'design_invalid' | 'nothing_readable'
  readonly hint: string
  readonly usage: Ledger
  constructor(failure: { code: DesignFailure['code']; message: string; hint: string; usage: Ledger }) {
    super(failure.message)
    this.code = failure.code
    this.hint = failure.hint
    this.usage = failure.usage
  }
}

/**
 * The designer that asks a model: one question, and one more with the faults of the first answer if it has any.
 * Throws a `ModelError`, a `DesignFailure`, or the signal's reason.
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
    async design(intent, { signal, onProgress }) {
      let ledger = noUsage
      async function ask(input: readonly Turn[], doing: string): Promise<StructuredAnswer> {
        onProgress(`${model.name} is ${doing}`)
        try {
          const answer = await model.ask({
            instructions: designInstructions,
            input,
            schema: TransportBlueprint,
            schemaName: 'backend_design',
            cacheKey: 'backend-design',
            signal,
            onTokens: everyHundred((tokens) => onProgress(`${model.name} is ${doing}: ${tokens} tokens`)),
          })
          ledger = addLedgers(ledger, answer.usage)
          return answer
        } catch (error) {
          throw error instanceof ModelError ? error.withUsage(addLedgers(ledger, error.usage)) : error
        }
      }

      const question: Turn = { role: 'user', text: describeIntent(intent, marker) }
      const first = await ask([question], 'designing')
      let reading = readDesign(first.value, intent)
      if (reading.kind === 'faulty') {
        log.info({ model: model.name, faults: reading.faults.length }, 'a design is given back to the model')
        const answered: Turn = { role: 'assistant', text: JSON.stringify(first.value) }
        const objection: Turn = { role: 'user', text: describeFaults(reading.faults) }
        const second = await ask([question, answered, objection], 'mending its design')
        reading = readDesign(second.value, intent)
      }
      switch (reading.kind) {
        case 'sound':
          return { ...reading.design, ledger, model: model.name }
        case 'empty':
          throw new DesignFailure({
            code: 'nothing_readable',
            message: 'The model found nothing in the request that a backend could keep.',
            hint: 'Name the things to store and what each of them has: "tasks with a title and a due date".',
            usage: ledger,
          })
        case 'faulty':
          throw new DesignFailure({
            code: 'design_invalid',
            message: `The design of the model still had faults after a correction: ${summary(reading.faults)}`,
            hint: 'Say it in simpler words, or in smaller parts, and try again.',
            usage: ledger,
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

/** Progress is written down wherever it goes, so it comes in steps. */
function everyHundred(report: (tokens: number) => void): (count: number) => void {
  let told = 0
  return (count) => {
    if (count - told < 100) return
    told = count - (count % 100)
    report(told)
  }
}
